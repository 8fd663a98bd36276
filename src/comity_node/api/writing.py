"""Writing by case systems: drafts, and acts on requests filled in for an official. Nothing here signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse

from comity_node.api import asked, drafted, handing, services
from comity_node.api.call import href
from comity_node.api.errors import HandedOverAlready, NotHandedOver, NothingHere
from comity_node.assistance import defects, drafting, filling, marking, queries
from comity_node.assistance import services as assistance
from comity_node.assistance.models import Draft as DraftRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from comity_node.api.call import Call
    from comity_node.api.models import HandedOver
    from comity_node.assistance.filling import Said

_SENT_BACK: Final = ("returned", "overtaken")
_HEAD: Final = ("title", "types", "language", "translation_language")


def draft_list(call: Call[asked.Paged]) -> drafted.Drafts:
    """List the drafts of the office that are not on record, the latest first."""
    found = queries.drafts(call.caller.official)
    if call.caller.only:
        found = found.filter(channel__in=call.caller.only)
    start = (call.said.page - 1) * call.said.size
    return drafted.Drafts(
        drafts=[_shown(one) for one in found[start : start + call.said.size]],
        page=call.said.page,
        size=call.said.size,
        total=found.count(),
    )


def begin(call: Call[asked.NewDraft]) -> drafted.Draft:
    """Begin a request. It has its reference from the start, and stays local until an official signs it."""
    said, official = call.said, call.caller.official
    call.caller.must_see(said.channel)
    about = assistance.About(procedure=said.procedure, instrument=said.instrument, act=said.act)
    begun = assistance.draft(
        channel=said.channel,
        requested=said.requested or "",
        by=official,
        language=official.language,
        **about,
    )
    written = _write(begun, said, call)
    services.note(official, "token.draft-begun", call.caller.token, begun.ref)
    return _shown(written)


def draft(call: Call[asked.Said]) -> drafted.Draft:
    """Read a draft of the office, and where it stands; one that is on record says which request it became."""
    return _shown(_found(call))


def write(call: Call[asked.DraftChanges]) -> drafted.Draft:
    """Go on writing a draft. What is left out stays as it was."""
    return _shown(_write(_open(call), call.said, call))


def discard(call: Call[asked.Said]) -> None:
    """Throw an open draft away. Nothing of it was ever on record."""
    found = _open(call)
    assistance.discard(found, by=call.caller.official)
    services.note(call.caller.official, "token.draft-discarded", call.caller.token, found.ref)


def check(call: Call[asked.Said]) -> drafted.Check:
    """Say what a draft lacks, and what sends such requests back in practice."""
    found = _found(call)
    gaps = assistance.check(found)
    told = defects.shown(assistance.defects(found), assistance.table(found).instrument)
    return drafted.Check(
        complete=not any(gap.demanded for gap in gaps),
        missing=[_copied(drafted.Lack, gap) for gap in gaps],
        defects=[_copied(drafted.Defect, one) for one in told],
    )


def hand_over(call: Call[asked.HandOver]) -> drafted.HandedOver:
    """Hand a finished draft over. An official reads the exact text and signs it, or sends it back."""
    found = _open(call, even_if_waiting=True)
    act = assistance.opening(found)
    handed = handing.hand_over(act, token=call.caller.token, draft=found, note=call.said.note)
    return handing.shown(handed)


def handed_over(call: Call[asked.Said]) -> drafted.HandedOver:
    """Read what was handed over of a draft, and why it was sent back, if it was."""
    found = _found(call)
    return handing.shown(_there(handing.waiting_draft(found)))


def take_back(call: Call[asked.Said]) -> None:
    """Take a draft back: one that was handed over, or that an official sent back. It can be written again."""
    found, token = _found(call), call.caller.token
    waiting = handing.waiting_draft(found)
    if found.prepared is not None and found.prepared.state in _SENT_BACK:
        assistance.reopen(found, by=call.caller.official)
        if waiting is None:
            return
    elif found.entry or found.prepared is not None:
        raise NotHandedOver(f"nothing was taken back: the draft {found.ref} was signed")
    handing.take_back(waiting, token=token)


def prepare(call: Call[asked.PreparedAct]) -> drafted.HandedOver:
    """Fill in an act on a request. An official reads the exact text and signs it, or sends it back."""
    channel, ref, name, said = call.channel, call.place["ref"], call.place["act"], call.said
    filled = {
        **_lists(said.stated),
        **_lists(said.marking, marking.MARKED),
        **({"text": [said.text]} if said.text else {}),
        **({"language": [said.language]} if said.language is not None else {}),
        **({"exhibits": filling.exhibits(channel, said.exhibits)} if said.exhibits else {}),
    }
    act = filling.act(channel, ref, name, filled, by=call.caller.official)
    return handing.shown(
        handing.hand_over(act, token=call.caller.token, name=name, said=filled, note=said.note)
    )


def prepared(call: Call[asked.Said]) -> drafted.HandedOver:
    """Read an act that was filled in and waits for an official, and why it was sent back, if it was."""
    return handing.shown(_there(_of_request(call)))


def take_back_act(call: Call[asked.Said]) -> None:
    """Take back an act that was filled in and waits for an official."""
    handing.take_back(_there(_of_request(call)), token=call.caller.token)


def _of_request(call: Call[Any]) -> HandedOver | None:
    acts = handing.waiting_acts(call.channel, call.place["ref"], call.caller.official.office)
    return acts.filter(act=call.place["act"]).first()


def _there(found: HandedOver | None) -> HandedOver:
    if found is None:
        raise NothingHere("nothing was handed over there, or it has been signed")
    return found


def _found(call: Call[Any]) -> DraftRow:
    """A draft of the office in a channel the token sees, on record or not.

    Raises:
        NothingHere: There is none.
    """
    ref = call.place["ref"]
    found = _drafts(call).filter(ref=ref).first()
    if found is None or not call.caller.sees(found.channel):
        raise NothingHere(f"there is no draft {ref} for this token")
    return found


def _drafts(call: Call[Any]) -> QuerySet[DraftRow]:
    rows = DraftRow.objects.select_related("author", "prepared")
    return rows.filter(author__office=call.caller.official.office)


def _open(call: Call[Any], *, even_if_waiting: bool = False) -> DraftRow:
    """A draft that nobody waits to read.

    Raises:
        HandedOverAlready: It was handed over: what an official reads is not changed under their eyes.
    """
    found = _found(call)
    waiting = handing.waiting_draft(found)
    if waiting is not None and not (even_if_waiting or waiting.returned):
        raise HandedOverAlready(f"nothing was changed: the draft {found.ref} waits for an official")
    return found


def _write(found: DraftRow, said: asked.DraftChanges, call: Call[Any]) -> DraftRow:
    """Keep what is said, by the checks of the page; types and languages first: they decide on the rest."""
    official = call.caller.official
    head = {name: getattr(said, name) for name in _HEAD if getattr(said, name) is not None}
    body: Said = {
        **_lists(said.fields),
        **_lists(said.translation, drafting.TRANSLATED),
        **_lists(said.stated, drafting.STATED),
        **_lists(said.marking, marking.MARKED),
    }
    if said.exhibits is not None:
        body["exhibits"] = filling.exhibits(found.channel, said.exhibits) or [""]
    for part in (_lists(head), body):
        if part:
            found = filling.write(found, part, by=official)
    return found


def _lists(said: Mapping[str, str | list[str]], prefix: str = "") -> Said:
    """Values by the names of a form's fields."""
    return {prefix + name: value if isinstance(value, list) else [value] for name, value in said.items()}


def _shown(found: DraftRow) -> drafted.Draft:
    waiting = handing.waiting_draft(found)
    state, because = _state(found, waiting)
    copied = {name: getattr(found, name) for name in drafted.Draft.__struct_fields__ if hasattr(found, name)}
    return drafted.Draft(
        **{
            **copied,
            "state": state,
            "because": because,
            "author": found.author.login,
            "href": href("drafts", found.ref),
            "page_href": reverse("assistance:draft", args=[found.pk]),
            "request_href": href("requests", found.channel, found.ref) if state == "on record" else "",
        }
    )


def _state(found: DraftRow, waiting: HandedOver | None) -> tuple[drafted.DraftState, str]:
    prepared = found.prepared
    if found.entry or (prepared is not None and prepared.state == "signed"):
        return "on record", ""
    if prepared is not None and prepared.state in _SENT_BACK:
        return "sent back", prepared.reason
    if prepared is not None:
        return "waits for a second officer", ""
    if waiting is not None:
        return ("sent back", waiting.returned) if waiting.returned else ("handed over", "")
    return "open", ""


def _copied(form: Any, row: object) -> Any:  # noqa: ANN401 - any form of an answer, from any row that has its names
    return form(**{name: getattr(row, name) for name in form.__struct_fields__})
