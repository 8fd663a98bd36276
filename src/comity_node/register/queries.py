"""Reading the record: entries in the one order, payloads, receipts, proofs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import StrIndex, Substr

from comity.entries import Entry, decode
from comity.errors import OurFault
from comity.names import EntryRef, Origin
from comity.tlog import merkle
from comity_node.register import models, statements
from comity_node.register.addressing import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from django.db.models import QuerySet


class NoSuchEntry(OurFault):
    """The record holds no such entry."""

    code = "no-such-entry"


@dataclass(frozen=True)
class Received:
    """An entry of the record, ours or theirs.

    Attributes:
        ref: Where it stands.
        ours: Whether we authored it.
        depth: Its place in the common order, with the origin and index.
        leaf: The bytes as authored.
        receipted_at: When the other party signed for it; where there are many, the one it is addressed to.
            None while it has not.
        receipt_size: Size of that party's first receipt that covers it; None while there is none.
        stored_at: When this node stored it.
        receipts: When each party signed for it, where its procedure is addressed to several.
    """

    ref: EntryRef
    ours: bool
    depth: int
    leaf: bytes
    receipted_at: datetime | None
    receipt_size: int | None
    stored_at: datetime
    receipts: Mapping[str, datetime] = field(default_factory=dict)

    @cached_property
    def entry(self) -> Entry:
        """What the leaf says."""
        return decode(self.leaf)

    @property
    def party(self) -> str:
        """Its author."""
        return self.ref.origin.party

    @property
    def leaf_hash(self) -> str:
        """The hash under which it stands in its tree, in hexadecimal."""
        return merkle.leaf_hash(self.leaf).hex()


def channel_logs(channel: str) -> list[models.Log]:
    """The logs of a channel, by origin."""
    return statements.heads(channel)


def log_of(channel: str, party: str) -> models.Log | None:
    """The log of one party in a channel."""
    return next((log for log in statements.heads(channel) if log.party == party), None)


def channels_with(party: str) -> list[str]:
    """The channels in which another party has a log here."""
    rows = models.Log.objects.filter(party=party, ours=False).order_by("channel")
    return list(rows.values_list("channel", flat=True))


def are_of_many(channel: str, parties: set[str]) -> bool:
    """Whether these are members of a channel of many: then one may bring what another authored.

    Who has not written in it yet cannot know who is in before it was brought what says so: for it, any party.
    """
    logs = [log for log in statements.heads(channel) if log.many]
    is_new = any(log.ours and not log.size for log in logs)
    return parties <= {log.party for log in logs if is_new or log.place == models.Log.Place.MEMBER}


def forked(channel: str) -> frozenset[str]:
    """The parties of a channel that are proven to have signed two histories."""
    return statements.forked(channel)


def fork_proof(log: models.Log) -> bytes | None:
    """The first proof of it, as a file."""
    return statements.fork_proof(log)


def own_sizes(party: str) -> dict[str, int]:
    """How many entries we have authored in each channel with another party, once it has begun."""
    return statements.own_sizes(party)


def own_logs() -> list[models.Log]:
    """Our log in every channel where something stands on it."""
    return list(models.Log.objects.filter(ours=True, size__gt=0).order_by("origin"))


def own_log(channel: str) -> models.Log | None:
    """Our log in a channel, if we have one."""
    return next((log for log in statements.heads(channel) if log.ours), None)


def their_logs(channel: str) -> list[models.Log]:
    """Our mirrors of the other parties' logs."""
    return [log for log in statements.heads(channel) if not log.ours]


def others(channel: str) -> list[str]:
    """The other parties that are in a channel, by code."""
    return sorted(log.party for log in their_logs(channel) if log.place == models.Log.Place.MEMBER)


