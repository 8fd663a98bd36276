"""What officials do with lists: write them down, declare, open, undertake, reveal, account for, destroy.

Pages and the command call the same functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from comity import protected
from comity.errors import ComityError
from comity.keys.salts import draw_salts
from comity.names import EntryRef
from comity_node.officials import services as officials
from comity_node.officials.access import require
from comity_node.protected_objects import access, queries
from comity_node.protected_objects.errors import (
    ListNotKept,
    ListsNotDeclaredHere,
    NoSuchList,
    ProofDoesNotHold,
    ReasonMissing,
)
from comity_node.protected_objects.models import Keeping, KeptValue, Visit
from comity_node.register import payloads, proofs, standings
from comity_node.register import queries as register
from comity_node.register.acts import Act

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity_node.officials.models import Official, PreparedAct
    from comity_node.protected_objects.models import ProtectedList

_NUMBERING_ATTEMPTS = 5


class Cover(NamedTuple):
    """What is said of a list besides its objects.

    Attributes:
        sort: ``shown`` or ``committed``.
        title: What it is called.
        purpose: What it is declared for.
        stated: What its declaration states besides: ``valid_from``, ``valid_until``, ``sought``.
        padded: Hide how many objects there are, by random leaves up to a power of two.
    """

    sort: str
    title: str
    purpose: str
    stated: Mapping[str, str | list[str]]
    padded: bool = True


def keep(
    objects: Sequence[protected.ProtectedObject],
    cover: Cover,
    *,
    channel: str,
    by: Official,
    ref: str = "",
) -> Keeping:
    """Write a list down with salts drawn for it. It is local until it is declared.

    Args:
        objects: What is on it, in any order.
        cover: What is said of it besides.
        channel: Channel whose parties it is declared to.
        by: The official who writes it down.
        ref: The list of ours of which it is a new version; a new list if left out.

    Raises:
        NotEmpowered: The official may not declare lists.
        ListsNotDeclaredHere: The channel is not open, or its charter has no lists.
        NoSuchList: There is no list of ours under the reference.
    """
    require(by, access.SIGN)
    if not standings.is_open(channel) or not queries.offers(channel):
        raise ListsNotDeclaredHere(f"nothing was kept: no list is declared in channel {channel} as it stands")
    if ref:
        own(channel, ref)
    salted = [
        protected.Salted(one, salt) for one, salt in zip(objects, draw_salts(len(objects)), strict=True)
    ]
    padding = draw_salts(protected.padding_for(len(objects))) if cover.padded else []
    commitment = protected.Tree.over(salted, padding).commitment
    said = {
        "channel": channel,
        "root": commitment.root.hex(),
        "leaves": commitment.size,
        "sort": cover.sort,
        "title": cover.title,
        "purpose": cover.purpose,
        "stated": dict(cover.stated),
        "document": {
            "objects": [
                {"object": protected.written(one.object), "salt": one.salt.hex(), "leaf": one.leaf.hex()}
                for one in salted
            ],
            "padding": [one.hex() for one in padding],
        },
        "official": by,
    }
    for attempt in range(_NUMBERING_ATTEMPTS):
        try:
            with transaction.atomic():
                number = ref or queries.next_number(timezone.now())
                kept = Keeping.objects.create(ref=number, **said)
                KeptValue.objects.bulk_create(_values(kept, salted), batch_size=1_000)
                return kept
        except IntegrityError:  # pragma: no cover - two officials at one instant
            if attempt == _NUMBERING_ATTEMPTS - 1:
                raise
    raise AssertionError  # pragma: no cover - the loop returns or raises


def _values(kept: Keeping, salted: Sequence[protected.Salted]) -> list[KeptValue]:
    return [
        KeptValue(keeping=kept, place=place, sort=key.sort, value=key.value, low=key.low)
        for place, one in enumerate(salted)
        for key in protected.keys(one.object)
    ]


def add(kept: Keeping, one: protected.ProtectedObject, *, by: Official) -> Keeping:
    """Write a list down again with one object more: it has new salts, and another commitment.

    Raises:
        NotEmpowered: The official may not declare lists.
        NoSuchList: The list is on record: it is amended by a new version.
        RowsAtFault: It has the object already, or as many as a list may have.
    """
    require(by, access.SIGN)
    rows = [*(each["object"] for each in kept.document["objects"]), protected.written(one)]
    objects = protected.checked(rows, most=settings.NODE.limits.list_objects)
    with transaction.atomic():
        discard(kept, by=by)
        cover = Cover(kept.sort, kept.title, kept.purpose, kept.stated, bool(kept.document["padding"]))
        ref = kept.ref if queries.one(kept.channel, kept.ref) else ""
        return keep(objects, cover, channel=kept.channel, by=by, ref=ref)


def discard(kept: Keeping, *, by: Official) -> None:
    """Drop a list that was written down and never declared.

    Raises:
        NotEmpowered: The official may not declare lists.
        NoSuchList: It is on record: what can be revealed is kept.
    """
    require(by, access.SIGN)
    if not queries.undeclared().filter(pk=kept.pk).exists():
        raise NoSuchList(f"nothing was dropped: {kept.ref} is on record")
    kept.delete()


def own(channel: str, ref: str) -> ProtectedList:
    """A list that we declared.

    Raises:
        NoSuchList: The record knows none of ours under this reference.
    """
    row = found(channel, ref)
    if not row.ours:
        raise NoSuchList(f"nothing was done: {ref[:60]} is not a list of ours")
    return row


def found(channel: str, ref: str) -> ProtectedList:
    """A list of the record.

    Raises:
        NoSuchList: The record knows none under this reference.
    """
    row = queries.one(channel, ref)
    if row is None:
        raise NoSuchList(f"nothing was done: there is no list {ref[:60]} in channel {channel[:40]}")
    return row


def declaration(kept: Keeping) -> Act:
    """The act that declares a list written down, or a new version of one: as it is to be signed."""
    row = queries.one(kept.channel, kept.ref)
    shown = kept.sort == "shown"
    said = protected.Listing(
        title=kept.title,
        purpose=kept.purpose,
        objects=protected.listed(salted_of(kept)) if shown else (),
        padding=tuple(kept.document["padding"]) if shown else (),
    )
    stated = {"sort": kept.sort, "root": kept.root, "leaves": str(kept.leaves), **kept.stated}
    if row is not None:
        return act_on(row, "amended", said, stated)
    others = register.others(kept.channel)
    charter = standings.instrument_of(kept.channel, standings.CHARTER)
    return Act(
        channel=kept.channel,
        kind=f"{protected.KINDS}.declared",
        ref=kept.ref,
        stated={
            "instrument": charter.id,
            "table": charter.digest,
            "requested": others[0] if len(others) == 1 else others,
            **stated,
        },
        payload=protected.document(said),
    )


def salted_of(kept: Keeping) -> list[protected.Salted]:
    """The objects of a list kept here, with their salts."""
    return [
        protected.Salted(protected.read_sent(one["object"]), bytes.fromhex(one["salt"]))
        for one in kept.document["objects"]
    ]


def act_on(
    row: ProtectedList, act: str, said: protected.Document, stated: Mapping[str, str | list[str]]
) -> Act:
    """Any act on a list after its declaration, as it is to be signed; it answers their last."""
    theirs = register.last_theirs(row.channel, ref=row.ref, prefix=f"{protected.KINDS}.")
    return Act(
        channel=row.channel,
        kind=f"{protected.KINDS}.{act}",
        ref=row.ref,
        answers=(theirs,) if theirs is not None else (),
        stated=dict(stated),
        payload=protected.document(said),
    )


def open_(
    row: ProtectedList, *, by: Official, why: str, alert: str = "", what: str = "list", leaf: str = ""
) -> Visit:
    """Note that an official opens a list or one object of it, before it is shown.

    Raises:
        NotEmpowered: The official may not read lists.
        ReasonMissing: No reason was given, and no alert named.
    """
    capacity = require(by, access.READ)
    reason = " ".join(why.split())[:500]
    known = [entry for entry, _ref in queries.alerts(row.channel)]
    if alert and alert not in known:
        raise ReasonMissing("nothing was opened: the alert named is none of this channel")
    if not reason and not alert:
        raise ReasonMissing("nothing was opened: no reason was given")
    return Visit.objects.create(
        channel=row.channel,
        ref=row.ref,
        what=what,
        leaf=leaf,
        official=by,
        office=capacity.office,
        why=reason,
        alert=alert,
    )


def kept_of(row: ProtectedList) -> Keeping:
    """The objects and salts of the version in force of a list of ours.

    Raises:
        ListNotKept: They are not on this node.
    """
    kept = queries.kept(row.channel, row.ref, row.root)
    if kept is None:
        raise ListNotKept(f"nothing was revealed: the objects and salts of {row.ref} are not kept here")
    return kept


def reveals(row: ProtectedList, leaves: Sequence[str]) -> tuple[protected.Reveal, ...]:
    """Reveal objects of the version in force of a list of ours.

    Args:
        row: The list.
        leaves: The leaf hashes of the objects, in hexadecimal.

    Raises:
        ListNotKept: Their salts are not on this node.
        BadObject: The list has no such object.
    """
    kept = kept_of(row)
    salted = salted_of(kept)
    tree = protected.Tree.over(salted, map(bytes.fromhex, kept.document["padding"]))
    by_leaf = {one.leaf.hex(): one for one in salted}
    missing = next((leaf for leaf in leaves if leaf not in by_leaf), None)
    if missing is not None or not leaves:
        raise protected.BadObject("nothing was revealed: the list has no such object")
    return tuple(protected.reveal(tree, by_leaf[leaf]) for leaf in leaves)


def reveal_act(row: ProtectedList, leaves: Sequence[str], *, alert: str = "", text: str = "") -> Act:
    """The act that reveals objects of a list of ours, as it is to be signed."""
    said = protected.Revealed(reveals=reveals(row, leaves), text=text)
    return act_on(row, "revealed", said, {"version": row.version, **({"alert": alert} if alert else {})})


def reveal_file(row: ProtectedList, leaf: str) -> bytes:
    """One object with all that shows that it was on the list, as a file that stands alone.

    Raises:
        ListNotKept: It is a list of ours, and its salts are not here.
        ProofDoesNotHold: Nobody has revealed it, or what was revealed shows nothing.
    """
    if row.ours:
        said, version = reveals(row, [leaf])[0], row.version
    else:
        said, version = _of_theirs(row, leaf)
    source = register.entry(EntryRef.parse(version))
    commitment = protected.read_stated(source.entry.stated)
    assert commitment is not None, "a version that was taken states one"
    return protected.RevealFile(
        form="comity.protected-reveal/1",
        reveal=said,
        root=commitment.root.hex(),
        size=commitment.size,
        entry=version,
        proof=proofs.proof(source.ref).decode(),
    ).encode()


def _of_theirs(row: ProtectedList, leaf: str) -> tuple[protected.Reveal, str]:
    """What they revealed, as they sent it; of an object they showed with its list, worked out from that."""
    shown = queries.by_leaf(row, leaf)
    if shown is None or shown.doubt:
        raise ProofDoesNotHold("nothing was written: nothing shows that this object was on the list")
    source = register.entry(EntryRef.parse(shown.source))
    document = payloads.payload(source)
    if shown.revealed:
        return protected.read_reveals(document, source.entry.act)[shown.place], shown.version
    listing = protected.read(document, protected.Listing)
    stated = protected.read_stated(source.entry.stated)
    assert stated is not None, "a version that shows objects states a commitment"
    salted = listing.check("shown", stated)
    tree = protected.Tree.over(salted, map(bytes.fromhex, listing.padding))
    return protected.reveal(tree, salted[shown.place]), shown.version


def access_act(row: ProtectedList, *, text: str = "") -> Act:
    """The act that reports how often each office of ours opened a list, by day."""
    opened = tuple(protected.Opened(**one) for one in queries.counted_visits(row))
    return act_on(row, "access_reported", protected.Access(opened=opened, text=text), {})


def sign(act: Act, *, shown: str = "", by: Official) -> PreparedAct | EntryRef:
    """Sign an act exactly as it was shown, or have it wait for a second official."""
    return officials.sign(act, shown=shown or officials.text_digest(act), by=by)


def verify(data: bytes) -> tuple[protected.RevealFile, protected.ProtectedObject]:
    """Read a reveal somebody handed over, and hold it against the entry on our own record.

    Raises:
        MalformedReveal: It has not its form.
        NotOnTheList: It does not show what it should, or names an entry that stated another commitment.
    """
    said = protected.read_file(data)
    try:
        stated = protected.read_stated(register.entry(EntryRef.parse(said.entry)).entry.stated)
    except ComityError as wrong:
        raise protected.NotOnTheList(f"nothing is shown: {wrong}") from wrong
    if stated != said.commitment:
        raise protected.NotOnTheList("nothing is shown: the entry it names stated another commitment")
    return said, protected.check(said.reveal, stated)
