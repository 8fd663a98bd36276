"""Tokens of case systems, what these handed over, hooks, and what hooks have to tell. All of it is local."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Token(models.Model):
    """Local: a right given to a case system to act for one official, within scopes, until a date.

    It has no secret until its official has drawn one; of that, only the SHA-256 is kept. Never deleted: the
    journal cites ``name``, and a revoked token says by whom.
    """

    name = models.CharField(max_length=16, unique=True)
    label = models.CharField(max_length=120)
    official = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    scopes = models.JSONField()
    channels = models.JSONField(default=list)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    issued_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True)
    drawn_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=64, blank=True)
    used_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.name


class HandedOver(models.Model):
    """Local: a draft or an act that a case system has finished and an official is to read and sign.

    ``act`` is empty for a draft, which ``draft`` names; ``said`` holds what an act's form was filled in with.
    ``office`` is that of the official it was handed to: another office neither sees nor overwrites it.
    ``text`` is what the system saw; what is signed is what the official reads then. ``returned`` says why an
    official sent it back to the system. ``after`` is how many entries of ours stood in the channel then.
    The row goes once the act is signed, here or in any other way, once its draft is thrown away, once such
    content is erased, or when it is taken back.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    act = models.CharField(max_length=60, blank=True)
    office = models.ForeignKey("officials.Office", on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey("assistance.Draft", on_delete=models.CASCADE, related_name="+", null=True)
    after = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=130)
    said = models.JSONField(default=dict)
    note = models.CharField(max_length=1000, blank=True)
    returned = models.CharField(max_length=1000, blank=True)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    token = models.ForeignKey(Token, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref", "act", "office"], name="handed_over_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.act}".strip()


class Hook(models.Model):
    """Local: an address of our authority's own systems that is called when something happens.

    ``failures`` counts calls in a row that were not answered; each doubles the wait until ``again_at``.
    ``missed`` counts what was not kept for it because too much waited already.
    """

    name = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=500)
    events = models.JSONField()
    channels = models.JSONField(default=list)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    added_at = models.DateTimeField(db_default=Now())
    failures = models.PositiveIntegerField(default=0)
    again_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    missed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """Local: one event that a hook has yet to tell; gone once the receiver has answered."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="notices")
    event = models.UUIDField()
    document = models.JSONField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return str(self.event)


class ToldLog(models.Model):
    """Local: how far a log was read for hooks: its entries, and those of them that were receipted."""

    origin = models.CharField(max_length=120, unique=True)
    size = models.BigIntegerField()
    receipted = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"


class ToldClocks(models.Model):
    """Local: when the clocks were last looked at for hooks. One row."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class ToldStanding(models.Model):
    """Local: the standing of a request that hooks were last told, so that only a change is told."""

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    kinds = models.CharField(max_length=60)
    state = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref", "kinds"], name="one_standing_told"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.state}"
