"""Writing requests and acting on them. Pages and the command call the same functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypedDict, Unpack

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comity.drafting import realigned
from comity.instruments import steps_back
from comity.lifecycle import Table
from comity.names import EntryRef
from comity_node.assistance import acceding, attached, chartering, counting, drafting, marking, profiles
from comity_node.assistance import defects as practice
from comity_node.assistance import queries as requests
from comity_node.assistance.errors import (
    ChannelEnded,
    ChannelNotOpen,
    DraftGone,
    DraftIncomplete,
    NoLegalBasis,
    NoSuchRequest,
    WrongAddress,
)
from comity_node.assistance.judging import ELSEWHERE
from comity_node.assistance.models import Draft, Request
from comity_node.officials import services as officials
from comity_node.officials.access import require
from comity_node.officials.models import PreparedAct
from comity_node.register import queries, standings
from comity_node.register.acts import Act

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.drafting import Finding
    from comity.instruments import ActRule, Instrument
    from comity_node.assistance.drafting import Missing
    from comity_node.officials.models import Official

MAY_DRAFT: Final = "assistance.draft"
_ADDED: Final = frozenset({"stated", "fields", "translation"})  # the rest is written anew
_NOT_DRAFTED: Final = ELSEWHERE | {profiles.KINDS, attached.KINDS, counting.KINDS}
_EXERCISE: Final = "channel.exercise"  # announced in a channel that was opened for one, and in no other
_SENT_BACK: Final = (PreparedAct.State.RETURNED, PreparedAct.State.OVERTAKEN)


class About(TypedDict, total=False):
    """What a draft is to become, where it is not the first that the channel offers.

    Attributes:
        procedure: Id of the procedure, as ``preservation``; ``assistance`` if left out.
        instrument: Id of the instrument it is made under.
        act: The act it becomes, where several open the procedure.
    """

    procedure: str
    instrument: str
    act: str


def draft(
    *,
    channel: str,
    by: Official,
    requested: str = "",
    types: Sequence[str] = (),
    title: str = "",
    language: str = "en",
    **about: Unpack[About],
) -> Draft:
    """Begin a request. It is local until it is submitted, and has its reference number from the start.

    Raises:
        NotEmpowered: The official may not draft requests.
        ChannelNotOpen: There is no open channel to request anything in.
        NoLegalBasis: The channel rests on no such instrument, or none that provides for this.
        WrongAddress: Several can be asked there, and none of them is named.
    """
    require(by, MAY_DRAFT)
    if not standings.is_open(channel):
        raise ChannelNotOpen(f"no request was begun: the channel {channel} is not open")
    chosen = _chosen(channel, **about)
    others = queries.others(channel)
    if (
        (requested or len(others) > 1)
        and requested not in others
        and not drafting.is_for_all(chosen.table.procedure)
    ):
        raise WrongAddress(
            f"no request was begun: name one of those in channel {channel} that can be asked",
            hint=f"these are in it: {', '.join(others)}",
        )
    with transaction.atomic():
        return Draft.objects.create(
            channel=channel,
            requested=requested or next(iter(others), ""),
            ref=_next_reference(timezone.now().year),
            instrument=chosen.table.instrument.id,
            procedure=chosen.table.procedure.id,
            act=chosen.act.id,
            stated={
                **({"in_lieu_of": chosen.in_lieu_of[0].id} if chosen.in_lieu_of else {}),
                **chartering.begun(channel, chosen.table.procedure.kinds),
            },
            marking=marking.usual(),
            title=title,
            types=list(types),
            language=language,
            author=by,
        )


class Offered(NamedTuple):
    """A way to begin: a procedure of an instrument, and the act that opens it."""

    table: Table
    act: ActRule
    in_lieu_of: tuple[Instrument, ...]


def ways(channel: str) -> list[Offered]:
    """The ways to begin something in a channel now, in the order of its charter."""
    life = standings.life(channel)
    now, texts = timezone.now(), standings.charter_last(life.texts_now())
    return [
        Offered(Table(text, procedure), rule, steps_back(text, texts, procedure.id))
        for text in texts
        for procedure in text.procedures
        for rule in procedure.acts
        if rule.id in procedure.openings
        and procedure.kinds not in _NOT_DRAFTED
        and (life.many or procedure.kinds != acceding.KINDS)
        and (procedure.kinds != _EXERCISE or standings.is_exercise(life.opening))
        and life.may_begin(procedure, now)
    ]


def _chosen(channel: str, *, procedure: str = "assistance", instrument: str = "", act: str = "") -> Offered:
    """The first way to begin this."""
    for way in sorted(ways(channel), key=lambda one: len(one.in_lieu_of)):
        names = (way.table.procedure.id, way.table.instrument.id, way.act.id)
        if all(said in ("", name) for said, name in zip((procedure, instrument, act), names, strict=True)):
            return way
    if standings.life(channel).ended(timezone.now()) is not None:
        raise ChannelEnded(f"nothing was begun: the channel {channel} has ended")
    raise NoLegalBasis(f"nothing was begun: no instrument of the channel provides for this {procedure[:40]}")


def table(draft: Draft) -> Table:
    """The table a draft is written under.

    Raises:
        NoSuchTable: The channel does not rest on its instrument.
    """
    instrument = standings.instrument_of(draft.channel, draft.instrument)
    return Table(instrument, instrument.procedure(draft.procedure))


class Written(TypedDict, total=False):
    """What an official writes in a draft. Fields, translation and statements are added to what is there."""

    title: str
    types: list[str]
    stated: dict[str, str | list[str]]
    language: str
    fields: dict[str, str]
    translation_language: str
    translation: dict[str, str]
    translated_by: dict[str, str]
    exhibits: list[dict[str, str]]
    marking: dict[str, str]
    affected: list[dict[str, str]]


def save_draft(draft: Draft, *, by: Official, **written: Unpack[Written]) -> Draft:
    """Keep what was written so far, complete or not.

    Raises:
        NotEmpowered: The official may not draft requests.
        DraftGone: It was submitted.
    """
    require(by, MAY_DRAFT)
    with transaction.atomic():
        held = _open(draft)
        if "fields" in written:
            held.translation = _followed(held, written["fields"])
        for name, value in written.items():
            added = {**getattr(held, name), **value} if isinstance(value, dict) and name in _ADDED else value
            setattr(held, name, added)
        held.save()
    return held


def _followed(draft: Draft, written: Mapping[str, str]) -> dict[str, str]:
    """The translations, each kept beside its paragraphs where the original was changed."""
    return {
        name: realigned(draft.fields.get(name, ""), written.get(name, draft.fields.get(name, "")), text)
        for name, text in draft.translation.items()
    }


def check(draft: Draft) -> list[Missing]:
    """What the draft still lacks, by the list of the channel's instrument."""
    return drafting.missing(draft, table(draft))


