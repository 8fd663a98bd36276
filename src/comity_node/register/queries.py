"""Reading the record: entries in the one order, payloads, receipts, proofs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import msgspec
from django.db.models import OuterRef, Subquery

from comity import lifecycle
from comity.entries import Entry, decode
from comity.errors import OurFault
from comity.instruments import Instrument, library
from comity.keys.sealing import open_sealed
from comity.lifecycle import Standing, fold
from comity.names import EntryRef, Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import Signature, parse_note
from comity.tlog.proof import TlogProof
from comity_node.register import models
from comity_node.register.keyring import keyring
from comity_node.register.tree import StoredTree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.db.models import QuerySet


CHARTER: Final = "charter"


class NoSuchEntry(OurFault):
    """The record holds no such entry."""

    code = "no-such-entry"


class NotYetSigned(OurFault):
    """No checkpoint covers the entry yet."""

    code = "not-yet-signed"


@dataclass(frozen=True)
class Received:
    """An entry of the record, ours or theirs.

    Attributes:
        ref: Where it stands.
        ours: Whether we authored it.
        depth: Its place in the common order, with the origin and index.
        leaf: The bytes as authored.
        receipted_at: When the other party signed for it; None while it has not.
        receipt_size: Size of the first receipt that covers it; None while there is none.
        stored_at: When this node stored it.
    """

    ref: EntryRef
    ours: bool
    depth: int
    leaf: bytes
    receipted_at: datetime | None
    receipt_size: int | None
    stored_at: datetime

    @cached_property
    def entry(self) -> Entry:
        """What the leaf says."""
        return decode(self.leaf)

    @property
    def party(self) -> str:
        """Its author."""
        return self.ref.origin.party


def channel_logs(channel: str) -> list[models.Log]:
    """The logs of a channel, by origin."""
    return list(models.Log.objects.filter(channel=channel).order_by("origin"))


def log_of(channel: str, party: str) -> models.Log | None:
    """The log of one party in a channel."""
    return models.Log.objects.filter(channel=channel, party=party).first()


def channels_with(party: str) -> list[str]:
    """The channels in which another party has a log here."""
    rows = models.Log.objects.filter(party=party, ours=False).order_by("channel")
    return list(rows.values_list("channel", flat=True))


def own_sizes(party: str) -> dict[str, int]:
    """How many entries we have authored in each channel with another party."""
    shared = models.Log.objects.filter(party=party, ours=False).values("channel")
    rows = models.Log.objects.filter(ours=True, channel__in=shared).order_by("channel")
    return dict(rows.values_list("channel", "size"))


def own_logs() -> list[models.Log]:
    """Our log in every channel where something stands on it."""
    return list(models.Log.objects.filter(ours=True, size__gt=0).order_by("origin"))


def version() -> tuple[int, int]:
    """Changes whenever the record may have grown, whichever process of this node wrote."""
    newest = models.Entry.objects.order_by("-pk").values_list("pk", flat=True).first()
    receipt = models.Receipt.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0, receipt or 0


def own_log(channel: str) -> models.Log | None:
    """Our log in a channel, if we have one."""
    return models.Log.objects.filter(channel=channel, ours=True).first()


def their_logs(channel: str) -> list[models.Log]:
    """Our mirrors of the other parties' logs."""
    return list(models.Log.objects.filter(channel=channel, ours=False).order_by("origin"))


class NoSuchTable(OurFault):
    """The channel rests on an edition of its instrument that this node does not have."""

    code = "no-such-table"
    default_hint = "install the Comity release that carries this edition; both sides must apply the same text"


