"""How each line to a counterpart does: local, kept for the desk, never part of the record."""

from __future__ import annotations

from django.db import models


class LineReport(models.Model):
    """Local: the last word about the line to one counterpart."""

    party = models.CharField(max_length=40, unique=True)
    tried_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    because = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.party