def entries(
    channel: str,
    *,
    ref: str | None = None,
    prefix: str | None = None,
    refs: Iterable[str] | None = None,
    kinds: Iterable[str] | None = None,
    last: int | None = None,
    most: int | None = None,
) -> list[Received]:
    """Entries of a channel in the order both parties read them.

    Args:
        channel: Channel id.
        ref: Only this procedure.
        prefix: Only this kind; where it ends with a dot, only kinds that add one name to it.
        refs: Only these procedures.
        kinds: Only these very kinds: found at once, however many entries there are of others.
        last: Only so many from the end, still in order.
        most: No more than so many from the beginning.
    """
    logs = {log.pk: log for log in channel_logs(channel)}
    rows = stored()
    if ref is not None:
        rows = rows.filter(ref=ref)
    if refs is not None:
        rows = rows.filter(ref__in=list(refs))
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    if prefix is not None:
        rows = of_kind(rows, prefix)
    if last is None:
        chosen = list(rows.filter(log__in=list(logs)).order_by("depth", "log__origin", "index")[:most])
        return list(received(chosen, logs))
    # The last of each log, by its own index: over all logs at once, the database would sort every entry.
    ends = [one for log in logs for one in rows.filter(log=log).order_by("-depth", "-index")[:last]]
    ends.sort(key=lambda one: (one.depth, logs[one.log_id].origin, one.index))
    return list(received(ends[-last:], logs))


def of_kind(rows: QuerySet[Any], kind: str) -> QuerySet[Any]:
    """Entries of a kind; where it ends with a dot, of kinds that add one name to it: a procedure's acts."""
    if not kind.endswith("."):
        return rows.filter(kind=kind)
    dot_beyond = StrIndex(Substr("kind", len(kind) + 1), Value("."))
    acts: QuerySet[Any] = rows.alias(dot_beyond=dot_beyond).filter(kind__startswith=kind, dot_beyond=0)
    return acts


def part(channel: str, *, ref: str, prefix: str, start: int, stop: int) -> list[Received]:
    """Some entries of one procedure, counted in the order both parties read them: what one page shows."""
    logs = {log.pk: log for log in channel_logs(channel)}
    chosen = of_procedure(logs, ref, prefix).order_by("depth", "log__origin", "index")
    keys = list(chosen.values_list("pk", flat=True)[start:stop])
    rows = {row.pk: row for row in stored().filter(pk__in=keys)}
    return list(received([rows[key] for key in keys], logs))


def last_theirs(channel: str, *, ref: str, prefix: str) -> EntryRef | None:
    """The last entry of another party in a procedure, in the order both parties read them."""
    logs = {log.pk: log for log in their_logs(channel)}
    last = of_procedure(logs, ref, prefix).order_by("-depth", "-log__origin", "-index").first()
    return EntryRef(Origin.parse(logs[last.log_id].origin), last.index) if last is not None else None


def of_procedure(logs: Iterable[int], ref: str, prefix: str) -> QuerySet[Any]:
    """The rows of one procedure in these logs, in no order."""
    return of_kind(models.Entry.objects.filter(log__in=list(logs), ref=ref), prefix)


AT_ONCE: Final = 500


def in_batches(channel: str, refs: Iterable[str], prefix: str) -> Iterator[dict[str, list[Received]]]:
    """The entries of procedures, by reference, for so many procedures at a time that memory holds them.

    Args:
        channel: Channel id.
        refs: The procedures.
        prefix: What their kinds begin with.
    """
    ordered = sorted(refs)
    for start in range(0, len(ordered), AT_ONCE):
        yield by_ref(entries(channel, refs=ordered[start : start + AT_ONCE], prefix=f"{prefix}."))


def by_ref(received: Iterable[Received]) -> dict[str, list[Received]]:
    """Entries by the reference of their procedure, each in the order given."""
    grouped: dict[str, list[Received]] = {}
    for one in received:
        grouped.setdefault(one.entry.ref, []).append(one)
    return grouped


def entry(ref: EntryRef) -> Received:
    """One entry.

    Raises:
        NoSuchEntry: The record holds none there.
    """
    found = stored().filter(log__origin=str(ref.origin), index=ref.index).select_related("log").first()
    if found is None:
        raise NoSuchEntry(f"the record holds no entry {ref}")
    return next(received([found], {found.log.pk: found.log}))


