"""What the life of the charter asks besides its tables: what may be chosen, and what a signature changes.

The charter is amended, the channel left or closed, by procedures as all others of this room. What is
particular to them stands here: the texts and obligations that can be chosen, the old charter beside the new,
and in plain words what will be so.

Follows: docs/spec/charter.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.channel.amendment import read_wording
from comity.instruments import editions, library, may_rest_on, stands
from comity.lifecycle.basis import AMENDMENT
from comity.lifecycle.closing import CLOSED, CLOSING, HELD
from comity.lifecycle.leaving import DENUNCIATION, GIVEN, period
from comity.lifecycle.stated import values
from comity_node.assistance import acceding
from comity_node.assistance.errors import AmendsNothing, NoLegalBasis
from comity_node.parties import queries as parties
from comity_node.register import chartered, queries, standings
from comity_node.register.isolating import isolated
from comity_node.register.owing import in_words, owed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from comity import lifecycle
    from comity.instruments import Instrument, Stated
    from comity.lifecycle import Life
    from comity_node.register.acts import Act
    from comity_node.register.chartered import Chartered
    from comity_node.register.ground import Ground

TREATY: Final = "instrument.denunciation"
TABLES: Final = "tables"  # follows from the instruments chosen
_MOST: Final = 100
_ACCEPTED: Final = "accepted"


def begun(channel: str, kinds: str) -> dict[str, str | list[str]]:
    """What a draft states from the beginning: a notice takes effect on the first day it can."""
    if kinds != DENUNCIATION:
        return {}
    return {
        "takes_effect_on": period(standings.texts_of(channel), timezone.now().date()).earliest.isoformat()
    }


def digests(said: Mapping[str, str | list[str]]) -> list[str]:
    """The digests of the instruments that an amendment adds, in their order."""
    return [library()[name].digest for name in values(said, "instruments") if name in library()]


def offered(channel: str, kinds: str) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen as things stand, by statement of the opening act."""
    if kinds == AMENDMENT:
        return _instruments(standings.life(channel))
    if kinds == acceding.KINDS:
        return acceding.offered(channel)
    if kinds == CLOSING:
        found = [(str(one.source), _in_a_line(one)) for _room, one in owed(channel)][:_MOST]
        by_entry = dict(reversed(found))  # several may come from one entry: it is named once
        return {name: list(by_entry.items()) for name in ("stay_owed", "carried_over", "released")}
    if kinds == TREATY:
        treaties = [one for one in standings.life(channel).texts if one.kind not in ("arrangement", "model")]
        return {"denounced": [(one.id, _title(one)) for one in treaties]}
    return {}


def check(act: Act, party: str, ground: Ground) -> None:
    """See to it that an amendment changes something, and that what it adds is here and binds both.

    Raises:
        AmendsNothing: It says nothing, or something that cannot be read.
        NoSuchTable: It adds a text, in an edition, that this node does not have.
        NoLegalBasis: It adds a text that does not bind both today, and the channel is no exercise.
        OurFault: It lets a party in that cannot be: :func:`comity_node.assistance.acceding.check`.
    """
    acceding.check(act, party, ground)
    name = act.kind.rpartition(".")[2]
    if act.kind.rpartition(".")[0] != AMENDMENT or name not in ("proposed", _ACCEPTED):
        return
    stated = act.stated if name == "proposed" else _proposal(ground.life, act.ref)
    if name == "proposed":
        _says_something(act)
    for text in (_text(digest) for digest in values(stated, TABLES)):
        _binds_both(text, party, ground)


def facts(act: Act) -> list[tuple[str, str]]:
    """What will be so once an act on the charter is signed: rows of label and text."""
    kinds, _dot, name = act.kind.rpartition(".")
    if kinds == AMENDMENT and name in ("proposed", _ACCEPTED):
        return list(_difference(act))
    if kinds == acceding.KINDS:
        return list(acceding.facts(act))
    if kinds == DENUNCIATION and name == GIVEN:
        return list(_leaving(act))
    if kinds == CLOSING and name in ("proposed", _ACCEPTED):
        return list(_closing(act))
    return []


def _instruments(life: Life) -> dict[str, list[tuple[str, str]]]:
    now = life.basis.now()
    known = [one for one in library().values() if one.id != standings.CHARTER]
    return {
        "instruments": [(one.id, _title(one)) for one in known if now.get(one.id) != one.digest],
        "taken_away": [(name, _called(name)) for name in now if name != standings.CHARTER],
    }


def _says_something(act: Act) -> None:
    said = read_wording(act.payload or {})
    if said.faults:
        raise AmendsNothing(
            f"nothing was recorded: {said.faults[0]} cannot be read as it is written",
            hint="languages are tags as en, ru, ar; a coordinator is one line; a purpose is of 4,000 letters",
        )
    changes = (said.purpose, said.languages, said.coordinator, act.stated.get("instruments"))
    if not any((*changes, act.stated.get("taken_away"))):
        raise AmendsNothing("nothing was recorded: the amendment changes nothing")


def _text(digest: str) -> Instrument:
    found = editions().get(digest)
    if found is None:
        raise standings.NoSuchTable(f"nothing was recorded: this node has no text with the digest {digest}")
    return found


def _binds_both(text: Instrument, party: str, ground: Ground) -> None:
    if standings.is_exercise(ground.opening):
        return
    for other in sorted(ground.others):
        found = stands(text, parties.known(), party, other, on=timezone.now().date())
        if not may_rest_on(found):
            raise NoLegalBasis(
                f"nothing was recorded: {text.short} does not bind {party} and {other} today: {found.because}"
            )


