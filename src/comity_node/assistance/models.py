"""Requests as they stand, and drafts that nobody else has seen."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Request(models.Model):
    """Projection: one request, folded from the entries of both logs. ``comity rebuild`` derives it anew.

    ``kinds`` is what the kinds of its entries begin with, ``procedure`` its table within the instrument.
    ``state`` is empty while nothing regular has opened the request. ``types`` are those of assistance; of an
    offer, what is offered. ``content`` says whether the payload of the opening entry could be read: held,
    none, erased or unreadable; ``said_by`` lists the entries whose payloads gave title and exhibits.
    ``stage`` is how far execution has come, as the requested party reported last. ``lodged`` counts the acts
    that wait for their author's word after a suspension; ``suspended`` says that its topic is suspended now.
    ``turn`` is the party that moves next; ``due_side`` whose clock runs, ours or theirs. ``unanswered`` says
    since when that party has left an entry unanswered to which it owes no answer; ``terms`` lists what was
    agreed for a resumption and is not settled; ``positions`` the entry in which each party's position
    stands. ``arose_from`` is the entry that its opening answers, as that of an alert it arose from.
    ``severity`` is how grave an alert is, 0 to 5, as its author says now, and ``severity_here`` as the other
    side does.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    kinds = models.CharField(max_length=60)
    procedure = models.CharField(max_length=60)
    title = models.TextField()
    content = models.CharField(max_length=12)
    said_by = models.JSONField()
    requesting = models.CharField(max_length=40)
    requested = models.CharField(max_length=40)
    ours = models.BooleanField()
    types = models.JSONField()
    state = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    final = models.BooleanField()
    turn = models.CharField(max_length=40)
    instrument = models.CharField(max_length=60)
    edition = models.CharField(max_length=60)
    table = models.CharField(max_length=64)
    basis = models.CharField(max_length=200)
    verified = models.CharField(max_length=1)
    lodged_at = models.DateTimeField()
    receipted_at = models.DateTimeField(null=True)
    last_act = models.CharField(max_length=200)
    last_entry = models.CharField(max_length=120)
    last_party = models.CharField(max_length=40)
    last_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    due_for = models.CharField(max_length=40, blank=True)
    due_side = models.CharField(max_length=6, blank=True)
    due_kind = models.CharField(max_length=12, blank=True)
    due_label = models.CharField(max_length=200, blank=True)
    due_basis = models.CharField(max_length=200, blank=True)
    due_verified = models.CharField(max_length=1, blank=True)
    due_warn = models.JSONField(default=list)
    exercise = models.BooleanField()
    unreceipted = models.PositiveIntegerField()
    irregular = models.PositiveIntegerField()
    lodged = models.PositiveIntegerField(default=0)
    suspended = models.BooleanField(default=False)
    conditions = models.JSONField()
    unanswered = models.JSONField(default=dict)
    terms = models.JSONField(default=list)
    positions = models.JSONField(default=dict)
    stage = models.CharField(max_length=60, blank=True)
    arose_from = models.CharField(max_length=120, blank=True)
    severity = models.PositiveSmallIntegerField(null=True)
    severity_here = models.PositiveSmallIntegerField(null=True)
    exhibits = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref", "kinds"], name="one_request_of_a_reference"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["last_at", "id"], name="request_by_last_entry"),
            models.Index(fields=["state", "last_at"], name="request_by_state"),
            models.Index(fields=["final", "last_at"], name="request_by_end"),
            models.Index(fields=["ours", "last_at"], name="request_by_side"),
            models.Index(fields=["title", "ref"], name="request_by_words"),
            models.Index(fields=["requesting", "id"], name="request_by_party"),
            models.Index(fields=["basis", "id"], name="request_by_basis"),
            models.Index(fields=["label", "id"], name="request_by_label"),
            models.Index(fields=["due_at", "id"], name="request_by_due"),
            models.Index(fields=["ref"], name="request_by_ref"),
            models.Index(fields=["kinds", "last_at"], name="request_by_kinds"),
            models.Index(fields=["arose_from"], name="request_by_source", condition=~models.Q(arose_from="")),
            models.Index(
                fields=["final", "-severity", "last_at"],
                name="request_by_severity",
                condition=models.Q(severity__isnull=False),
            ),
            models.Index(fields=["turn", "due_at", "last_at"], name="request_by_turn"),
            models.Index(
                fields=["due_side", "due_at"],
                name="request_by_clock",
                condition=models.Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["last_at"], name="request_unreceipted", condition=models.Q(unreceipted__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class Translation(models.Model):
    """Projection: which entry a translation attached later is of. ``comity rebuild`` derives it anew.

    ``entry`` attached it, as the procedure ``ref``; ``index`` is its place in the log of its ``party``.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    translated = models.CharField(max_length=120)
    party = models.CharField(max_length=40)
    entry = models.CharField(max_length=120)
    index = models.PositiveBigIntegerField()
    is_certified = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref"], name="one_translation_of_a_reference"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["channel", "translated", "party", "-is_certified", "-index"],
                name="translation_by_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} of {self.translated}"


class Comparison(models.Model):
    """Projection: one comparison of a text with the authentic one. ``comity rebuild`` derives it anew.

    ``digest`` is that of the text compared; ``rule`` the one statement compared, as its author wrote it, and
    empty for the whole; ``at`` when its record was opened. ``state`` is empty while nothing regular has.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    party = models.CharField(max_length=40)
    other = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    rule = models.CharField(max_length=200, blank=True)
    compared_on = models.DateField(null=True)
    agrees = models.BooleanField()
    state = models.CharField(max_length=60, blank=True)
    label = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref"], name="one_comparison_of_a_reference"),
        ]
        indexes: ClassVar = [models.Index(fields=["channel", "at"], name="comparison_by_channel")]

    def __str__(self) -> str:
        return self.ref


class Draft(models.Model):
    """Local: a request being written. It never leaves the node, and rebuilding does not touch it.

    ``act`` is the one it becomes, of those that open its procedure; ``requested`` the party it is for.
    ``affected`` names protected objects, each by the entry of its list and its leaf. ``arose_from`` is the
    entry that raised the alert it arose from, if it did.
    It is open while neither ``prepared`` (a second officer has it) nor ``entry`` (it is on record) is set.
    """

    channel = models.CharField(max_length=32)
    requested = models.CharField(max_length=40, blank=True)
    ref = models.CharField(max_length=64, unique=True)
    instrument = models.CharField(max_length=60)
    procedure = models.CharField(max_length=60)
    act = models.CharField(max_length=60)
    title = models.CharField(max_length=300, blank=True)
    types = models.JSONField(default=list)
    stated = models.JSONField(default=dict)
    language = models.CharField(max_length=35, default="en")
    fields = models.JSONField(default=dict)
    translation_language = models.CharField(max_length=35, blank=True)
    translation = models.JSONField(default=dict)
    translated_by = models.JSONField(default=dict)
    exhibits = models.JSONField(default=list)
    marking = models.JSONField(default=dict)
    affected = models.JSONField(default=list)
    arose_from = models.CharField(max_length=120, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)
    prepared = models.ForeignKey(
        "officials.PreparedAct", on_delete=models.PROTECT, related_name="+", null=True
    )
    entry = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return self.ref


class Handling(models.Model):
    """Local: who of ours handles a request, how soon, and how far execution has come. It is never sent."""

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    kinds = models.CharField(max_length=60)
    priority = models.CharField(max_length=12)
    authority = models.CharField(max_length=200, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    stage = models.CharField(max_length=60, blank=True)
    due_on = models.DateField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref", "kinds"], name="one_handling_of_a_request"),
        ]

    def __str__(self) -> str:
        return f"{self.ref}: {self.priority}"


class Note(models.Model):
    """Local: an internal note on a request, or what changed in its handling. Append-only; never sent."""

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    kinds = models.CharField(max_length=60)
    text = models.TextField()
    is_change = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["channel", "ref", "kinds"], name="note_by_request")]

    def __str__(self) -> str:
        return f"{self.ref} {self.at:%Y-%m-%d %H:%M}"


class SavedFilter(models.Model):
    """Local: what an official filters the list of requests by, under a name; shared, their office sees it."""

    official = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    is_shared = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["official", "name"], name="one_filter_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