def defects(draft: Draft) -> list[Finding]:
    """What would send the request back by practice, although nothing that is demanded need be missing."""
    return practice.of_draft(draft, table(draft))


def opening(draft: Draft) -> Act:
    """The act the draft becomes: what the confirmation page shows, and what is signed.

    Raises:
        DraftIncomplete: Something the instrument demands is missing.
    """
    of = table(draft)
    demanded = [gap.label for gap in drafting.missing(draft, of) if gap.demanded]
    if demanded:
        raise DraftIncomplete(f"the request was not submitted; it lacks: {'; '.join(demanded)}")
    return drafting.to_act(draft, of)


def submit(draft: Draft, *, by: Official, shown: str = "") -> PreparedAct | EntryRef:
    """Hand a finished draft over for signature: the procedure says whether a second officer must approve.

    The same text handed over again while it waits is the one that waits already.

    Args:
        draft: The draft.
        by: Who submits it.
        shown: SHA-256 of the text that was shown; without it, the text is taken as it is.

    Raises:
        TextMoved: The draft was changed after it was shown.
        DraftIncomplete: Something the instrument demands is missing.
        DraftGone: It was submitted already.
        OurFault: The official lacks the power, or the channel does not allow it now.
    """
    with transaction.atomic():
        waiting = _waiting(draft, shown)
        if waiting is not None:
            return waiting
        held = _open(draft)
        act = opening(held)
        done = officials.sign(act, shown=shown or officials.text_digest(act), by=by)
        held.entry = str(done) if isinstance(done, EntryRef) else ""
        held.prepared = None if isinstance(done, EntryRef) else done
        held.save(update_fields=["entry", "prepared"])
    return done


