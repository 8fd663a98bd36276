"""How each line to a counterpart does: local, kept for the desk, never part of the record."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class LineReport(models.Model):
    """Local: the last word about the line to one counterpart.

    ``heard_at`` is when its node answered last, whatever it answered: None where it never did.
    """

    party = models.CharField(max_length=40, unique=True)
    first_tried_at = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    because = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.party

    @property
    def was_refused(self) -> bool:
        """Whether an answer came last and something was refused, by it or of it; not that none came."""
        return bool(self.because) and self.heard_at == self.tried_at
