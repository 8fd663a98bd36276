"""The roster, what officers are called for, and each call by each way. All of it is local."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from comity_node.duty import sources


class Shift(models.Model):
    """Local: an official is on duty from an instant to another, as the first, second or third to be called.

    Who takes over ends the shift of another at that instant; who swaps leaves both shifts with other
    officials. The journal says what was changed.
    """

    official = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    order = models.PositiveSmallIntegerField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["begins", "order", "pk"]
        indexes: ClassVar = [models.Index(fields=["ends", "begins"], name="shift_by_time")]
        constraints: ClassVar = [
            models.CheckConstraint(name="a_shift_has_length", condition=Q(ends__gt=F("begins"))),
            models.CheckConstraint(name="a_shift_has_an_order", condition=Q(order__in=[1, 2, 3])),
        ]

    def __str__(self) -> str:
        return f"{self.official}: {self.begins:%Y-%m-%d %H:%M}, {self.order}"


class HandOver(models.Model):
    """Local: what the outgoing officer leaves the incoming one to know. Append-only, by trigger."""

    outgoing = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    incoming = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    text = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.outgoing}: {self.at:%Y-%m-%d %H:%M}"


class ReadNote(models.Model):
    """Local: an official has read a hand-over note. Append-only, by trigger."""

    note = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="readings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["note", "by"], name="a_note_is_read_once")]

    def __str__(self) -> str:
        return f"{self.by}: {self.note}"


class Wishes(models.Model):
    """Local: when an official is to be left alone unless it is grave, and whether their page may sound."""

    official = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    sound = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.official)


class Way(models.Model):
    """Local: one way in which one official is called, and how it last did.

    ``address`` is that of a mailbox or web service, the number a program calls, or what a browser subscribed;
    ``keys`` the browser's keys. ``failures`` counts those in a row.
    """

    official = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=12)
    address = models.CharField(max_length=1000)
    keys = models.JSONField(default=dict)
    label = models.CharField(max_length=120, blank=True)
    least_severity = models.PositiveSmallIntegerField(default=3)
    bare = models.BooleanField(default=False)
    added_at = models.DateTimeField(db_default=Now())
    failures = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    failed_at = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["official", "way", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["official", "way", "address"], name="one_way_to_an_address"),
        ]

    def __str__(self) -> str:
        return f"{self.official}: {self.way}"


class Cause(models.Model):
    """Local: something officers are called for, kept once: ``key`` says what makes it one and no other.

    ``step`` counts the steps of an escalation, from 0; ``was_on_duty`` says whether anybody was when it came.
    ``exercise`` says that the channel is one: whoever is called reads so first.
    """

    key = models.CharField(max_length=300, unique=True)
    source = models.CharField(max_length=20)
    severity = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=32, blank=True)
    ref = models.CharField(max_length=64, blank=True)
    kinds = models.CharField(max_length=60, blank=True)
    party = models.CharField(max_length=40, blank=True)
    step = models.PositiveSmallIntegerField(default=0)
    was_on_duty = models.BooleanField(default=True)
    exercise = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["channel", "ref"], name="cause_by_procedure")]

    def __str__(self) -> str:
        return self.key


class Sending(models.Model):
    """Local: one cause told one official by one way: the outbox, and afterwards what became of it.

    It is made with the cause, in one transaction, once (``key``). A way that fails is tried again at
    ``again_at``, later each time, and given up in the end. A page has no way of its own: what is told there
    is told when it stands here, and ``seen_at`` says when its official has seen it. What somebody has
    answered meanwhile is overtaken: nobody is called for it any more.
    """

    class State(models.TextChoices):
        """Where it stands; ``waiting`` is tried again."""

        WAITING = "waiting"
        SENT = "sent"
        GIVEN_UP = "given up"
        OVERTAKEN = "overtaken"
        HELD_BACK = "held back"

    key = models.CharField(max_length=64, unique=True)
    cause = models.ForeignKey(Cause, on_delete=models.CASCADE, related_name="sendings")
    official = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    way = models.ForeignKey(Way, on_delete=models.SET_NULL, related_name="sendings", null=True)
    by_way = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    again_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["again_at"], name="sending_waits", condition=Q(state="waiting")),
            models.Index(
                fields=["official", "id"],
                name="sending_unseen",
                condition=Q(by_way="page", seen_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.by_way}"

    @property
    def title(self) -> str:
        """What it is about, in the reader's words: a sort of thing, never a case."""
        return sources.title(self.cause.source)


class Watch(models.Model):
    """Local: an alert whose time to be acknowledged runs, and how far its escalation has come here.

    ``taken`` counts the steps taken, ``next_at`` when the next is due; None when all are taken.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    kinds = models.CharField(max_length=60)
    ours = models.BooleanField()
    party = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField()
    begins = models.DateTimeField()
    due_at = models.DateTimeField()
    taken = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    exercise = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref"], name="one_watch_over_an_alert"),
        ]
        indexes: ClassVar = [models.Index(fields=["next_at"], name="watch_by_next_step")]

    def __str__(self) -> str:
        return f"{self.ref} {self.due_at:%Y-%m-%d %H:%M}"


class Looked(models.Model):
    """Local: when clocks and lines were last looked at for something to call for. One row."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
