"""What the pages on exhibits show, from the projections."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.custody import name_to_show
from comity_node.evidence import access, queries
from comity_node.listing import table
from comity_node.officials import services as officials
from comity_node.register import rooms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import QueryDict

    from comity_node.evidence.models import CustodyStep, Exhibit
    from comity_node.officials.models import Official
    from comity_node.register.acts import Act

STEPS: Final = 50
# What one act of custody may take of a page that shows many; the whole of it stands in its entry.
LONGEST_SHOWN: Final = 2_000
STATES: Final = {
    "announced": gettext_lazy("Announced, not yet arrived whole"),
    "received": gettext_lazy("Received; both sides computed the same hash"),
    "mismatched": gettext_lazy("What arrived does not match"),
}
LABELS: Final = {
    "added": gettext_lazy("Exhibit added"),
    "received": gettext_lazy("Exhibit received"),
    "mismatch": gettext_lazy("Exhibit does not match"),
    "opened": gettext_lazy("Exhibit opened"),
    "handed_over": gettext_lazy("Exhibit handed over"),
}


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
        (_("Provided to"), exhibit.receiver.upper()),
        (_("Media type, as declared"), name_to_show(exhibit.media_type) if exhibit.media_type else ""),
        (_("Seized or collected where"), exhibit.taken_where),
        (_("Seized or collected when"), exhibit.taken_at),
        (_("Seized or collected by"), exhibit.taken_by),
        (_("Request it answers"), exhibit.request),
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
    shown.marking = " ".join(
        f"{scheme}:{mark}" for scheme, mark in (("TLP", exhibit.tlp), ("PAP", exhibit.pap)) if mark
    )
    return {
        "exhibit": shown,
        "facts": facts(exhibit),
        "hands": [_hand(step, exhibit) for step in chain[start:stop]],
        "pages": place,
        "acts": [act for act in _acts(exhibit) if official.has_perm(act.power)],
        "arrival": queries.arrival(exhibit) if exhibit.state == "announced" else None,
        "sealed_size": exhibit.sealed_size,
    }


def _custodian(exhibit: Exhibit) -> str:
    """Whoever holds our side's copy, after the last hand-over on our side."""
    passed = queries.last_hand_over(exhibit, settings.NODE.party)
    return passed.said["received_by"] if passed else f"{exhibit.office} ({exhibit.provider.upper()})"


def _hand(step: CustodyStep, exhibit: Exhibit) -> SimpleNamespace:
    said = step.said
    by = _("the node itself") if step.office == step.capacity == "node" else f"{step.office}, {step.capacity}"
    if step.second_office:
        by = f"{by}; {step.second_office}, {step.second_capacity}"
    passed = f"{said['released_by']} → {said['received_by']}" if step.act == "handed_over" and said else ""
    _party, _hash, index = step.entry.rpartition("#")
    return SimpleNamespace(
        title=LABELS.get(step.act, step.act),
        ours=step.party == settings.NODE.party,
        party=step.party,
        by=by,
        at=step.at,
        place=passed or said.get("because", ""),
        purpose=said.get("purpose", ""),
        basis=step.basis,
        verified=step.verified,
        entry=step.entry,
        entry_href=reverse("web:entry", args=[step.party, exhibit.channel, int(index)]),
        hash_agrees={"received": True, "mismatch": False}.get(step.act) if said else None,
        seal=said.get("seal", ""),
        condition=_shortened(said.get("condition", "")),
        receipt=SimpleNamespace(at=step.receipted_at) if step.receipted_at else None,
        irregular=step.irregular,
        unreadable=step.unreadable,
    )


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _acts(exhibit: Exhibit) -> Iterable[SimpleNamespace]:
    """What may be done with it here, or why it may not."""
    held = exhibit.provider == settings.NODE.party or exhibit.state != "announced"
    because = "" if held else _("it has not arrived whole yet")
    for label, power, page, second in (
        (_("Open the exhibit"), access.OPEN, "evidence:open", ""),
        (_("Hand it over"), access.HAND_OVER, "evidence:hand-over", _("a second officer")),
    ):
        yield SimpleNamespace(
            label=label,
            power=power,
            href=reverse(page, args=[exhibit.channel, exhibit.ref]),
            article="practice: ISO/IEC 27037",
            verified="S",
            second=second,
            because=because,
            hint="",
            weight="plain",
        )


def confirmation(
    act: Act,
    official: Official,
    power: str,
    *,
    label: str,
    back_href: str,
    carried: Mapping[str, str],
    next_: list[str],
) -> dict[str, Any]:
    """The page that shows the exact text before anything is signed.

    Raises:
        OurFault: The custody table does not allow the act now.
    """
    verdict = rooms.verdict(act, settings.NODE.party)
    capacity = access.capacity(official, power)
    return {
        "act": SimpleNamespace(
            label=label,
            text=act.text(),
            fields=[{"label": name, "value": value} for name, value in rooms.facts(act)],
            article=verdict.basis,
            article_href=verdict.href,
            verified=verdict.verified,
            channel=act.channel,
            channel_href=reverse("evidence:list"),
            ref=act.ref,
            kind=act.kind,
        ),
        "signs": SimpleNamespace(
            name=official.display_name, office=capacity.office, capacity=capacity.capacity
        ),
        "second": _("another officer who holds the power to second it") if verdict.second_needed else "",
        "next": next_,
        "action": "",
        "hidden": [*carried.items(), ("shown", officials.text_digest(act))],
        "back_href": back_href,
    }
