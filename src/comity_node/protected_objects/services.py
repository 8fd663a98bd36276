"""What officials do with lists: write them down, declare, open, undertake, account for, destroy.

Pages and the command call the same functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comity import protected
from comity.keys.salts import draw_salts
from comity_node.officials import services as officials
from comity_node.officials.access import require
from comity_node.protected_objects import access, queries
from comity_node.protected_objects.errors import (
    ListsNotDeclaredHere,
    NoSuchList,
    ReasonMissing,
)
from comity_node.protected_objects.models import Keeping, KeptValue, Visit
from comity_node.register import queries as register
from comity_node.register import standings
from comity_node.register.acts import Act
from comity_node.register.numbering import numbered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.names import EntryRef
    from comity_node.officials.models import Official, PreparedAct
    from comity_node.protected_objects.models import ProtectedList


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
    row = {
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
    with transaction.atomic():
        if ref:
            kept = Keeping.objects.create(ref=ref, **row)
        else:
            kept = numbered(
                lambda: queries.next_number(timezone.now()),
                lambda number: Keeping.objects.create(ref=number, is_first=True, **row),
            )
        KeptValue.objects.bulk_create(_values(kept, salted), batch_size=1_000)
        return kept


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


def access_act(row: ProtectedList, *, text: str = "") -> Act:
    """The act that reports how often each office of ours opened a list, by day."""
    opened = tuple(protected.Opened(**one) for one in queries.counted_visits(row))
    return act_on(row, "access_reported", protected.Access(opened=opened, text=text), {})


def sign(act: Act, *, shown: str = "", by: Official) -> PreparedAct | EntryRef:
    """Sign an act exactly as it was shown, or have it wait for a second official."""
    return officials.sign(act, shown=shown or officials.text_digest(act), by=by)
