"""Lists of protected objects as they stand; and local: our own lists with their salts, who opened what."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class ProtectedList(models.Model):
    """Projection: one list, folded from the entries of both logs.

    ``version`` is the entry of the version in force, ``number`` how many were declared. ``content`` says
    whether what that version says could be read: held, none, erased or unreadable; ``doubt`` why not, or that
    what is shown is not what was committed to. ``objects`` counts what is shown of the version in force.
    Where it is declared to several, ``state`` is as it concerns us: our own course, or the least far of all.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    entry = models.CharField(max_length=120)
    declarer = models.CharField(max_length=40)
    ours = models.BooleanField()
    declared_at = models.DateTimeField()
    last_at = models.DateTimeField()
    version = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    sort = models.CharField(max_length=12)
    root = models.CharField(max_length=64)
    leaves = models.BigIntegerField()
    valid_from = models.CharField(max_length=10, blank=True)
    valid_until = models.CharField(max_length=10, blank=True)
    sought = models.JSONField(default=list)
    title = models.CharField(max_length=200, blank=True)
    purpose = models.TextField(blank=True)
    content = models.CharField(max_length=12)
    doubt = models.TextField(blank=True)
    objects_shown = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    final = models.BooleanField()
    irregular = models.PositiveIntegerField(default=0)
    exercise = models.BooleanField()
    due_at = models.DateTimeField(null=True)
    due_side = models.CharField(max_length=6, blank=True)
    due_label = models.CharField(max_length=200, blank=True)
    due_basis = models.CharField(max_length=200, blank=True)
    due_verified = models.CharField(max_length=1, blank=True)
    due_warn = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-declared_at", "channel", "ref"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref"], name="one_list_of_a_reference"),
        ]

    def __str__(self) -> str:
        return self.ref


class Undertaken(models.Model):
    """Projection: what one of the parties a list was declared to undertook, and whether it still holds it.

    ``bound_by`` is the act by which it is bound now, ``version`` the entry that act names. ``disposed`` is
    the act by which it certified last that it returned or destroyed something, ``how`` which of both.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    party = models.CharField(max_length=40)
    state = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    undertaking = models.JSONField(default=list)
    bound_by = models.CharField(max_length=120, blank=True)
    version = models.CharField(max_length=120, blank=True)
    in_part = models.BooleanField(default=False)
    disposal_asked = models.CharField(max_length=120, blank=True)
    disposed = models.CharField(max_length=120, blank=True)
    disposed_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering: ClassVar = ["channel", "ref", "party"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref", "party"], name="one_undertaking_of_a_party"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.party}"


class ListedObject(models.Model):
    """Projection: one object that is shown on the record: by the version of a list in force, or by a reveal.

    ``source`` is the entry that shows it, ``place`` where it stands there, ``version`` the entry of the
    version it is on. ``doubt`` says why nothing shows that it was on that version; empty where it is proven.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    source = models.CharField(max_length=120)
    place = models.PositiveIntegerField()
    version = models.CharField(max_length=120)
    ours = models.BooleanField()
    revealed = models.BooleanField()
    leaf = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=300)
    sector = models.CharField(max_length=40)
    said = models.JSONField(default=dict)
    doubt = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["channel", "ref", "source", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "ref", "source", "place"], name="one_object_at_a_place"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["name"], name="object_by_name")]

    def __str__(self) -> str:
        return self.name


class ListedValue(models.Model):
    """Projection: one value by which an object shown on the record is found."""

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    source = models.CharField(max_length=120)
    place = models.PositiveIntegerField()
    sort = models.CharField(max_length=12)
    value = models.CharField(max_length=300)
    low = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "ref", "source", "place", "sort", "value"], name="one_value_of_an_object"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sort", "value"], name="object_by_value"),
            models.Index(fields=["sort", "low"], name="object_by_network"),
        ]

    def __str__(self) -> str:
        return self.value


class Keeping(models.Model):
    """Local: a list of ours with the salts that were drawn for it. Nobody else has those of one not shown.

    It is kept before it is declared, and from then on for as long as the node stands: without it nothing of
    the list can be revealed. ``document`` has objects, salts and padding. ``is_first`` is set of what opened
    its reference here: of two lists written down at one instant, only one can have it.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    is_first = models.BooleanField(default=False)
    root = models.CharField(max_length=64, unique=True)
    leaves = models.BigIntegerField()
    sort = models.CharField(max_length=12)
    stated = models.JSONField()
    title = models.CharField(max_length=200)
    purpose = models.TextField()
    document = models.JSONField()
    official = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ref"], condition=models.Q(is_first=True), name="one_list_opens_a_reference"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["channel", "ref"], name="keeping_by_ref")]

    def __str__(self) -> str:
        return f"{self.ref} {self.root[:8]}"


class KeptValue(models.Model):
    """Local: one value by which an object of a list we keep is found, shown to anybody or not."""

    keeping = models.ForeignKey(Keeping, on_delete=models.CASCADE, related_name="values")
    place = models.PositiveIntegerField()
    sort = models.CharField(max_length=12)
    value = models.CharField(max_length=300)
    low = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["sort", "value"], name="kept_by_value"),
            models.Index(fields=["sort", "low"], name="kept_by_network"),
        ]

    def __str__(self) -> str:
        return self.value


class Visit(models.Model):
    """Local: an official opened a list or one object of it, or took a proof away, and why. Append-only.

    On demand the other side is told how often each office did, by day: never who.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    what = models.CharField(max_length=12)
    leaf = models.CharField(max_length=64, blank=True)
    official = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=120)
    why = models.CharField(max_length=500)
    alert = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["channel", "ref", "at"], name="visit_by_list")]

    def __str__(self) -> str:
        return f"{self.ref} {self.office}"
