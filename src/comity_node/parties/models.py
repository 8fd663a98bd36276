"""Local: which facts about the Parties to an instrument this node took, when, from where, and by whom.

Nothing of it is sent, and no record is judged by it; it decides what this node begins in earnest.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from comity_node.officials.models import Official


class Taken(models.Model):
    """Local: what is in use for one instrument from then on. Append-only, by trigger.

    Attributes:
        number: Counts the decisions on one instrument; two cannot be made on the same footing.
        text: The file, letter for letter, with plain line ends; empty where what ships is used again.
        before: The decision whose text this one took the place of, where the node had one in use.
        taken_back: It ends the use of a later text.
    """

    instrument = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    as_of = models.DateField(null=True)
    source = models.CharField(max_length=300, blank=True)
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    taken_back = models.BooleanField(default=False)
    by = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["instrument", "number"], name="one_decision_of_a_number"),
        ]

    def __str__(self) -> str:
        what = f"of {self.as_of}, {self.sha256}" if self.text else "as shipped"
        return f"{self.instrument} {what}"
