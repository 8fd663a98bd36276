"""Passports received and issued, ceremonies held, and whom this node trusts as a result.

Passports and ceremonies only ever grow; :class:`Counterpart` says which passport is in force now.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from comity_node.officials.models import Official


class Passport(models.Model):
    """One version of a party's passport, as its file. Append-only, by trigger."""

    party = models.CharField(max_length=40, db_index=True)
    version = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)
    note = models.BinaryField()
    ours = models.BooleanField()
    stored_at = models.DateTimeField(db_default=Now())
    stored_by = models.ForeignKey(Official, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version"], condition=models.Q(ours=True), name="one_own_passport_of_a_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} version {self.version}"


class Ceremony(models.Model):
    """Two officers compared a passport's fingerprint over another path. Append-only, by trigger."""

    class Path(models.TextChoices):
        """How the two were connected."""

        IN_PERSON = "in person", "in person"
        TELEPHONE = "telephone", "by telephone, on a number known before"
        VIDEO = "video", "by video, each knowing the other's face"

    passport = models.ForeignKey(Passport, on_delete=models.PROTECT, related_name="ceremonies")
    agreed = models.BooleanField()
    path = models.CharField(max_length=16, choices=Path.choices)
    with_whom = models.CharField(max_length=200)
    office = models.CharField(max_length=64)
    held_by = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.passport}: {'agreed' if self.agreed else 'differed'}"


class Counterpart(models.Model):
    """A party this node trusts: the passport in force, and the ceremony its trust goes back to."""

    party = models.CharField(max_length=40, unique=True)
    passport = models.ForeignKey(Passport, on_delete=models.PROTECT, related_name="+")
    ceremony = models.ForeignKey(Ceremony, on_delete=models.PROTECT, related_name="+")
    is_stopped = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.party
