"""Talks and what was said in them, as far as pages show it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Talk(models.Model):
    """Projection: one talk. ``comity rebuild`` derives it anew from the entries.

    ``state`` is empty while nothing regular has opened it. ``weight`` lists the entries on which what the
    table makes of others rests, in the common order; ``depths`` how deep the last entry of each party stands
    that is in here. ``last_at`` is when something said in it was stored here last, whatever time its author
    gives it. ``said`` is the last message of each party, by its index; ``opened`` for each reader the last
    message of each author that its desk has opened; ``waits`` whether our desk has some of others to open.
    ``linked`` are the entries the talk is about.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    title = models.TextField(blank=True)
    about = models.CharField(max_length=60, blank=True)
    entry = models.CharField(max_length=120, blank=True)
    opened_by = models.CharField(max_length=40, blank=True)
    parties = models.JSONField(default=list)
    linked = models.JSONField(default=list)
    state = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    messages = models.PositiveIntegerField(default=0)
    weight = models.JSONField(default=list)
    depths = models.JSONField(default=dict)
    said = models.JSONField(default=dict)
    opened = models.JSONField(default=dict)
    waits = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref"], name="one_talk_of_a_reference"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["last_at", "id"], name="talk_by_last"),
            models.Index(fields=["channel", "last_at"], name="talk_by_channel"),
            models.Index(fields=["waits", "last_at"], name="talk_waiting"),
        ]

    def __str__(self) -> str:
        return self.ref

    def unopened(self) -> dict[str, int]:
        """The other parties that said something our desk has not opened, and how far it opened of each."""
        us = settings.NODE.party
        upto = self.opened.get(us, {})
        known = {party: upto.get(party, -1) for party in self.said if party != us}
        return {party: opened for party, opened in known.items() if self.said[party] > opened}


class Line(models.Model):
    """Projection: one entry of a talk. ``comity rebuild`` derives it anew.

    ``shown`` is whether it stands in the talk by itself: what a desk opened, and translations put beside
    messages, do not. ``seen`` are the sizes of the other logs its author held: who had not seen what.
    ``content`` says whether its words could be read: held, none, erased or unreadable; ``is_cut`` that the
    entry says more. ``of`` is the entry it is about: the message translated, the minutes answered.
    ``irregular`` says why it had no effect. ``under`` is the suspension it was lodged in, if it was,
    or the entry that confirmed it afterwards; ``lodged`` whether it still waits for its author's word,
    ``taken_back`` whether that took it back.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    party = models.CharField(max_length=40)
    origin = models.CharField(max_length=120)
    index = models.BigIntegerField()
    depth = models.BigIntegerField()
    act = models.CharField(max_length=130)
    shown = models.BooleanField()
    at = models.DateTimeField()
    office = models.CharField(max_length=120)
    capacity = models.CharField(max_length=120)
    seen = models.JSONField(default=dict)
    stated = models.JSONField(default=dict)
    of = models.CharField(max_length=120, blank=True)
    payload = models.CharField(max_length=64, blank=True)
    content = models.CharField(max_length=12)
    title = models.TextField(blank=True)
    language = models.CharField(max_length=35, blank=True)
    text = models.TextField(blank=True)
    is_cut = models.BooleanField(default=False)
    translation_language = models.CharField(max_length=35, blank=True)
    translation = models.TextField(blank=True)
    translated_by = models.CharField(max_length=300, blank=True)
    exhibits = models.JSONField(default=list)
    irregular = models.TextField(blank=True)
    under = models.CharField(max_length=120, blank=True)
    lodged = models.BooleanField(default=False)
    taken_back = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "ref", "party", "index"], name="one_line_of_an_entry"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["channel", "ref", "shown", "depth", "origin"], name="line_in_order"),
            models.Index(fields=["channel", "ref", "act", "depth"], name="line_by_act"),
            models.Index(fields=["channel", "ref", "of"], name="line_about"),
            models.Index(fields=["channel", "ref", "lodged"], name="line_lodged"),
            models.Index(fields=["channel", "ref", "content"], name="line_by_content"),
            models.Index(fields=["payload"], name="line_by_payload"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.index}"

    @property
    def entry_name(self) -> str:
        """The entry, as it is cited."""
        return f"{self.origin}#{self.index}"


class Opening(models.Model):
    """Projection: that a desk had messages before it. ``comity rebuild`` derives it anew.

    ``reader`` states in its entry ``index`` that it opened what ``party`` wrote, up to its entry ``upto``.
    """

    channel = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)
    reader = models.CharField(max_length=40)
    index = models.BigIntegerField()
    party = models.CharField(max_length=40)
    upto = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "ref", "reader", "index", "party"], name="one_opening_of_an_entry"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["channel", "ref", "party", "upto"], name="opening_by_message"),
        ]

    def __str__(self) -> str:
        return f"{self.reader} {self.index}: {self.party} {self.upto}"
