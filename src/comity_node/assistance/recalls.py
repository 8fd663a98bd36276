"""What the other side has recalled of its own, and we have not answered: not to be used meanwhile.

Officials read it, because they have to answer: destroyed, or kept for a stated reason. Nobody else does. What
the other side lodged in a suspension and took back is held alike, and no answer changes that.

Follows: docs/spec/procedures.md, Disposal of content; docs/spec/suspension.md, Effects.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from comity.errors import ComityError
from comity.lifecycle.stated import values
from comity_node.assistance.attached import ATTACHED
from comity_node.assistance.folded import folded
from comity_node.register import queries as register
from comity_node.register import standings
from comity_node.register.queries import NoSuchEntry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from comity.lifecycle.suspensions import Bearing
    from comity_node.register.queries import Received

_RECALLED: Final = "recalled"


def is_unanswered(received: Received) -> bool:
    """Whether this entry, or what it translates, was recalled by its author and we have not answered."""
    about = list(_translated(received)) if received.entry.kind == ATTACHED else [received]
    return any(
        str(one.ref) in unanswered(one.ref.origin.channel, _kinds(one), [one.entry.ref]) for one in about
    )


def unanswered(channel: str, kinds: str, refs: Collection[str]) -> set[str]:
    """The entries of these procedures that the other side recalled, with no answer of ours, or took back."""
    recalls: dict[str, list[Received]] = {}
    for one in register.entries(channel, refs=refs, prefix=f"{kinds}.{_RECALLED}"):
        if not one.ours:
            recalls.setdefault(one.entry.ref, []).append(one)
    found = {name for ref, acts in recalls.items() for name in _of_procedure(channel, ref, kinds, acts)}
    return found | _taken_back(channel, kinds, refs)


def _taken_back(channel: str, kinds: str, refs: Collection[str]) -> set[str]:
    bearing = standings.life(channel).on(kinds)
    if not bearing.takes_back:
        return set()
    return {name for ref in refs for name in _taken_back_of(channel, ref, kinds, bearing)}


def _taken_back_of(channel: str, ref: str, kinds: str, bearing: Bearing) -> Iterator[str]:
    acts = register.entries(channel, ref=ref, prefix=f"{kinds}.")
    theirs = [one for one in acts if not one.ours]
    try:
        found = folded(channel, ref, kinds)
    except ComityError:  # no table says whom it is between: a word under any suspension counts
        yield from (str(act.ref) for act in standings.lifecycle_acts(theirs) if bearing.took_back(act))
        return
    judged = zip(found.judgements if found is not None else (), acts, strict=True)
    yield from (str(one.ref) for made, one in judged if made.is_taken_back and not one.ours)


def _of_procedure(channel: str, ref: str, kinds: str, recalls: Sequence[Received]) -> set[str]:
    try:
        found = folded(channel, ref, kinds)
    except ComityError:  # no table to judge by: whatever a recall names is held as recalled
        return {name for one in recalls for name in _named(one)}
    if found is None:
        return set()
    left: set[str] = set()
    acts = found.received or register.entries(channel, ref=ref, prefix=f"{kinds}.")
    for judged, one in zip(found.judgements, acts, strict=True):
        rule = found.standing.procedure.act_of.get(judged.act)
        if judged.because or rule is None:
            continue
        if not one.ours and rule.id == _RECALLED:
            left.update(_named(one))
        elif one.ours and rule.entries == _RECALLED:
            left.difference_update(_named(one))
    return left


def _named(one: Received) -> tuple[str, ...]:
    return values(one.entry.stated, "entries")


def _kinds(one: Received) -> str:
    return one.entry.kind.rpartition(".")[0]


def _translated(received: Received) -> Iterator[Received]:
    for ref in dict.fromkeys(received.entry.answers):
        if ref.origin.channel == received.ref.origin.channel:
            with suppress(NoSuchEntry):
                yield register.entry(ref)