def instrument_of(channel: str, name: str | None = None) -> Instrument:
    """An instrument a channel rests on, in the very edition its opening entry names by digest.

    Only the proposal that opened the channel counts: an irregular one may sort before it, and would let its
    author alone choose the law.

    Args:
        channel: Channel id.
        name: Id of the instrument; without it, the first that is not the charter: it governs requests.

    Raises:
        NoSuchTable: The channel does not rest on it, or this node does not have that text.
    """
    opening = next((one.act.stated for one in channel_standing(channel).judged if one.regular), {})
    rests_on = dict(zip(_listed(opening.get("instruments")), _listed(opening.get("tables")), strict=False))
    wanted = name or next((one for one in rests_on if one != CHARTER), CHARTER)
    found = library().get(wanted)
    if found is None or wanted not in rests_on or found.digest != rests_on[wanted]:
        raise NoSuchTable(f"channel {channel} does not rest on a text of {wanted} that this node has")
    return found


def _listed(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def lifecycle_acts(received: Iterable[Received]) -> list[lifecycle.Act]:
    """Entries of one procedure as the lifecycle reads them."""
    return [
        lifecycle.Act(
            ref=one.ref,
            party=one.party,
            act=one.entry.kind.rpartition(".")[2],
            at=one.entry.authored_at,
            stated=one.entry.stated,
            answers=one.entry.answers,
            seen=one.entry.seen,
            receipted_at=one.receipted_at,
        )
        for one in received
    ]


def channel_standing(channel: str) -> Standing:
    """Where the channel's own opening stands under the charter's table."""
    opening = entries(channel, ref=channel, prefix="channel")
    return fold(library()[CHARTER].procedure("channel"), lifecycle_acts(opening))


def is_open(channel: str) -> bool:
    """Whether the channel was accepted by the party it was proposed to."""
    return channel_standing(channel).state == "accepted"


def entries(
    channel: str,
    *,
    ref: str | None = None,
    prefix: str | None = None,
    refs: Iterable[str] | None = None,
    last: int | None = None,
) -> list[Received]:
    """Entries of a channel in the order both parties read them.

    Args:
        channel: Channel id.
        ref: Only this procedure.
        prefix: Only kinds that are this or begin with it and a dot.
        refs: Only these procedures.
        last: Only so many from the end, still in order.
    """
    logs = {log.pk: log for log in channel_logs(channel)}
    rows = _entries()
    if ref is not None:
        rows = rows.filter(ref=ref)
    if refs is not None:
        rows = rows.filter(ref__in=list(refs))
    if prefix is not None:
        rows = rows.filter(kind__startswith=prefix)
    if last is None:
        chosen = list(rows.filter(log__in=list(logs)).order_by("depth", "log__origin", "index"))
        return list(_received(chosen, logs))
    # The last of each log, by its own index: over all logs at once, the database would sort every entry.
    ends = [one for log in logs for one in rows.filter(log=log).order_by("-depth", "-index")[:last]]
    ends.sort(key=lambda one: (one.depth, logs[one.log_id].origin, one.index))
    return list(_received(ends[-last:], logs))


def entry(ref: EntryRef) -> Received:
    """One entry.

    Raises:
        NoSuchEntry: The record holds none there.
    """
    found = (
        _entries()
        .filter(log__origin=str(ref.origin), index=ref.index)
        .select_related("log")
        .first()
    )
    if found is None:
        raise NoSuchEntry(f"the record holds no entry {ref}")
    return next(_received([found], {found.log.pk: found.log}))


def _entries() -> QuerySet[Any]:
    """Entries, each with the first receipt that covers it."""
    covering = models.Receipt.objects.filter(log=OuterRef("log"), size__gt=OuterRef("index"))
    first = covering.order_by("size", "given_at")
    return models.Entry.objects.annotate(
        receipted_at=Subquery(first.values("given_at")[:1]), receipt_size=Subquery(first.values("size")[:1])
    )


def _received(rows: Iterable[Any], logs: Mapping[int, models.Log]) -> Iterator[Received]:
    for row in rows:
        log = logs[row.log_id]
        yield Received(
            ref=EntryRef(Origin.parse(log.origin), row.index),
            ours=log.ours,
            depth=row.depth,
            leaf=bytes(row.leaf),
            receipted_at=row.receipted_at,
            receipt_size=row.receipt_size,
            stored_at=row.stored_at,
        )


def receipted(log: models.Log, *, below: int | None = None) -> int:
    """How many entries of a log the other party has signed for; ``below``: by receipts of fewer entries."""
    receipts = models.Receipt.objects.filter(log=log)
    if below is not None:
        receipts = receipts.filter(size__lt=below)
    return receipts.order_by("-size").values_list("size", flat=True).first() or 0


def payload(received: Received) -> dict[str, Any] | None:
    """What an entry's payload says, opened with our own key; None where there is none or it was erased.

    Raises:
        ComityError: It cannot be opened with any key of ours, or is not a document.
    """
    digest = received.entry.payload
    sealed = sealed_payload(digest.sha256) if digest else None
    if sealed is None:
        return None
    return document(sealed)


class UnreadablePayload(OurFault):
    """A payload was opened but is not a document."""

    code = "unreadable-payload"
    default_hint = "ask the counterpart what it meant to send; the entry stands as sent"


def document(sealed: bytes) -> dict[str, Any]:
    """Open a sealed payload and read the document in it.

    Raises:
        ComityError: It cannot be opened, or is not a JSON object.
    """
    text = open_sealed(sealed, keyring().opening)
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise UnreadablePayload("a payload does not hold a JSON object") from error


def sealed_payload(sha256: str) -> bytes | None:
    """The sealed bytes under a digest; None if erased or never held."""
    sealed = models.Payload.objects.filter(sha256=sha256).values_list("sealed", flat=True).first()
    return None if sealed is None else bytes(sealed)


def proof(ref: EntryRef) -> bytes:
    """A tlog-proof file for one entry, in the best-signed checkpoint that covers it.

    A checkpoint the other party has cosigned is preferred: it proves lodging and receipt at once.

    Raises:
        NoSuchEntry: The record holds none there.
        NotYetSigned: No checkpoint covers it.
    """
    log = models.Log.objects.filter(origin=str(ref.origin)).first()
    if log is None or ref.index >= log.size:
        raise NoSuchEntry(f"the record holds no entry {ref}")
    note = _covering_note(log, ref.index)
    size = Checkpoint.parse(parse_note(note).text).size
    leaf = bytes(models.Entry.objects.values_list("leaf", flat=True).get(log=log, index=ref.index))
    return TlogProof(ref.index, StoredTree(log).prove_entry(ref.index, size), parse_note(note), leaf).encode()


def _covering_note(log: models.Log, index: int) -> bytes:
    covering: list[QuerySet[models.Receipt] | QuerySet[models.Checkpoint]] = [
        models.Receipt.objects.filter(log=log, size__gt=index).order_by("size"),
        models.Checkpoint.objects.filter(log=log, size__gt=index).order_by("size"),
    ]
    for rows in covering:
        note = rows.values_list("note", flat=True).first()
        if note is not None:
            return bytes(note)
    raise NotYetSigned(f"no checkpoint covers entry {index} of {log.origin} yet")


def misconduct() -> list[models.Misconduct]:
    """Every fork proof held."""
    return list(models.Misconduct.objects.select_related("log").order_by("found_at"))


def refused_deliveries(limit: int = 200) -> list[models.Delivery]:
    """Exchanges that were refused, the latest first."""
    return list(models.Delivery.objects.order_by("-at")[:limit])


def next_ref(channel: str) -> EntryRef:
    """Where our next entry in a channel would stand.

    Raises:
        NoSuchEntry: We have no log in that channel.
    """
    own = own_log(channel)
    if own is None:
        raise NoSuchEntry(f"there is no log of ours in channel {channel}")
    return EntryRef(Origin.parse(own.origin), own.size)


def last_receipt(log: models.Log) -> models.Receipt | None:
    """The receipt of a log that covers most."""
    return models.Receipt.objects.filter(log=log).order_by("-size").first()


def last_stored(log: models.Log) -> datetime | None:
    """When the newest entry of a log was stored here."""
    return stored_at(log, log.size - 1)


def stored_at(log: models.Log, index: int) -> datetime | None:
    """When one entry of a log was stored here."""
    return models.Entry.objects.filter(log=log, index=index).values_list("stored_at", flat=True).first()


def checkpoint(log: models.Log) -> bytes:
    """The newest checkpoint of a log, with every cosignature we hold for exactly that size."""
    note = parse_note(bytes(log.checkpoint))
    for receipt in models.Receipt.objects.filter(log=log, size=log.size):
        note = note.with_signatures(parse_note(bytes(receipt.note)).signatures)
    return note.encode()


def receipts(log: models.Log) -> list[models.Receipt]:
    """Every receipt of a log, the smallest first."""
    return list(models.Receipt.objects.filter(log=log).order_by("size", "party"))


def witness_marks(log: models.Log) -> list[models.WitnessMark]:
    """Every witness's mark on a log of ours, the smallest first."""
    return list(models.WitnessMark.objects.filter(log=log).order_by("size", "witness"))


MOST_NEWS: Final = 200


def news_between(since: tuple[int, int], now: tuple[int, int]) -> list[tuple[str, str, str]]:
    """What happened between two versions of the record: channel, reference and kind, the latest so many.

    A receipt concerns the procedures of the entries it newly covers; its kind is ``receipt``.
    """
    rows = models.Entry.objects.filter(pk__gt=since[0], pk__lte=now[0]).order_by("-pk")[:MOST_NEWS]
    happened = list(rows.values_list("log__channel", "ref", "kind"))
    for receipt in models.Receipt.objects.filter(pk__gt=since[1], pk__lte=now[1]).select_related("log")[
        :MOST_NEWS
    ]:
        covered = models.Entry.objects.filter(log=receipt.log, index__lt=receipt.size).order_by("-index")
        refs = dict.fromkeys(covered.values_list("ref", flat=True)[:16])
        happened += [(receipt.log.channel, ref, "receipt") for ref in refs]
    return list(dict.fromkeys(happened))[:MOST_NEWS]


def all_logs() -> list[models.Log]:
    """Every log held, by channel, ours first."""
    return list(models.Log.objects.order_by("channel", "-ours", "origin"))


def page_of(log: models.Log, *, kind: str, ref: str, start: int, count: int) -> tuple[list[Received], int]:
    """Some entries of one log, the newest first, and how many there are of that sort.

    Args:
        log: The log.
        kind: Only kinds that begin so; empty for all.
        ref: Only this procedure; empty for all.
        start: How many to pass over.
        count: How many to give.
    """
    rows = _entries().filter(log=log).order_by("-index")
    if kind:
        rows = rows.filter(kind__startswith=kind)
    if ref:
        rows = rows.filter(ref=ref)
    total = rows.count() if kind or ref else log.size
    return list(_received(rows[start : start + count], {log.pk: log})), total


def leaf_hash(ref: EntryRef) -> bytes:
    """The leaf hash under which an entry stands in its tree."""
    return bytes(
        models.Entry.objects.values_list("leaf_hash", flat=True).get(
            log__origin=str(ref.origin), index=ref.index
        )
    )


def erased_at(sha256: str) -> datetime | None:
    """When a payload's content was erased; None if it was not."""
    return models.Payload.objects.filter(sha256=sha256).values_list("erased_at", flat=True).first()


def readable_document(document: Mapping[str, Any]) -> str:
    """A payload's document, laid out to be read."""
    return msgspec.json.format(msgspec.json.encode(document, order="deterministic"), indent=1).decode()


def at(posix: int) -> datetime:
    """An instant of a signature."""
    return datetime.fromtimestamp(posix, UTC)


def algorithms(mark: models.WitnessMark) -> str:
    """With what a witness signed its mark."""
    sizes = {len(Signature.parse(line).blob) for line in mark.lines.splitlines()}
    return " + ".join(
        name
        for name, long in (("Ed25519", False), ("ML-DSA-44", True))
        if any((size > 1000) is long for size in sizes)
    )
