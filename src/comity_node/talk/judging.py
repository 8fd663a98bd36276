"""Judge what officers are about to do in a talk, before it is signed: by the few acts that carry weight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from comity import lifecycle
from comity.errors import BadName
from comity.lifecycle.stated import values
from comity.names import EntryRef
from comity_node.register import queries, standings
from comity_node.register.citing import row_address
from comity_node.register.ground import Ground
from comity_node.register.rooms import Verdict
from comity_node.talk.errors import (
    ChannelNotOpen,
    MessageTooLong,
    NoSuchMinutes,
    NothingNew,
    NothingSaid,
    NotWithAll,
    TalkNotAllowed,
)
from comity_node.talk.models import Line, Talk
from comity_node.talk.projecting import KINDS, OPENED, READ, SAID, TRANSLATED, weight_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.instruments import Row
    from comity_node.register.acts import Act

PROPOSED, AGREED, DIVERGED, WITHDRAWN = (
    "minutes_proposed",
    "minutes_agreed",
    "minutes_diverged",
    "minutes_withdrawn",
)
_SAYING: Final = frozenset({SAID, TRANSLATED, PROPOSED, DIVERGED})
_SHORT: Final = frozenset({SAID, TRANSLATED})


def judge(acts: Sequence[Act], party: str) -> list[Verdict]:
    """Whether ``party`` may do these acts, each in another talk of one channel, now.

    Raises:
        OurFault: It may not; the message says why, the hint what may be done instead.
    """
    ground = Ground(acts)
    if not ground.is_open:
        raise ChannelNotOpen(f"nothing was recorded: the channel {ground.channel} is not open")
    return [_verdict(_row_for(act, party, ground)) for act in acts]


def _verdict(row: Row) -> Verdict:
    return Verdict(
        basis=row.basis,
        verified=row.verified.value,
        second_needed=row.second,
        sentence=row.sentence,
        href=row_address(row),
    )


def _row_for(act: Act, party: str, ground: Ground) -> Row:
    name = act.kind.rpartition(".")[2]
    known = Talk.objects.filter(channel=act.channel, ref=act.ref).first()
    weight = standings.lifecycle_acts(weight_of(known)) if known is not None else []
    if name == OPENED:
        _check_opening(act, party, ground, is_new=known is None)
        table = next((one for one in lifecycle.tables(ground.life.texts, KINDS) if _names(act, one)), None)
    else:
        table = ground.table(KINDS, weight)
    if table is None:
        raise TalkNotAllowed(_("nothing was recorded: the charter of this channel is one without talks"))
    candidate = ground.candidate(act, party)
    found = lifecycle.judged(table.procedure, weight, candidate, ground.bearing(KINDS))
    rows = [one for one in found.values() if not isinstance(one, lifecycle.Refusal)]
    if not rows:
        refused = next(one for one in found.values() if isinstance(one, lifecycle.Refusal))
        may = "; ".join(dict.fromkeys(row.label for row in refused.may))
        hint = _("what may be done now: %(acts)s") % {"acts": may} if may else ""
        raise TalkNotAllowed(f"nothing was recorded: {refused.reason}", hint=hint)
    _check_words(act, name)
    if known is not None:
        _check_named(act, name, party, known)
    return rows[0]


def _names(act: Act, table: lifecycle.Table) -> bool:
    text = table.instrument
    return (act.stated.get("instrument"), act.stated.get("table")) == (text.id, text.digest)


def _check_opening(act: Act, party: str, ground: Ground, *, is_new: bool) -> None:
    if not act.ref.startswith(f"{party}-"):
        raise TalkNotAllowed(f"nothing was recorded: {act.ref} does not begin with {party}-")
    if not is_new or queries.entries(act.channel, ref=act.ref, most=1):
        raise TalkNotAllowed(f"nothing was recorded: {act.ref} is in use in this channel")
    if set(values(act.stated, "requested")) != ground.others:
        named = ", ".join(sorted(ground.others))
        raise NotWithAll(f"nothing was recorded: a talk is with everybody in the channel: {named}")


def _check_words(act: Act, name: str) -> None:
    """Whether what is said can be sent, and read by the other side in full."""
    if name not in _SAYING:
        return
    said: dict[str, Any] = dict(act.payload or {})
    text, translated = str(said.get("text", "")), said.get("translation")
    translation = str(translated.get("text", "")) if isinstance(translated, dict) else ""
    if not text.strip():
        raise NothingSaid("nothing was recorded: there are no words in it")
    most = (
        settings.NODE.limits.message_characters if name in _SHORT else settings.NODE.limits.minutes_characters
    )
    limit = "message_characters" if name in _SHORT else "minutes_characters"
    longest = max(len(text), len(translation))
    if longest > most:
        raise MessageTooLong(
            f"nothing was recorded: it has {longest:,} characters, and limits.{limit} here is {most:,}"
        )


def _check_named(act: Act, name: str, party: str, known: Talk) -> None:
    """Whether the entries an act is about are what it takes them for."""
    if name == READ:
        upto = known.opened.get(party, {})
        named = [EntryRef.parse(one) for one in values(act.stated, "up_to")]
        if not any(one.index > upto.get(one.origin.party, -1) for one in named):
            raise NothingNew("nothing was recorded: this desk has opened all of it")
    elif name == TRANSLATED:
        if _line(known, act.stated.get("of")) is None:
            raise TalkNotAllowed("nothing was recorded: there is no such message in this talk")
    elif name == PROPOSED:
        waiting = [one for one in minutes_of(known) if one.party == party and not answers_to(known, one)]
        if waiting:
            raise NoSuchMinutes(
                f"nothing was recorded: minutes of ours wait for an answer (entry {waiting[0].index})",
                hint="withdraw them first, then propose others",
            )
    elif name in (AGREED, DIVERGED, WITHDRAWN):
        _check_minutes(act, name, party, known)


def _check_minutes(act: Act, name: str, party: str, known: Talk) -> None:
    found = _line(known, act.stated.get("minutes"))
    own = found is not None and found.party == party
    if found is None or found.act != PROPOSED or found.irregular or own != (name == WITHDRAWN):
        whose = "ours" if name == WITHDRAWN else "the other side's"
        raise NoSuchMinutes(f"nothing was recorded: that entry is no proposal of minutes of {whose}")
    answers = answers_to(known, found)
    if any(one.act == WITHDRAWN for one in answers):
        raise NoSuchMinutes("nothing was recorded: those minutes were withdrawn")
    if any(one.party == party for one in answers):
        raise NoSuchMinutes("nothing was recorded: we have answered those minutes already")


def minutes_of(known: Talk) -> list[Line]:
    """The minutes proposed in a talk, in the common order."""
    found = Line.objects.filter(channel=known.channel, ref=known.ref, shown=True, act=PROPOSED, irregular="")
    return list(found.order_by("depth", "origin"))


def answers_to(known: Talk, minutes: Line) -> list[Line]:
    """What was answered to minutes, their withdrawal among it; a word about anything else is none."""
    about = f"{minutes.origin}#{minutes.index}"
    found = Line.objects.filter(channel=known.channel, ref=known.ref, of=about, irregular="")
    return [
        one
        for one in found.order_by("depth", "origin")
        if (one.act == WITHDRAWN and one.party == minutes.party)
        or (one.act in (AGREED, DIVERGED) and one.party != minutes.party)
    ]


def _line(known: Talk, said: object) -> Line | None:
    try:
        ref = EntryRef.parse(said if isinstance(said, str) else "")
    except BadName:
        return None
    return Line.objects.filter(
        channel=known.channel, ref=known.ref, party=ref.origin.party, index=ref.index, origin=str(ref.origin)
    ).first()
