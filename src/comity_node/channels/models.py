"""Channels as they stand: a projection of the register."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Channel(models.Model):
    """Projection: one channel, from its opening entries. ``comity rebuild`` derives it anew.

    ``suspended`` lists the suspensions that last: ``ref``, ``party``, ``at`` and ``topics`` of each.
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

    class Meta:
        ordering: ClassVar = ["proposed_at", "channel"]

    def __str__(self) -> str:
        return self.channel
