"""Exhibits and their chain of custody, as projections; files taken in and arrivals under way, as local."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Exhibit(models.Model):
    """Projection: one exhibit as its providing Party announced it, and where its custody stands.

    ``malformed`` says why an announcement could not be read; such an exhibit is shown and never fetched.
    ``limits`` bind its use, ``allowed`` lists other uses that were permitted, ``asked`` those nobody has
    answered; ``due_at`` is when the next of its clocks ends, ``due_side`` whose that is, ours or theirs.

    Where several parties receive it, all of this is as it concerns us: by our own course if we receive it,
    and by all of them if we do not. ``receiver`` is then ourselves, or the first of them.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    entry = models.CharField(max_length=120)
    provider = models.CharField(max_length=40)
    receiver = models.CharField(max_length=40)
    added_at = models.DateTimeField()
    office = models.CharField(max_length=120)
    state = models.CharField(max_length=20)
    malformed = models.TextField(blank=True)
    object = models.CharField(max_length=64, blank=True, db_index=True)
    name = models.TextField(blank=True)
    media_type = models.CharField(max_length=300, blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    sealed_size = models.BigIntegerField(default=0)
    description = models.TextField(blank=True)
    taken_where = models.CharField(max_length=300, blank=True)
    taken_at = models.CharField(max_length=300, blank=True)
    taken_by = models.CharField(max_length=300, blank=True)
    request = models.CharField(max_length=300, blank=True)
    statement = models.TextField(blank=True)
    tlp = models.CharField(max_length=20, blank=True)
    pap = models.CharField(max_length=20, blank=True)
    limits = models.JSONField(default=list)
    allowed = models.JSONField(default=list)
    asked = models.JSONField(default=list)
    due_at = models.DateTimeField(null=True)
    due_side = models.CharField(max_length=6, blank=True)
    due_label = models.CharField(max_length=200, blank=True)
    due_basis = models.CharField(max_length=200, blank=True)
    due_verified = models.CharField(max_length=1, blank=True)
    due_warn = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-added_at", "channel", "ref"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref"], name="one_exhibit_of_a_reference"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_side", "due_at"],
                name="exhibit_by_clock",
                condition=models.Q(due_at__isnull=False),
            ),
            models.Index(fields=["channel", "object"], name="exhibits_of_a_file"),
        ]

    def __str__(self) -> str:
        return self.ref


class Holding(models.Model):
    """Projection: where the custody of an exhibit stands with one of the parties that receive it."""

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    party = models.CharField(max_length=40)
    state = models.CharField(max_length=20)
    limits = models.JSONField(default=list)
    allowed = models.JSONField(default=list)
    asked = models.JSONField(default=list)
    stated_at = models.DateTimeField(null=True)
    entry = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["channel", "ref", "party"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref", "party"], name="one_holding_of_a_party"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.party}"


class CustodyStep(models.Model):
    """Projection: one act in an exhibit's chain of custody, by either side, in the order both read it.

    Exhibit and step are linked by channel and reference, so that rebuilding gives the same rows.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    place = models.PositiveIntegerField()
    entry = models.CharField(max_length=120)
    act = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    party = models.CharField(max_length=40)
    office = models.CharField(max_length=120)
    capacity = models.CharField(max_length=120)
    second_office = models.CharField(max_length=120, blank=True)
    second_capacity = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    receipted_at = models.DateTimeField(null=True)
    basis = models.CharField(max_length=300, blank=True)
    verified = models.CharField(max_length=4, blank=True)
    irregular = models.TextField(blank=True)
    unreadable = models.TextField(blank=True)
    said = models.JSONField(default=dict)
    stated = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["channel", "ref", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref", "place"], name="one_step_at_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.act}"


class Intake(models.Model):
    """Local: a file taken in and sealed here, not yet announced. ``entry`` is set once it is on record.

    ``sealed_to`` are the parties that can open it; empty for one sealed before there were channels of many.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64, unique=True)
    document = models.JSONField()
    limits = models.JSONField(default=list)
    sealed_to = models.JSONField(default=list)
    official = models.ForeignKey("officials.Official", on_delete=models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField(db_default=Now())
    entry = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.ref


class Arrival(models.Model):
    """Local: how far the fetching of a counterpart's exhibit has come.

    ``idle`` counts attempts in a row that brought no byte; each doubles the wait until ``again_at``.
    ``strikes`` counts those among them that brought bytes which are not what was sealed: after three, what
    came is held not to be what was announced.

    ``brought_by`` are members other than its provider that gave some of what is here: it is evidence of
    nothing against the provider. ``distrusted`` gave what was not announced, and are not asked again.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    bytes_here = models.BigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    idle = models.PositiveIntegerField(default=0)
    strikes = models.PositiveSmallIntegerField(default=0)
    again_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    last_at = models.DateTimeField(null=True)
    brought_by = models.JSONField(default=list)
    distrusted = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref"], name="one_arrival_of_an_exhibit"),
        ]

    def __str__(self) -> str:
        return self.ref