def _difference(act: Act) -> Iterator[tuple[str, str]]:
    """The charter as it reads beside the charter as amended, of what is changed alone."""
    life = standings.life(act.channel)
    before = chartered.reads_now(life, chartered.opened_with(life))
    if act.kind.endswith(f".{_ACCEPTED}"):
        proposal = life.standings[AMENDMENT, act.ref].regular[0].act
        stated, said, party = proposal.stated, chartered.wording(proposal.ref), proposal.party
    else:
        stated, said, party = act.stated, read_wording(act.payload or {}), settings.NODE.party
    after = chartered.with_wording(before, party, said)
    old, new = _texts(before.instruments), _texts(_changed(before, stated))
    rows = [(_("Rests on"), "; ".join(old), "; ".join(new)), *_reworded(before, after)]
    for label, was, will in rows:
        if was != will:
            yield (
                label,
                _("now: %(was)s\nas amended: %(will)s")
                % {"was": was or _("nothing"), "will": will or _("nothing")},
            )
    yield (
        _("What was begun before"),
        _("It keeps the text it began under. Only what is begun after the acceptance rests on the new one."),
    )


def _reworded(before: Chartered, after: Chartered) -> Iterator[tuple[str, str, str]]:
    yield _("Purpose"), before.purpose, after.purpose
    yield _("Languages"), ", ".join(before.languages), ", ".join(after.languages)
    for party, line in after.coordinators.items():
        label = _("Coordinator of %(party)s") % {"party": party.upper()}
        yield label, before.coordinators.get(party, ""), line


def _changed(before: Chartered, stated: Stated) -> dict[str, str]:
    added = dict(zip(values(stated, "instruments"), values(stated, TABLES), strict=False))
    without = values(stated, "taken_away")
    return {name: one for name, one in {**before.instruments, **added}.items() if name not in without}


def _texts(named: Mapping[str, str]) -> list[str]:
    found = ((name, editions().get(digest)) for name, digest in named.items() if name != standings.CHARTER)
    return [
        f"{text.short} ({_('edition %(edition)s') % {'edition': text.edition}})" if text else name
        for name, text in found
    ]


def _leaving(act: Act) -> Iterator[tuple[str, str]]:
    found = period(standings.texts_of(act.channel), timezone.now().date())
    if found.instrument is not None and found.rule is not None:
        named = {"earliest": found.earliest, "text": found.instrument.short, "basis": found.rule.basis}
        mark = {"mark": found.rule.verified.value}
        said = _("%(earliest)s, because the channel rests on %(text)s (%(basis)s; verification %(mark)s)")
        yield _("Earliest day"), said % {**named, **mark}
    elif unknown := _unknown(standings.texts_of(act.channel)):
        said = _("at once; how long the notice of %(texts)s is, is not known here (?)")
        yield _("Earliest day"), said % {"texts": ", ".join(unknown)}
    else:
        yield _("Earliest day"), _("at once: the channel rests on no treaty")
    yield (
        _("What will be so"),
        _(
            "Until that day everything goes on, and the notice can be taken back. From that day on nothing "
            "new is begun by either side; what was begun before goes on under the text it began under. No "
            "treaty is denounced by this."
        )
        if len(queries.others(act.channel)) == 1
        else _(
            "Until that day everything goes on, and the notice can be taken back. From that day on nothing "
            "new is begun by us or with us; the others go on, and what was begun before goes on under the "
            "text it began under. On or after that day we leave the channel. No treaty is denounced by this."
        ),
    )
    yield from _still_owed(act.channel)


def _unknown(texts: Iterable[Instrument]) -> list[str]:
    """The treaties among these texts whose period of notice nobody here knows."""
    law = (one for one in texts if one.kind not in ("arrangement", "model"))
    return [one.short for one in law if not any(rule.notice for rule in one.rules)]


def _closing(act: Act) -> Iterator[tuple[str, str]]:
    if act.kind.endswith(f".{CLOSED}"):
        stated = _proposal(standings.life(act.channel), act.ref)
        said = ((name.capitalize(), values(stated, name)) for name in (*HELD, "obligations"))
        yield from ((_(label), _(one[0].replace("_", " "))) for label, one in said if one)
        yield _("To be carried out by"), " ".join(values(stated, "carried_out_by"))
    yield (
        _("What will be so"),
        _(
            "Once all have signed, nothing new is begun in the channel. What was begun before goes on; so "
            "do returns, certificates, receipts and positions. Conditions and limits on use stay unless "
            "named."
        ),
    )
    yield from _still_owed(act.channel)


def _still_owed(channel: str) -> Iterator[tuple[str, str]]:
    """What each side owes the other at this moment."""
    ours: list[str] = []
    theirs: list[str] = []
    for _room, one in owed(channel):
        (ours if one.party == settings.NODE.party else theirs).append(_in_a_line(one))
    for label, lines in ((_("We owe now"), ours), (_("They owe now"), theirs)):
        more = ["…"] if len(lines) > _MOST else []
        yield label, "\n".join([*lines[:_MOST], *more]) or _("nothing")


def _in_a_line(one: lifecycle.Obligation) -> str:
    due = f"; {one.due_at:%Y-%m-%d %H:%M} UTC" if one.due_at else ""
    return f"{one.party.upper()} · {one.ref} · {isolated(in_words(one))} ({isolated(one.basis)}){due}"


def _proposal(life: Life, ref: str) -> Stated:
    """What the proposal states that an act answers; nothing where none has effect."""
    for kinds in (AMENDMENT, CLOSING):
        standing = life.standings.get((kinds, ref))
        if standing is not None and standing.regular:
            return standing.regular[0].act.stated
    return {}


def _title(text: Instrument) -> str:
    return f"{text.short}: {text.title.get('en', text.id)}"


def _called(name: str) -> str:
    known = library().get(name)
    return _title(known) if known else name
