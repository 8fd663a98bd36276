"""The record: our logs, our mirrors of the counterparts' logs, receipts and sealed payloads.

Everything but :class:`Log`, the head of each log, is append-only; the database itself refuses to change or
delete a row (see the migration), because a bulk update would pass by any rule written in Python. The one
exception is the sealed content of a payload, which may be erased and come again, never be replaced: treaties
require return and destruction, while entry and proof stand.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Log(models.Model):
    """The head of one party's log in one channel. The only rows of the register that move, and only forward.

    ``size`` advances by compare-and-set. ``peaks`` is the compact range over all stored leaves, ``seen`` that
    of the last entry. ``receipted`` is so many entries as every other member of the channel has signed for.
    ``held_elsewhere`` is the largest size of *our* log that a counterpart has shown to hold under our own
    signature: above ``size``, our record was set back; -1 from a restore until the counterpart has given back
    what it holds. ``receipt_known`` is the largest receipt of ours that the author of a log is known
    to have.

    ``log_keys`` and ``mirror_keys`` list a pair of keys a time, oldest first; ``rotations`` says of each pair
    what it may sign, as entries of the log have it, and is empty while there is but one.

    In a channel of ``many`` others may hold what we do not. ``place`` is the party's place in it, a
    projection of its opening; ``told`` the number of storing of the last receipt of others that this party
    been told, and ``heard`` the largest receipt by each other for its log that it has shown to have. Of
    our own log, while it is closed, ``heard`` names the members that gave back what they hold of it.
    ``brought`` says of each author whose log we brought to this party how much of it, and the number of
    storing of the last receipt for it that was brought along.
    """

    class Place(models.TextChoices):
        """A party's place in a channel: in it, asked whether it will be, or gone."""

        MEMBER = "member"
        ASKED = "asked"
        GONE = "gone"

    origin = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=32, db_index=True)
    party = models.CharField(max_length=40)
    ours = models.BooleanField()
    log_keys = models.TextField()
    mirror_keys = models.TextField()
    recipients = models.TextField()
    size = models.BigIntegerField(default=0)
    peaks = models.BinaryField(default=bytes)
    seen = models.JSONField(default=dict)
    checkpoint = models.BinaryField(default=bytes)
    receipted = models.BigIntegerField(default=0)
    held_elsewhere = models.BigIntegerField(default=0)
    receipt_known = models.BigIntegerField(default=0)
    rotations = models.JSONField(default=list)
    many = models.BooleanField(default=False)
    place = models.CharField(max_length=10, choices=Place.choices, default=Place.MEMBER)
    told = models.BigIntegerField(default=0)
    heard = models.JSONField(default=dict)
    brought = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "party"], name="one_log_of_a_party_in_a_channel"),
        ]

    def __str__(self) -> str:
        return self.origin

    @property
    def is_closed(self) -> bool:
        """Whether some of it is known, or must be feared, to be lost: nothing is signed before it is back."""
        return self.held_elsewhere < 0 or self.held_elsewhere > self.size


class Entry(models.Model):
    """One leaf, as authored, with what is needed to find and order it."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="entries")
    index = models.BigIntegerField()
    depth = models.BigIntegerField()
    kind = models.CharField(max_length=130)
    ref = models.CharField(max_length=64)
    leaf = models.BinaryField()
    leaf_hash = models.BinaryField()
    payload = models.CharField(max_length=64, blank=True)
    stored_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["log", "index"], name="one_entry_at_an_index"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["log", "ref", "depth"], name="entry_by_ref"),
            models.Index(fields=["log", "depth"], name="entry_by_depth"),
            models.Index(fields=["log", "kind"], name="entry_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.log.origin}#{self.index}"


class Tile(models.Model):
    """256 hashes of one level of a log's tree, kept once full, with the root over them."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="tiles")
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()
    root = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["log", "level", "index"], name="one_tile_at_a_place"),
        ]


class Checkpoint(models.Model):
    """A checkpoint signed by the log's author: one of ours as given out, one of theirs as received."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="checkpoints")
    size = models.BigIntegerField()
    note = models.BinaryField()
    stored_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["log", "size"], name="one_checkpoint_of_a_size"),
        ]


class _Counting(models.Manager["Receipt"]):
    """Receipts that count: not those that keys gave which the receipted author knew to be retired."""

    def get_queryset(self) -> models.QuerySet[Receipt]:
        """All others."""
        return super().get_queryset().filter(void=False)


class Receipt(models.Model):
    """A party's cosignature on a checkpoint of another's log: given by us, or received for ours.

    ``void``: taken in good faith before the entries it covers were here; by these the author of the log knew
    that the keys it is signed by were retired. It is kept, and counts nowhere.
    """

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="receipts")
    party = models.CharField(max_length=40)
    size = models.BigIntegerField()
    given_at = models.DateTimeField()
    note = models.BinaryField()
    stored_at = models.DateTimeField()
    void = models.BooleanField(default=False, db_default=False)

    objects = _Counting()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["log", "party", "size"],
                condition=models.Q(void=False),
                name="one_counting_receipt_of_a_size",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["log", "size", "given_at"], name="receipt_by_size"),
            models.Index(fields=["party", "id"], name="receipt_by_party"),
        ]


class WitnessMark(models.Model):
    """A neutral witness's cosignature on a checkpoint of ours: it says when, not what."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="witness_marks")
    witness = models.CharField(max_length=120)
    size = models.BigIntegerField()
    given_at = models.DateTimeField()
    lines = models.TextField()
    stored_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["log", "witness", "size"], name="one_witness_mark_of_a_size"),
        ]


class Payload(models.Model):
    """Sealed content, under the digest its entry names.

    ``sealed`` is null once erased; without ``erased_at`` it was not given back when its entry was.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    sealed = models.BinaryField(null=True)
    erased_at = models.DateTimeField(null=True)


class Misconduct(models.Model):
    """A fork proof: kept and shown for as long as the register exists."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="misconduct")
    sha256 = models.CharField(max_length=64, unique=True)
    proof = models.BinaryField()
    found_at = models.DateTimeField()


class Passage(models.Model):
    """Projection: what can be found of one entry, or of the head of one procedure (then ``index`` is -1).

    ``text`` is what a reader is shown around a hit, ``tokens`` the words it is found by; both are bounded.
    ``payload`` is the digest of the content that was read for it, empty where none was held: once a payload
    is erased, its words go at the next projection. Triggers keep the database's own index of words alongside.
    """

    channel = models.CharField(max_length=32)
    kinds = models.CharField(max_length=130)
    ref = models.CharField(max_length=64)
    origin = models.CharField(max_length=120, blank=True)
    index = models.BigIntegerField(default=-1)
    sort = models.CharField(max_length=10)
    kind = models.CharField(max_length=130, blank=True)
    party = models.CharField(max_length=40)
    ours = models.BooleanField()
    at = models.DateTimeField()
    standing = models.CharField(max_length=60, blank=True)
    final = models.BooleanField(default=False)
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    tokens = models.TextField(blank=True)
    payload = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "ref", "kinds", "origin", "index"], name="one_passage_of_an_entry"
            ),
        ]


class Delivery(models.Model):
    """Local journal of exchanges that did not simply succeed: what was refused, by whom, and why."""

    channel = models.CharField(max_length=32, db_index=True)
    party = models.CharField(max_length=40)
    incoming = models.BooleanField()
    code = models.CharField(max_length=60)
    because = models.TextField()
    at = models.DateTimeField()
