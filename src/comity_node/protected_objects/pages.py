"""What the pages on protected objects show, from the projections and from what is kept here."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity import protected
from comity.protected.reveal import MOST_BYTES
from comity.protected.values import letters_of, mixes_scripts
from comity_node.listing import table as listing
from comity_node.officials import confirming, powers
from comity_node.officials.access import holds, require
from comity_node.protected_objects import acting, queries, wording
from comity_node.protected_objects.models import ListedObject
from comity_node.register import due, rooms
from comity_node.register import queries as register
from comity_node.register.citing import entry_address, row_address
from comity_node.register.describing import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.http import QueryDict

    from comity.instruments import Row
    from comity_node.officials.models import Official
    from comity_node.protected_objects.models import ProtectedList, Undertaken, Visit
    from comity_node.register.acts import Act

PAGE: Final = 50
MOST_PROOF: Final = MOST_BYTES + 1
_ENTRIES: Final = 100
_VISITS: Final = 50
_OVER: Final = ("ended", "closed")


def page_of(row: ProtectedList) -> str:
    """The page of a list."""
    return reverse("protected_objects:list", args=[row.channel, row.ref])


def lists(reader: Official, said: QueryDict) -> dict[str, Any]:
    """The lists of both sides, a page of them, and what is written down here and not declared."""
    part, place = listing.page_of(said, queries.lists(), size=PAGE)
    bound = queries.undertaken_of_all(part)
    may_declare = holds(reader, "objects.sign")
    return {
        "lists": [card(one, bound.get((one.channel, one.ref), [])) for one in part],
        "pages": place,
        "kept": queries.undeclared() if may_declare else [],
        "channels": queries.open_channels() if may_declare else [],
        "empty": {
            "what": _("No list is on record"),
            "why": _("Neither side has declared objects of its critical infrastructure."),
        },
    }


def card(row: ProtectedList, bound: Sequence[Undertaken]) -> SimpleNamespace:
    """A list in short."""
    return SimpleNamespace(
        ref=row.ref,
        href=page_of(row),
        title=row.title or _("A list that cannot be read"),
        ours=row.ours,
        party=row.declarer,
        channel=row.channel,
        standing=_(row.label),
        tone="closed" if row.state in _OVER else "open",
        sort=wording.word(row.sort),
        count=row.objects_shown,
        leaves=row.leaves,
        valid_until=date.fromisoformat(row.valid_until) if row.valid_until else None,
        undertaken=_bound(bound),
        doubt=row.doubt,
        exercise=row.exercise,
    )


def _bound(bound: Iterable[Undertaken]) -> str:
    said = (
        f"{one.party.upper()}: {', '.join(wording.word(code) for code in one.undertaking)}"
        for one in bound
        if one.undertaking
    )
    return "; ".join(said)


def one(row: ProtectedList, reader: Official) -> dict[str, Any]:
    """Everything about a list but what is on it."""
    received = register.entries(row.channel, ref=row.ref, prefix=f"{protected.KINDS}.", last=_ENTRIES)
    return {
        "list": card(row, queries.undertaken(row)),
        "facts": list(_facts(row)),
        "holders": [_holder(each, row) for each in queries.undertaken(row)],
        "entries": describe(row.channel, received),
        "acts": [one for one in _acts(row) if holds(reader, one.power)],
        "visits": queries.visits(row)[:_VISITS],
        "visit_count": queries.visits(row).count(),
        "clock": clock(row),
        "can_open": bool(row.objects_shown or row.ours or queries.revealed(row)),
    }


def _facts(row: ProtectedList) -> Iterator[tuple[str, str]]:
    rows = [
        (_("Standing"), _(row.label)),
        (_("Declared by"), row.declarer.upper()),
        (_("How it is given"), wording.word(row.sort)),
        (_("Purpose"), row.purpose),
        (_("Version"), str(row.number)),
        (_("Valid from"), row.valid_from),
        (_("Valid until"), row.valid_until),
        (_("Undertaking sought"), "\n".join(str(wording.UNDERTAKINGS.get(one, one)) for one in row.sought)),
        (_("Objects shown"), str(row.objects_shown) if row.sort == "shown" else ""),
        (_("Leaves committed to"), f"{row.leaves:,}"),
        (_("Content"), _contents().get(row.content, "")),
        (_("Cannot be relied upon"), row.doubt),
    ]
    yield from ((label, value) for label, value in rows if value)


def _contents() -> dict[str, str]:
    return {
        "erased": _("Erased here, as we certified. The entries and the commitment stand."),
        "unreadable": _("It cannot be read; it stands as sent."),
        "none": _("It was sent without content."),
    }


def _holder(one: Undertaken, row: ProtectedList) -> SimpleNamespace:
    return SimpleNamespace(
        party=one.party,
        ours=one.party == settings.NODE.party,
        standing=_(one.label),
        undertaking=[str(wording.UNDERTAKINGS.get(code, code)) for code in one.undertaking],
        in_part=one.in_part,
        entry=one.bound_by,
        entry_href=entry_address(one.bound_by),
        is_of_earlier=bool(one.version and one.version != row.version),
        asked=one.disposal_asked,
        asked_href=entry_address(one.disposal_asked),
        disposed=one.disposed,
        disposed_href=entry_address(one.disposed),
        disposed_at=one.disposed_at,
        how=wording.word(one.how),
    )


def _acts(row: ProtectedList) -> Iterator[SimpleNamespace]:
    """What our side may do with it now, by the table."""
    side = "requesting" if row.ours else "requested"
    states = {row.state, *(one.state for one in queries.undertaken(row) if row.ours)}
    prefix = f"{protected.KINDS}."
    entries = register.entries(row.channel, ref=row.ref, prefix=prefix)
    done = {one.entry.act for one in entries}
    found: dict[str, Row] = {}
    for state in states:
        for one in acting.table().rows_in.get(state, ()):
            if one.by == side and done.issuperset(one.after) and one.act not in _elsewhere(row, done):
                found.setdefault(one.act, one)
    for one in found.values():
        yield _offer(row, one)


def _elsewhere(row: ProtectedList, done: set[str]) -> set[str]:
    """What is not offered here: what is revealed is chosen on its page; what nobody asked is not answered."""
    idle = {"revealed"}
    idle |= set() if "consulted" in done else {"answered"}
    idle |= set() if row.valid_until < f"{timezone.now():%Y-%m-%d}" else {"lapsed"}
    idle |= set() if row.objects_shown or "access_asked" in done else {"access_reported"}
    return idle


def _offer(row: ProtectedList, one: Row) -> SimpleNamespace:
    of = [row.channel, row.ref]
    href = (
        reverse("protected_objects:amend", args=of)
        if one.act == "amended"
        else reverse("protected_objects:act", args=[*of, one.act])
    )
    return SimpleNamespace(
        label=_(one.sentence),
        power=powers.rule(f"{protected.KINDS}.{one.act}").sign,
        href=href,
        article=one.basis,
        article_href=row_address(one),
        verified=one.verified.value,
        second=_("a second officer") if one.second else "",
        because="",
        hint="",
        weight="plain",
    )


def opened(row: ProtectedList, visit: Visit, said: QueryDict) -> dict[str, Any]:
    """What the version in force shows, or what we keep of our own; and what was revealed."""
    is_kept = row.ours and not row.objects_shown
    part, place = listing.page_of(said, _kept(row) if is_kept else queries.objects(row), size=PAGE)
    return {
        "list": card(row, queries.undertaken(row)),
        "visit": visit,
        "objects": [_line(one, visit) for one in part],
        "revealed": [_line(one, visit) for one in queries.revealed(row)],
        "pages": place,
        "back_href": page_of(row),
        "is_kept": is_kept,
    }


def _kept(row: ProtectedList) -> list[ListedObject]:
    """The objects of a list of ours that is only committed to: they stand nowhere but here."""
    kept = queries.kept(row.channel, row.ref, row.root)
    listed = kept.document["objects"] if kept else []
    return [
        ListedObject(
            channel=row.channel,
            ref=row.ref,
            version=row.version,
            ours=True,
            leaf=one["leaf"],
            name=one["object"]["name"],
            sector=one["object"]["sector"],
            said=one["object"],
        )
        for one in listed
    ]


def object_of(row: ProtectedList, leaf: str) -> ListedObject | None:
    """One object of a list by its leaf: on record, or kept here."""
    on_record = queries.by_leaf(row, leaf)
    if on_record is not None or not row.ours:
        return on_record
    return next((one for one in _kept(row) if one.leaf == leaf), None)


def object_(row: ProtectedList, visit: Visit, shown: ListedObject, reader: Official) -> dict[str, Any]:
    """The page of one object."""
    of = [row.channel, row.ref, visit.pk, shown.leaf]
    may_reveal = row.ours and row.state != "closed" and holds(reader, "objects.answer")
    return {
        "list": card(row, queries.undertaken(row)),
        "object": shown,
        "facts": facts_of(shown),
        "warnings": _warnings(shown),
        "reveal_href": reverse("protected_objects:reveal", args=of) if may_reveal else "",
        "proof_href": reverse("protected_objects:proof", args=of),
        "back_href": reverse("protected_objects:opened", args=of[:3]),
        "source": shown.source,
        "source_href": entry_address(shown.source),
    }


def facts_of(shown: ListedObject) -> list[tuple[str, str]]:
    """An object, field by field."""
    found = []
    for name, label in wording.COLUMNS.items():
        value = shown.said.get(name, "")
        lines = value if isinstance(value, list) else [value]
        worded = [wording.word(one) if name in ("sector", "undertaking") else one for one in lines if one]
        if name == "domains":
            worded = [f"{one} ({letters})" if (letters := letters_of(one)) else one for one in worded]
        if worded:
            found.append((str(label), "\n".join(worded)))
    return found


def _warnings(shown: ListedObject) -> list[str]:
    names = [one for one in shown.said.get("domains", ()) if mixes_scripts(one)]
    return [
        _("%(domain)s mixes letters of several scripts, as names that are made to mislead do.")
        % {"domain": one}
        for one in names
    ]


def _line(one: ListedObject, visit: Visit) -> SimpleNamespace:
    values = [each for name in ("domains", "networks", "as_numbers") for each in one.said.get(name, ())]
    href = reverse("protected_objects:object", args=[one.channel, one.ref, visit.pk, one.leaf])
    return SimpleNamespace(
        name=one.name,
        sector=wording.word(one.sector),
        owner=one.said.get("owner", ""),
        values=values[:3],
        more=max(0, len(values) - 3),
        href=href if one.leaf else "",
        doubt=one.doubt,
        source=one.source,
        source_href=entry_address(one.source),
    )


def clock(row: ProtectedList) -> SimpleNamespace | None:
    """The clock of a list that ends first, as pages draw it."""
    return due.drawn(row, href=page_of(row))  # no suspension holds up what is owed for a list


def clocks(side: str, reader: Official) -> list[SimpleNamespace]:
    """The clocks of lists that run for a side, for the desk of whoever may read lists."""
    rows = queries.due(side) if holds(reader, "objects.read") else ()
    return [found for one in rows if (found := clock(one)) is not None]


def confirmation(
    act: Act, official: Official, *, back_href: str, carried: Mapping[str, Any]
) -> dict[str, Any]:
    """The page that shows the exact text before anything is signed.

    Raises:
        OurFault: The table does not allow the act now.
    """
    verdict = rooms.verdict(act, settings.NODE.party)
    next_ = [_("It goes to the other side with the next delivery, sealed and marked TLP:RED.")]
    if verdict.second_needed:
        next_ = [_("A second officer reads the same text and approves it."), *next_]
    shown = confirming.confirmation(
        act,
        verdict,
        by=official,
        capacity=require(official, powers.rule(act.kind).sign),
        label=_(verdict.sentence),
        channel_href=back_href,
        back_href=back_href,
        carried=carried,
    )
    return {**shown, "next": next_}
