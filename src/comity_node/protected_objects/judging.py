"""Judge acts on lists before they are signed: by the table, and by what they show.

What the table cannot know is checked here, on the author's node, before anything is sent: that what is shown
is what was committed to, that a proof holds, that everything said is marked TLP:RED.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

from comity import lifecycle, protected
from comity.errors import ComityError
from comity.lifecycle.stated import values
from comity.names import EntryRef
from comity_node.protected_objects.errors import (
    ListActNotAllowed,
    ListNotKept,
    ListsNotDeclaredHere,
    ListTooLong,
    NotFilledIn,
    ProofDoesNotHold,
    QuestionTooWide,
)
from comity_node.protected_objects.models import Keeping, ListedObject
from comity_node.register.citing import row_address
from comity_node.register.ground import Ground
from comity_node.register.rooms import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from comity.instruments import Procedure, Row
    from comity.lifecycle import Table
    from comity_node.register.acts import Act
    from comity_node.register.queries import Received

_SEAL: Final = 16 * 1024  # more than sealing adds, for as many recipients as a channel has
VERSIONS: Final = ("declared", "amended")


def judge(acts: Sequence[Act], party: str) -> list[Verdict]:
    """Whether ``party`` may do these acts, each on another list of one channel, now.

    Raises:
        OurFault: It may not. The message names the provision, the hint what may be done instead.
        MalformedList: What it says does not have the form of this act.
    """
    ground = Ground(acts)
    return [_verdict(act, party, ground) for act in acts]


def _verdict(act: Act, party: str, ground: Ground) -> Verdict:
    _check_length(act)
    name = act.kind.rpartition(".")[2]
    before = ground.acts(act.ref, protected.KINDS)
    table = _table(act, ground, before)
    if name in table.procedure.openings:
        _check_opening(act, party, ground)
    row = _row(table.procedure, act, party, ground, before)
    said = read(act)
    if name in _CHECKS:
        _CHECKS[name](act, said, ground)
    if row.needs_words and not getattr(said, "text", ""):
        raise NotFilledIn(f"nothing was recorded: {row.label} says nothing without words")
    second = row.needs_second(act.stated)
    return Verdict(row.basis, row.verified.value, second, row.sentence, row_address(row))


def read(act: Act) -> protected.Document:
    """What an act says, in the form of its kind.

    Raises:
        MalformedList: It does not have it.
        ListActNotAllowed: There is no such act.
    """
    form = protected.FORMS.get(act.kind.rpartition(".")[2])
    if form is None:
        raise ListActNotAllowed(f"nothing was recorded: there is no act {act.kind[:60]}")
    return protected.read(act.payload, form)


def _table(act: Act, ground: Ground, before: Sequence[lifecycle.Act]) -> Table:
    if before:
        found = ground.table(protected.KINDS, before)
    else:
        named = (act.stated.get("instrument"), act.stated.get("table"))
        rests_on = lifecycle.tables(ground.texts, protected.KINDS)
        found = next((one for one in rests_on if (one.instrument.id, one.instrument.digest) == named), None)
    if found is None or not ground.is_open:
        raise ListsNotDeclaredHere(
            f"nothing was recorded: no list is declared in channel {ground.channel} as it stands"
        )
    return found


def _row(procedure: Procedure, act: Act, party: str, ground: Ground, before: Sequence[lifecycle.Act]) -> Row:
    found = lifecycle.judged(procedure, before, ground.candidate(act, party), ground.bearing(protected.KINDS))
    rows = [one for one in found.values() if not isinstance(one, lifecycle.Refusal)]
    if rows:
        return rows[0]
    refused = next(one for one in found.values() if isinstance(one, lifecycle.Refusal))
    raise ListActNotAllowed(f"nothing was recorded: {refused.reason}", hint=_instead(refused.may))


def _instead(rows: Iterable[Row]) -> str:
    may = "; ".join(dict.fromkeys(f"{row.label} ({row.basis})" for row in rows))
    return f"what may be done now: {may}" if may else "nothing more may be done with this list now"


def _check_length(act: Act) -> None:
    most = settings.NODE.limits.payload_bytes - _SEAL
    size = len(act.document()) if act.payload is not None else 0
    if size > most:
        raise ListTooLong(f"nothing was recorded: what is said has {size:,} bytes, and at most {most:,} pass")


def _check_opening(act: Act, party: str, ground: Ground) -> None:
    receivers = values(act.stated, "requested")
    fits = receivers and ground.others.issuperset(receivers) and act.ref.startswith(f"{party}-")
    if not fits or ground.entries(act.ref):
        raise ListActNotAllowed(
            "nothing was recorded: the list is not under a new reference of ours, or names somebody who is "
            "not in the channel"
        )


def _check_version(act: Act, said: protected.Document, _ground: Ground) -> None:
    """What is declared is what is shown, and its objects and salts are kept here."""
    stated = protected.read_stated(act.stated)
    if stated is None or not isinstance(said, protected.Listing):
        raise NotFilledIn("nothing was recorded: the commitment has not its form")
    said.check(str(act.stated.get("sort", "")), stated)
    if not Keeping.objects.filter(root=stated.root.hex(), channel=act.channel, ref=act.ref).exists():
        raise ListNotKept("nothing was recorded: the objects and salts of this list are not kept here")


def _check_reveals(act: Act, said: protected.Document, ground: Ground) -> None:
    reveals = said.reveals if isinstance(said, protected.Revealed | protected.Answer) else ()
    wants = act.kind.endswith(".revealed") or act.stated.get("is_listed") == "yes"
    if not reveals:
        if wants and _sort_of(act, ground) == "committed":
            raise ProofDoesNotHold("nothing was recorded: what is said to be on the list is not revealed")
        return
    commitment = _stated_in(ground.entries(act.ref), act.stated.get("version"))
    if commitment is None:
        raise ProofDoesNotHold("nothing was recorded: no version of the list is named that was declared")
    try:
        for one in reveals:
            protected.check(one, commitment)
    except ComityError as wrong:
        raise ProofDoesNotHold(f"nothing was recorded: {wrong}") from wrong


def _sort_of(act: Act, ground: Ground) -> str:
    """How the version named was given; of none named, the last."""
    versions = [one for one in ground.entries(act.ref) if one.entry.act in VERSIONS]
    named = [one for one in versions if str(one.ref) == act.stated.get("version")]
    last = (named or versions)[-1:]
    return str(last[0].entry.stated.get("sort", "")) if last else ""


def _check_named(act: Act, _said: protected.Document, ground: Ground) -> None:
    """What is undertaken or declined is so for a version the other side declared."""
    if _stated_in(ground.entries(act.ref), act.stated.get("version")) is None:
        raise NotFilledIn(
            "nothing was recorded: the version named is none that was declared",
            hint="name the entry by which it was declared, as the page of the list gives it",
        )


def _check_question(_act: Act, said: protected.Document, _ground: Ground) -> None:
    check_narrow(said.values if isinstance(said, protected.Question) else ())


def check_narrow(asked: Iterable[str]) -> None:
    """See to it that a question is about something, and not about everything there is.

    Raises:
        QuestionTooWide: It asks about a network that many objects of a list may be in.
    """
    wide = next(filter(protected.is_too_wide, asked), None)
    if wide is not None:
        four, six = protected.LEAST_PREFIX[4], protected.LEAST_PREFIX[6]
        raise QuestionTooWide(
            f"nothing was recorded: {wide[:60]} is wider than any question may be: /{four}, in IPv6 /{six}"
        )


def _check_accepted(act: Act, _said: protected.Document, _ground: Ground) -> None:
    """Nobody accepts by mistake a proof that does not hold."""
    shown = ListedObject.objects.filter(
        channel=act.channel, ref=act.ref, source=str(act.stated.get("revealed", "")), revealed=True
    )
    doubts = list(shown.values_list("doubt", flat=True))
    if not doubts or any(doubts):
        because = next(filter(None, doubts), "the entry named reveals nothing")
        raise ProofDoesNotHold(
            f"nothing was recorded: {because}", hint="dispute the proof: comity objects act … proof_disputed"
        )


def stated_in(received: Iterable[Received]) -> dict[str, protected.Commitment]:
    """What each version of a list states, by its entry, as far as it can be read."""
    found = (
        (str(one.ref), protected.read_stated(one.entry.stated))
        for one in received
        if one.entry.act in VERSIONS
    )
    return {ref: stated for ref, stated in found if stated is not None}


def _stated_in(received: Sequence[Received], version: object) -> protected.Commitment | None:
    known = stated_in(received)
    try:
        ref = str(EntryRef.parse(str(version)))
    except ComityError:
        return None
    return known.get(ref)


_CHECKS: Final[Mapping[str, Callable[[Act, protected.Document, Ground], None]]] = {
    "declared": _check_version,
    "amended": _check_version,
    "undertaken": _check_named,
    "undertaken_in_part": _check_named,
    "undertaking_declined": _check_named,
    "revealed": _check_reveals,
    "consulted": _check_question,
    "answered": _check_reveals,
    "proof_accepted": _check_accepted,
}
