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
    """Two officers compared a passport's fingerprint over another path. Append-only, by trigger.

    Where our rule lets introductions stand in, the row says so: nobody compared, and ``with_whom`` names who
    vouched.
    """

    class Path(models.TextChoices):
        """How the two were connected."""

        IN_PERSON = "in person", "in person"
        TELEPHONE = "telephone", "by telephone, on a number known before"
        VIDEO = "video", "by video, each knowing the other's face"
        INTRODUCTION = "introduction", "not compared: introduced by others"

    passport = models.ForeignKey(Passport, on_delete=models.PROTECT, related_name="ceremonies")
    agreed = models.BooleanField()
    path = models.CharField(max_length=16, choices=Path.choices)
    with_whom = models.CharField(max_length=200)
    office = models.CharField(max_length=64)
    held_by = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.passport}: {'agreed' if self.agreed else 'differed'}"


class Introduction(models.Model):
    """A third party's word on whose keys a passport holds, or ours to a third. Append-only, by trigger."""

    introducer = models.CharField(max_length=40, db_index=True)
    party = models.CharField(max_length=40, db_index=True)
    to = models.CharField(max_length=40)
    passport = models.ForeignKey(Passport, on_delete=models.PROTECT, related_name="introductions")
    ours = models.BooleanField()
    sha256 = models.CharField(max_length=64, unique=True)
    note = models.BinaryField()
    stored_at = models.DateTimeField(db_default=Now())
    stored_by = models.ForeignKey(Official, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.party} introduced by {self.introducer} to {self.to}"


class Counterpart(models.Model):
    """A party this node trusts: the passport in force, and the ceremony its trust goes back to."""

    party = models.CharField(max_length=40, unique=True)
    passport = models.ForeignKey(Passport, on_delete=models.PROTECT, related_name="+")
    ceremony = models.ForeignKey(Ceremony, on_delete=models.PROTECT, related_name="+")
    is_stopped = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.party

    @property
    def is_introduced(self) -> bool:
        """Whether it is dealt with on introductions, and nobody here ever compared its fingerprint."""
        return self.ceremony.path == Ceremony.Path.INTRODUCTION


class ClockSeen(models.Model):
    """Local: how the clock of one counterpart or witness stood against ours, in seconds ahead of it."""

    name = models.CharField(max_length=120, unique=True)
    ahead = models.FloatField()
    within = models.FloatField()
    recent = models.JSONField()
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
