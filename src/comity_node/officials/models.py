"""People and offices of this party, acts awaiting a second officer, and the journal.

All of it is private to this node: what crosses is the office and the capacity, never a name.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from comity_node.officials import powers

if TYPE_CHECKING:
    from collections.abc import Iterable


class Office(models.Model):
    """An office of this party: the ``by.office`` of its entries."""

    code = models.CharField(max_length=64, unique=True)
    names = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.names.get("en") or self.code)


class Official(AbstractBaseUser):
    """A person who acts for this party. Never deleted: the journal points here.

    Who is not active neither signs in nor holds powers: with appointments they are suspended, without any
    they have left office. While somebody else knows their password (``password_is_given``), they hold no
    power either.
    """

    login = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=200)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="officials")
    language = models.CharField(max_length=16, default="en")
    is_active = models.BooleanField(default=True)
    password_is_given = models.BooleanField(default=False)

    objects = BaseUserManager["Official"]()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "office"]

    def __str__(self) -> str:
        return self.display_name

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """The roles this official is appointed to, in the order of appointment."""
        return tuple(self.appointments.order_by("pk").values_list("role", flat=True))

    @property
    def may_act(self) -> bool:
        """Whether their roles count for anything now."""
        return self.is_active and not self.password_is_given

    def get_full_name(self) -> str:
        """The name colleagues know them by."""
        return self.display_name

    def has_perm(self, power: str, _about: object = None) -> bool:
        """Say whether one of their roles carries the power; Django's own question, answered by our table."""
        return self.may_act and powers.capacity(self.roles, power) is not None

    def has_perms(self, wanted: Iterable[str]) -> bool:
        """Say whether their roles carry every one of the powers."""
        return all(map(self.has_perm, wanted))


class Appointment(models.Model):
    """One role given to one official: their powers, and the capacity they sign in."""

    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=32)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["official", "role"], name="one_appointment_per_role"),
        ]

    def __str__(self) -> str:
        return f"{self.official}: {self.role}"


class SignIn(models.Model):
    """One browser an official is signed in from; they can end it from any other."""

    official = models.ForeignKey(Official, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    since = models.DateTimeField(db_default=Now())
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.official} since {self.since:%Y-%m-%d %H:%M}"


class PreparedAct(models.Model):
    """The exact text one officer prepared and another must approve before it is recorded.

    The text, its digest and the act behind it never change (a trigger sees to it): an approval is an approval
    of this text and of no other.
    """

    class State(models.TextChoices):
        """Where it stands; everything but ``awaiting`` is final."""

        AWAITING = "awaiting", _("awaiting a second officer")
        SIGNED = "signed", _("signed and recorded")
        RETURNED = "returned", _("returned to its author")
        OVERTAKEN = "overtaken", _("overtaken by events")

    act = models.JSONField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    sentence = models.TextField()
    basis = models.TextField()
    verified = models.CharField(max_length=16)
    power = models.CharField(max_length=64)
    other_office = models.BooleanField()
    prepared_by = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="prepared_acts")
    office = models.CharField(max_length=64)
    capacity = models.CharField(max_length=32)
    prepared_at = models.DateTimeField(db_default=Now())

    state = models.CharField(max_length=16, choices=State.choices, default=State.AWAITING)
    decided_by = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="decided_acts", null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    entry = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="seconded_by_another_person",
                condition=~Q(state="signed") | Q(decided_by__isnull=False) & ~Q(decided_by=F("prepared_by")),
            ),
            models.CheckConstraint(name="signed_means_recorded", condition=~Q(state="signed") | ~Q(entry="")),
            models.UniqueConstraint(
                name="one_text_waits_once", fields=["digest"], condition=Q(state="awaiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act.get('kind')} {self.act.get('ref')}, {self.state}"


class Journal(models.Model):
    """Who did what on this node, and which entry resulted. Append-only, by trigger; never leaves the node.

    Without an official it was done at the node's own console.
    """

    at = models.DateTimeField(db_default=Now())
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+", null=True)
    did = models.CharField(max_length=64)
    about = models.CharField(max_length=300, blank=True)
    entry = models.CharField(max_length=120, blank=True, db_index=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.official or 'console'}: {self.did} {self.about}"
