"""What the pages on exhibits show, from the projections."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity import custody
from comity.custody import name_to_show
from comity_node.evidence import access, acting, passing, queries, room
from comity_node.evidence.brief import STATES
from comity_node.listing import table
from comity_node.officials import confirming, powers
from comity_node.register import due, rooms
from comity_node.register.citing import entry_address, row_address, text_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import QueryDict

    from comity.instruments import Row
    from comity_node.evidence.models import CustodyStep, Exhibit
    from comity_node.officials.models import Official
    from comity_node.register.acts import Act

STEPS: Final = 50
# What one act of custody may take of a page that shows many; the whole of it stands in its entry.
LONGEST_SHOWN: Final = 2_000
_BY_THE_NODE: Final = frozenset({"received", "mismatch"})
_OWN_PAGES: Final = {"opened": "evidence:open", "handed_over": "evidence:hand-over"}


def card(exhibit: Exhibit) -> SimpleNamespace:
    """An exhibit in short."""
    return SimpleNamespace(
        number=exhibit.ref,
        ref=exhibit.ref,
        title=name_to_show(exhibit.name)
        if exhibit.name
        else _("An exhibit whose announcement cannot be read"),
        href=reverse("evidence:exhibit", args=[exhibit.channel, exhibit.ref]),
        size=exhibit.size,
        sha256=exhibit.sha256,
        sealed=True,
        state=STATES.get(exhibit.state, exhibit.state),
        custodian=f"{exhibit.office} ({exhibit.provider.upper()})",
        since=exhibit.added_at,
    )


def facts(exhibit: Exhibit) -> list[tuple[str, str]]:
    """What was said of an exhibit when it was added, as far as anything was."""
    rows = [
        (_("Channel"), exhibit.channel),
        (_("Provided by"), exhibit.provider.upper()),
        (_("Provided to"), ", ".join(one.party.upper() for one in queries.holdings(exhibit))),
        (_("Media type, as declared"), name_to_show(exhibit.media_type) if exhibit.media_type else ""),
        (_("Seized or collected where"), exhibit.taken_where),
        (_("Seized or collected when"), exhibit.taken_at),
        (_("Seized or collected by"), exhibit.taken_by),
        (_("Request it answers"), exhibit.request),
        (_("Limits on use"), "\n".join(map(acting.words, exhibit.limits))),
        (_("Other use allowed"), "\n".join(map(acting.words, exhibit.allowed))),
        (_("Other use asked for, not answered"), "\n".join(map(acting.words, exhibit.asked))),
        (_("How it was kept"), exhibit.statement),
        (_("Cannot be read"), exhibit.malformed),
    ]
    return [(label, value) for label, value in rows if value]


def detail(exhibit: Exhibit, official: Official, said: QueryDict) -> dict[str, Any]:
    """Everything the page of one exhibit shows; of a long chain of custody the latest part first."""
    chain = queries.chain(exhibit)
    start, stop, place = table.from_the_end(said, size=STEPS, total=chain.count())
    shown = card(exhibit)
    shown.custodian = _custodian(exhibit)
    shown.description = exhibit.description
    handling = passing.marking(exhibit) if exhibit.entry else None
    marks = (
        ("TLP:", exhibit.tlp),
        ("PAP:", exhibit.pap),
        ("", handling.handling if handling else ""),
        ("", handling.handling_text if handling else ""),
    )
    shown.marking = " ".join(f"{scheme}{mark}" for scheme, mark in marks if mark)
    return {
        "exhibit": shown,
        "facts": facts(exhibit),
        "holdings": holdings(exhibit),
        "hands": [_hand(step) for step in chain[start:stop]],
        "pages": place,
        "acts": [act for act in _acts(exhibit) if official.has_perm(act.power)],
        "clock": clock(exhibit),
        "now": timezone.now(),
        "arrival": queries.arrival(exhibit) if exhibit.state == "announced" else None,
        "sealed_size": exhibit.sealed_size,
    }


def holdings(exhibit: Exhibit) -> list[SimpleNamespace]:
    """Who of several has it and who has not; nothing where one party alone receives it."""
    held = queries.holdings(exhibit)
    return [
        SimpleNamespace(
            party=one.party,
            ours=one.party == settings.NODE.party,
            state=STATES.get(one.state, one.state),
            stated_at=one.stated_at,
            entry=one.entry,
            entry_href=entry_address(one.entry),
            limits="; ".join(map(acting.words, one.limits)),
            asked="; ".join(map(acting.words, one.asked)),
        )
        for one in (held if len(held) > 1 else ())
    ]


_SHOWN: Final = ("text", "method", "done_by", "done_at", "done_where", "witnessed_by", "copies")


def _custodian(exhibit: Exhibit) -> str:
    """Whoever holds our side's copy, after the last hand-over on our side."""
    passed = queries.last_hand_over(exhibit, settings.NODE.party)
    return passed.said["received_by"] if passed else f"{exhibit.office} ({exhibit.provider.upper()})"