def these(refs: Iterable[EntryRef]) -> list[Received]:
    """Just these entries, in the order both parties read them, in one query; what is not held is left out."""
    places: dict[str, list[int]] = {}
    for ref in refs:
        places.setdefault(str(ref.origin), []).append(ref.index)
    if not places:
        return []
    wanted = reduce(or_, (Q(log__origin=one, index__in=some) for one, some in places.items()))
    rows = list(stored().filter(wanted).select_related("log").order_by("depth", "log__origin", "index"))
    return list(received(rows, {row.log_id: row.log for row in rows}))


def stored() -> QuerySet[Any]:
    """Entries, each with the first receipt that covers it."""
    covering = models.Receipt.objects.filter(log=OuterRef("log"), size__gt=OuterRef("index"))
    first = covering.order_by("size", "given_at")
    return models.Entry.objects.annotate(
        receipted_at=Subquery(first.values("given_at")[:1]), receipt_size=Subquery(first.values("size")[:1])
    )


def received(rows: Iterable[Any], logs: Mapping[int, models.Log]) -> Iterator[Received]:
    """Stored entries as they are read elsewhere, given their logs by key."""
    if any(log.many for log in logs.values()):
        rows = list(rows)
        address(rows, logs)
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
            receipts=getattr(row, "receipts", {}),
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """How far a log has come, for a list of many.

    Attributes:
        receipted: How many of its entries the other party has signed for.
        last_stored_at: When its newest entry was stored here.
        unreceipted_since: When the oldest entry without a receipt was stored; None where all have one.
        is_closed: Whether it is ours and a loss keeps it closed.
    """

    party: str
    ours: bool
    size: int
    receipted: int
    last_stored_at: datetime | None
    unreceipted_since: datetime | None
    is_closed: bool


def summaries(channels: Iterable[str]) -> dict[str, list[Summary]]:
    """The logs of many channels in one query, ours first."""
    stored = models.Entry.objects.filter(log=OuterRef("pk"))
    rows = models.Log.objects.filter(channel__in=list(channels)).annotate(
        last=Subquery(stored.filter(index=OuterRef("size") - 1).values("stored_at")[:1]),
        since=Subquery(stored.filter(index=OuterRef("receipted")).values("stored_at")[:1]),
    )
    found: dict[str, list[Summary]] = {}
    for row in rows.order_by("channel", "-ours", "origin"):
        summary = Summary(
            row.party, row.ours, row.size, row.receipted, row.last, row.since, row.ours and row.is_closed
        )
        found.setdefault(row.channel, []).append(summary)
    return found


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


def last_receipt(log: models.Log, party: str = "") -> models.Receipt | None:
    """The receipt of a log that covers most; of one party's, where it is named."""
    found = models.Receipt.objects.filter(log=log, **({"party": party} if party else {}))
    return found.order_by("-size").first()


def last_stored(log: models.Log) -> datetime | None:
    """When the newest entry of a log was stored here."""
    return stored_at(log, log.size - 1)


def stored_at(log: models.Log, index: int) -> datetime | None:
    """When one entry of a log was stored here."""
    return models.Entry.objects.filter(log=log, index=index).values_list("stored_at", flat=True).first()


def receipted_by(log: models.Log, party: str) -> int:
    """How many entries of a log a party has signed for."""
    return statements.receipted_by(log, party)


def has_signed(channel: str, party: str) -> bool:
    """Whether a party has signed for anything in a channel, as far as is known here."""
    return models.Receipt.objects.filter(log__channel=channel, party=party).exists()


def receipts(log: models.Log) -> list[models.Receipt]:
    """Every receipt of a log, the smallest first."""
    return list(models.Receipt.objects.filter(log=log).order_by("size", "party"))


def all_logs() -> list[models.Log]:
    """Every log held, by channel, ours first."""
    return list(models.Log.objects.order_by("channel", "-ours", "origin"))


def leaf_hash(ref: EntryRef) -> bytes:
    """The leaf hash under which an entry stands in its tree."""
    return bytes(
        models.Entry.objects.values_list("leaf_hash", flat=True).get(
            log__origin=str(ref.origin), index=ref.index
        )
    )