def reopen(draft: Draft, *, by: Official) -> Draft:
    """Take up again a draft that a second officer returned or that was overtaken.

    Raises:
        NotEmpowered: The official may not draft requests.
        DraftGone: It stands on record, or still waits for the second officer.
    """
    require(by, MAY_DRAFT)
    with transaction.atomic():
        held = Draft.objects.filter(pk=draft.pk, prepared__state__in=_SENT_BACK).first()
        if held is None:
            raise DraftGone(f"the draft {draft.ref} was not taken up again: nobody has sent it back")
        held.prepared = None
        held.save(update_fields=["prepared"])
    return held


def discard(draft: Draft, *, by: Official) -> None:
    """Throw an open draft away. Nothing of it was ever on record.

    Raises:
        NotEmpowered: The official may not draft requests.
        DraftGone: It was submitted.
    """
    require(by, MAY_DRAFT)
    with transaction.atomic():
        _open(draft).delete()


def proposed(
    *,
    channel: str,
    ref: str,
    kind: str,
    stated: Mapping[str, str | list[str]],
    payload: Mapping[str, Any],
    answers: EntryRef | None = None,
) -> Act:
    """The act as it would be signed now.

    It answers the entry given, or else the last one of the other party on this request. What this node has to
    count itself, it counts.
    """
    theirs = answers or queries.last_theirs(channel, ref=ref, prefix=f"{kind.rpartition('.')[0]}.")
    said = {name: value for name, value in payload.items() if value not in ("", None, [], {})}
    wanted = Act(
        channel=channel,
        kind=kind,
        ref=ref,
        answers=(theirs,) if theirs is not None else (),
        stated=dict(stated),
        payload=said or None,
    )
    return counting.completed(wanted)


def act(
    *,
    channel: str,
    ref: str,
    act_name: str,
    by: Official,
    stated: Mapping[str, str | list[str]] | None = None,
    payload: Mapping[str, Any] | None = None,
) -> PreparedAct | EntryRef:
    """Do anything a request's procedure knows, from either side: acknowledge, refuse, execute, withdraw.

    Args:
        channel: Channel id.
        ref: The request.
        act_name: The act, as the table names it: ``refused``.
        by: The official who signs or prepares.
        stated: The codes the table demands in the open header.
        payload: What is sealed: ``text``, ``language``, ``exhibits``.

    Returns:
        The entry, or the prepared act where the table wants a second officer.

    Raises:
        OurFault: The table does not allow it now, or the official lacks the power; nothing was recorded.
    """
    row = requests.request(channel, ref)
    if row is None:
        raise NoSuchRequest(f"nothing was recorded: there is no request {ref[:60]} in channel {channel[:40]}")
    kind = f"{row.kinds}.{act_name}"
    wanted = proposed(channel=channel, ref=ref, kind=kind, stated=stated or {}, payload=payload or {})
    return officials.prepare(wanted, by=by)


def _waiting(draft: Draft, shown: str) -> PreparedAct | None:
    """What became of this very text, if it was handed over before and still waits."""
    held = Draft.objects.select_related("prepared").get(pk=draft.pk)
    waits = held.prepared is not None and held.prepared.state == PreparedAct.State.AWAITING
    return held.prepared if waits and officials.text_digest(opening(held)) == shown else None


def _open(draft: Draft) -> Draft:
    """The draft, locked, if it can still be written."""
    held = Draft.objects.select_for_update().filter(pk=draft.pk, entry="", prepared=None).first()
    if held is None:
        raise DraftGone(f"nothing was changed: the draft {draft.ref} is no longer open")
    return held


def _next_reference(year: int) -> str:
    beginning = f"{settings.NODE.party}-{year}-"
    listed = Request.objects.filter(ref__startswith=beginning)
    lodged = listed.filter(ours=True).values_list("ref", flat=True)
    drafted = Draft.objects.filter(ref__startswith=beginning).values_list("ref", flat=True)
    elsewhere = listed.filter(ours=False).values_list("ref", flat=True)
    return drafting.next_reference(beginning, {*lodged, *drafted}, set(elsewhere))
