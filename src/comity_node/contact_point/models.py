"""Contact points as they are listed, what was said of each, and checks: all projected from the record."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ContactPoint(models.Model):
    """Projection: one contact point in one channel. ``comity rebuild`` derives it anew.

    ``said`` is what was said of it last that can be read, by the entry ``entry``; ``unreadable`` says why a
    later version cannot. ``told`` are the parties it was listed to. ``sure_at`` is when its owner last said
    what is so now; ``ways_changed_at`` when the ways to reach it last changed, and ``ways_seconded`` whether
    two offices signed for the ways it is reached now. ``doubted_at`` is set while nothing was said since
    another party found that it does not answer.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    party = models.CharField(max_length=40)
    ours = models.BooleanField()
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    told = models.JSONField(default=list)
    entry = models.CharField(max_length=120)
    said = models.JSONField(default=dict)
    version = models.IntegerField(default=0)
    unreadable = models.TextField(blank=True)
    sure_at = models.DateTimeField()
    confirm_by = models.DateTimeField(null=True)
    ways_changed_at = models.DateTimeField(null=True)
    ways_entry = models.CharField(max_length=120, blank=True)
    ways_seconded = models.BooleanField(default=True)
    doubted_at = models.DateTimeField(null=True)
    doubted_by = models.CharField(max_length=40, blank=True)
    doubted_entry = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["party", "ref", "channel"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref"], name="one_point_of_a_reference"),
        ]
        indexes: ClassVar = [models.Index(fields=["party", "state"], name="point_by_party")]

    def __str__(self) -> str:
        return f"{self.channel} {self.ref}"


class PointVersion(models.Model):
    """Projection: one entry about a point, with what it says as far as it can be read."""

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    place = models.IntegerField()
    entry = models.CharField(max_length=120)
    act = models.CharField(max_length=40)
    label = models.TextField()
    party = models.CharField(max_length=40)
    by = models.TextField()
    seconded_by = models.TextField(blank=True)
    at = models.DateTimeField()
    receipted_at = models.DateTimeField(null=True)
    changed = models.JSONField(default=list)
    irregular = models.TextField(blank=True)
    unreadable = models.TextField(blank=True)
    said = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref", "place"], name="one_version_of_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.act}"


class ContactCheck(models.Model):
    """Projection: one communication check as it went with one of the parties it was asked of.

    ``seconds`` is the round trip: from the time of the asking entry to the asking party's receipt for the
    answer, both by the asking party's clock. It is empty until there is such a receipt.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    asker = models.CharField(max_length=40)
    party = models.CharField(max_length=40)
    sort = models.CharField(max_length=20)
    at_kind = models.CharField(max_length=20)
    announced = models.BooleanField()
    state = models.CharField(max_length=20)
    final = models.BooleanField()
    asked_entry = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    receipted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    answered_entry = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.TextField(blank=True)
    by_node = models.BooleanField(default=False)
    seconds = models.IntegerField(null=True)
    missed_entry = models.CharField(max_length=120, blank=True)
    missed_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=20, blank=True)
    explained_entry = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "channel", "ref", "party"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref", "party"], name="one_check_of_a_party"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["final", "party"], name="check_open_of_party"),
            models.Index(fields=["asker", "party", "asked_at"], name="check_between"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.ref} {self.party}"