def _hand(step: CustodyStep) -> SimpleNamespace:
    said, rule = step.said, custody.table().act_of.get(step.act)
    by = _("the node itself") if step.office == step.capacity == "node" else f"{step.office}, {step.capacity}"
    if step.second_office:
        by = f"{by}; {step.second_office}, {step.second_capacity}"
    passed = f"{said['released_by']} → {said['received_by']}" if step.act == "handed_over" and said else ""
    return SimpleNamespace(
        title=_(rule.label) if rule else step.act,
        ours=step.party == settings.NODE.party,
        party=step.party,
        by=by,
        at=step.at,
        place=passed or said.get("because", ""),
        purpose=said.get("purpose", ""),
        stated=acting.stated(step.stated),
        words=[(room.LABELS[name], _shortened(said[name])) for name in _SHOWN if said.get(name)],
        basis=step.basis,
        basis_href=_basis_href(step),
        verified=step.verified,
        entry=step.entry,
        entry_href=entry_address(step.entry),
        hash_agrees={"received": True, "mismatch": False}.get(step.act) if said else None,
        seal=said.get("seal", ""),
        condition=_shortened(said.get("condition", "")),
        receipt=SimpleNamespace(at=step.receipted_at) if step.receipted_at else None,
        irregular=step.irregular,
        unreadable=step.unreadable,
    )


def _basis_href(step: CustodyStep) -> str:
    """Where the rule a step rests on can be read: of the rows for its act the one with its basis."""
    rows = (one for one in custody.table().rows if one.act == step.act and one.basis == step.basis)
    return row_address(next(rows, None))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _acts(exhibit: Exhibit) -> Iterable[SimpleNamespace]:
    """What our side may do with it now, by the custody table, or why it may not."""
    ours = exhibit.provider == settings.NODE.party
    because = "" if ours or exhibit.state != "announced" else _("it has not arrived whole yet")
    if because:
        yield _offer(exhibit, _row("opened", "received", "requested"), because)
    for row in _open_rows(exhibit, "requesting" if ours else "requested"):
        yield _offer(exhibit, row, "")


def _row(act: str, state: str, side: str) -> Row:
    return custody.table().found[state, act, side][0]


def _open_rows(exhibit: Exhibit, side: str) -> list[Row]:
    """The rows open to one side; what only the node states by itself is not offered."""
    done = set(queries.chain(exhibit).filter(irregular="").values_list("act", flat=True))
    held = [one.state for one in queries.holdings(exhibit)] if side == "requesting" else []
    states = [exhibit.state, *(state for state in held if state != exhibit.state)]
    rows = {
        row.act: row
        for state in reversed(states)
        for row in custody.table().rows_in.get(state, ())
        if row.by == side and row.act not in _BY_THE_NODE and done.issuperset(row.after)
    }
    idle = {"use_allowed", "use_declined"} if not exhibit.asked else set()
    idle |= {"limits_lifted"} if not exhibit.limits else set()
    return [row for act, row in rows.items() if act not in idle]


def _offer(exhibit: Exhibit, row: Row, because: str) -> SimpleNamespace:
    of = [exhibit.channel, exhibit.ref]
    page = _OWN_PAGES.get(row.act)
    return SimpleNamespace(
        label=_(row.sentence),
        power=powers.rule(f"{custody.KINDS}.{row.act}").sign,
        href=reverse(page, args=of) if page else reverse("evidence:act", args=[*of, row.act]),
        article=row.basis,
        article_href=row_address(row),
        verified=row.verified.value,
        second=_("a second officer") if row.second else "",
        because=because,
        hint="",
        weight="plain",
    )


def clock(exhibit: Exhibit) -> SimpleNamespace | None:
    """The clock of an exhibit that ends first, as pages draw it."""
    # What is owed after delivery is owed in a suspension too.
    page = reverse("evidence:exhibit", args=[exhibit.channel, exhibit.ref])
    return due.drawn(exhibit, href=page, article_href=_clock_href(exhibit))


def _clock_href(exhibit: Exhibit) -> str:
    """Where the rule of its clock can be read."""
    text, table = custody.custody(), custody.table()
    said = (exhibit.due_label, exhibit.due_basis)
    rule = next((one for one in table.clocks if (one.label, one.basis) == said), None)
    return text_address(text, "clock", rule.id, procedure=table.id) if rule else ""


def clocks(side: str) -> list[SimpleNamespace]:
    """The clocks of exhibits that run for a side, for the desk."""
    return [found for one in queries.due(side) if (found := clock(one)) is not None]


def confirmation(
    act: Act,
    official: Official,
    power: str,
    *,
    label: str,
    back_href: str,
    carried: Mapping[str, str | list[str]],
    next_: list[str],
) -> dict[str, Any]:
    """The page that shows the exact text before anything is signed.

    Raises:
        OurFault: The custody table does not allow the act now.
    """
    verdict = rooms.verdict(act, settings.NODE.party)
    shown = confirming.confirmation(
        act,
        verdict,
        by=official,
        capacity=access.capacity(official, power),
        label=label,
        channel_href=reverse("evidence:list"),
        back_href=back_href,
        carried=carried,
    )
    return {**shown, "next": next_}
