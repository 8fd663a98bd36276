"""Raising an alert: drafts that outlive a browser, the exact texts on one page, one press for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.http import QueryDict

from comity.intelligence import harmless, recognise
from comity_node.alerts import affected
from comity_node.alerts.forms import RaiseForm, filled_in
from comity_node.assistance import services
from comity_node.assistance.errors import NotFilledIn
from comity_node.counterparts.queries import trusted
from comity_node.officials import services as officials
from comity_node.register import queries, standings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.names import EntryRef
    from comity_node.assistance.models import Draft
    from comity_node.officials.models import Official, PreparedAct

PROCEDURE: Final = "alert"
SEEK: Final = "seek"  # the button that looks for objects, and sends nothing


@dataclass(frozen=True, slots=True)
class Recipient:
    """A party that will be able to read what is sent in a channel."""

    channel: str
    party: str
    name: str


def channels() -> dict[str, list[Recipient]]:
    """The channels in which an alert can be raised now, and who is in each besides us."""
    found = {log.channel: queries.others(log.channel) for log in queries.own_logs()}
    return {
        channel: [_recipient(channel, party) for party in others]
        for channel, others in found.items()
        if others and standings.begins(channel)
    }


def form(
    said: QueryDict | None, *, by: Official, before: Sequence[Draft] = (), chosen: str = ""
) -> tuple[RaiseForm, list[Recipient]]:
    """The form on which an alert is raised, and everybody who could receive it.

    Args:
        said: What was filled in.
        by: Who fills it in.
        before: The drafts it was kept as before.
        chosen: The channel it is begun in, if it is begun in one.
    """
    offered = channels()
    recipients = [one for some in offered.values() for one in some]
    labels = {
        channel: f"{', '.join(one.name for one in some)} · {channel}" for channel, some in offered.items()
    }
    alone = list(labels) if len(labels) == 1 else [chosen] if chosen in labels else []
    initial = filled_in(before) if before else {"channels": alone, "language": by.language}
    parties = {one.party for one in recipients}
    objects = None
    if affected.may_state(by):
        named = [*(said.getlist("objects") if said else ()), *map(str, initial.get("objects", ()))]
        found = affected.chosen(dict.fromkeys(named))
        if said is not None and SEEK in said:
            sought, _has_more = affected.sought(said.get("objects_words", ""), labels, by=by)
            found += [one for one in sought if one not in found]
            initial, said = {**initial, **_typed(said)}, None
        objects = affected.choices(found)
    return RaiseForm(said, channels=labels, parties=parties, initial=initial, objects=objects), recipients


def _typed(said: QueryDict) -> dict[str, Any]:
    """What stands in a form that is not sent yet, to stand there again."""
    several = ("channels", "objects", "class", "seeks", "sector")
    return {name: said.getlist(name) if name in several else said[name] for name in said}


def filled(said: Mapping[str, list[str]], *, by: Official) -> list[Draft]:
    """Keep an alert that was written without a page, as the page would.

    Args:
        said: Values by the names of the form's fields.
        by: Who wrote it.

    Raises:
        NotFilledIn: Something is missing or is no value of its field; nothing was kept.
    """
    query = QueryDict(mutable=True)
    for name, values in {"tlp": ["AMBER+STRICT"], "language": [by.language], **said}.items():
        query.setlist(name, values)
    filled_form, _recipients = form(query, by=by)
    if not filled_form.is_valid():
        faults = [f"{name}: {' '.join(map(str, why))}" for name, why in filled_form.errors.items()]
        raise NotFilledIn(f"nothing was kept: {'; '.join(faults)}")
    return keep(filled_form.cleaned_data["channels"], filled_form.written(), by=by)


def keep(
    chosen: Iterable[str], written: Mapping[str, Any], *, by: Official, before: Iterable[Draft] = ()
) -> list[Draft]:
    """Keep an alert as drafts, one for each channel; a draft of a channel no longer chosen is thrown away.

    Args:
        chosen: The channels it goes to.
        written: As ``RaiseForm.written``.
        by: Who writes it.
        before: The drafts it was kept as before.

    Raises:
        OurFault: One of the channels does not allow it now; nothing was kept.
    """
    held = {one.channel: one for one in before}
    wanted = list(dict.fromkeys(chosen))
    with transaction.atomic():
        for channel in held.keys() - set(wanted):
            services.discard(held.pop(channel), by=by)
        drafts = [
            held.get(channel) or services.draft(channel=channel, by=by, procedure=PROCEDURE, **_head(written))
            for channel in wanted
        ]
        for one in drafts:
            one.stated = {}  # a draft adds to what it states: here all of it was asked anew
            one.save(update_fields=["stated"])
        return [services.save_draft(one, by=by, **_for(one, written)) for one in drafts]


def _for(one: Draft, written: Mapping[str, Any]) -> dict[str, Any]:
    """What is written of the alert in one channel: objects are stated where their list is."""
    return {**written, "affected": affected.of_channel(written.get("affected", ()), one.channel)}


def sign(
    drafts: Iterable[Draft], shown: Mapping[int, str], *, by: Official
) -> dict[str, EntryRef | PreparedAct]:
    """Sign an alert in every channel, or in none.

    Args:
        drafts: As kept.
        shown: By the key of each draft, what ``text_digest`` gave when its text was shown.
        by: Who read the texts.

    Raises:
        OurFault: One of them may not be signed as things stand; nothing was recorded.
    """
    with transaction.atomic():
        return {one.ref: services.submit(one, shown=shown.get(one.pk, "-"), by=by) for one in drafts}


def texts(drafts: Iterable[Draft]) -> list[tuple[Draft, str, str]]:
    """The exact text of each draft, and the digest by which it is signed as it was read.

    Raises:
        DraftIncomplete: Something that must be said is missing.
    """
    acts = [(one, services.opening(one)) for one in drafts]
    return [(one, act.text(), officials.text_digest(act)) for one, act in acts]


def recognised(text: str) -> dict[str, Any]:
    """What is recognised in a text, for a page: observables that nothing opens, and what was not known."""
    found = recognise(text)
    return {
        "values": [one.value for one in found.observables],
        "observables": [(one.sort, one.value, harmless(one)) for one in found.observables],
        "unknown": found.unknown,
        "left": found.left,
    }


def _head(written: Mapping[str, Any]) -> dict[str, Any]:
    return {name: written[name] for name in ("title", "language")}


def _recipient(channel: str, party: str) -> Recipient:
    known = trusted(party)
    name = str(known.names.get("en", "")) if known else ""
    return Recipient(channel, party, name or party.upper())
