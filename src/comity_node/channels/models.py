"""Channels as they stand: a projection of the register."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Channel(models.Model):
    """Projection: one channel, from its opening entries. ``comity rebuild`` derives it anew.

    ``counterpart`` is the other party, the first of them where there are several; ``parties`` lists all, ours
    among them, as ``party`` and ``place``: the proposing one first, in the order in which they were invited.
    ``suspended`` lists the suspensions that last and that we are a side of: ``ref``, ``party``, ``towards``,
    ``at`` and ``topics`` of each; ``suspended_elsewhere`` those between two others, which hold up nothing of
    ours; ``amendments``, ``notices`` and ``closings`` what else became of the charter, in order. ``ends_on``
    is the day from which a notice that was not taken back has effect; ``succeeds`` the channel it says it
    takes up from, ``within`` the channel of many it says it is between some of. ``purpose`` and
    ``instruments`` are as amended; ``charter`` is as it was signed.
    """

    channel = models.CharField(max_length=32, unique=True)
    counterpart = models.CharField(max_length=40)
    proposed_by = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    purpose = models.TextField()
    charter = models.JSONField()
    answer = models.JSONField()
    instruments = models.JSONField()
    opened_at = models.DateTimeField(null=True)
    proposed_at = models.DateTimeField()
    exercise = models.BooleanField()
    irregular = models.PositiveIntegerField()
    suspended = models.JSONField(default=list)
    suspended_elsewhere = models.JSONField(default=list)
    amendments = models.JSONField(default=list)
    notices = models.JSONField(default=list)
    closings = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    coordinators = models.JSONField(default=dict)
    ends_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    succeeds = models.CharField(max_length=32, blank=True)
    within = models.CharField(max_length=32, blank=True)
    parties = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["proposed_at", "channel"]

    def __str__(self) -> str:
        return self.channel

    @property
    def many(self) -> bool:
        """Whether it was proposed to more than one party."""
        return len(self.parties) > 2

    @property
    def name(self) -> str:
        """Its name for people: its purpose's first line, else its id."""
        return self.purpose.strip().split("\n")[0][:80] or self.channel

    @property
    def others(self) -> list[str]:
        """The other parties that are in it or asked; where none is, those it was with."""
        parties = [one for one in self.parties if one["party"] != settings.NODE.party]
        here = [one["party"] for one in parties if one["place"] != "gone"]
        return here or [one["party"] for one in parties]

    @property
    def members(self) -> set[str]:
        """The parties that are in it now."""
        return {one["party"] for one in self.parties if one["place"] == "member"}

    @property
    def everyone(self) -> set[str]:
        """The parties it was proposed between, whatever place each has now."""
        return {one["party"] for one in self.parties}
