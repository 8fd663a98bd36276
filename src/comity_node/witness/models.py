"""What this node remembers as a witness. Forgetting a log would let it sign that log's past twice."""

from __future__ import annotations

from django.db import models


class WitnessedLog(models.Model):
    """The last checkpoint cosigned for a log. Moves forward by compare-and-set; never removed."""

    origin = models.CharField(max_length=120, unique=True)
    size = models.BigIntegerField(default=0)
    note = models.BinaryField(default=bytes)
    cosigned_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.origin
