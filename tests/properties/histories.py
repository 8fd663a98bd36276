"""Histories of a procedure as two parties might write them: regular, irregular, early, late and crossing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from msgspec.structs import replace

from comity.instruments import Procedure, library
from comity.lifecycle import Act, fold
from comity.names import EntryRef, Origin

if TYPE_CHECKING:
    from collections.abc import Sequence

CHANNEL = "a" * 16
BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)
SWAPPED = {"aa": "bb", "bb": "aa"}
# Each pattern as an instrument follows it, and a table written whole.
TABLES = [
    ("us-ru-1999", "assistance"),
    ("ets-185", "preservation"),
    ("ets-185", "information"),
    ("cets-224", "emergency"),
    ("us-ru-ict-cbm-2013", "consultation"),
    ("charter", "channel"),
    ("charter", "talk"),
]
PROCEDURES = st.sampled_from([library()[one].procedure(procedure) for one, procedure in TABLES])
OF_FORM = {
    "party": ("bb",),
    "day": ("2026-06-01", "2026-12-01"),
    "digest": ("0" * 64,),
    "text": ("untoc-2000",),
    "entry": (f"aa.comity/{CHANNEL}#0", f"bb.comity/{CHANNEL}#0", f"bb.comity/{CHANNEL}#1"),
}


@dataclass(frozen=True)
class History:
    """A table and acts in the order both parties read them."""

    procedure: Procedure
    acts: tuple[Act, ...]


def codes_of(procedure: Procedure, name: str) -> st.SearchStrategy[str | list[str]]:
    """What fits a statement of this procedure; one code in ten is of no list."""
    statement = procedure.statement_of[name]
    if statement.form != "code":
        one = st.sampled_from(OF_FORM[statement.form])
    else:
        one = st.integers(0, 9).flatmap(lambda n: st.sampled_from(statement.values if n else ("shelved",)))
    return st.lists(one, min_size=1, max_size=2, unique=True) if statement.many else one


def code(procedure: Procedure, name: str) -> str | list[str]:
    """The first there is of what fits a statement."""
    statement = procedure.statement_of[name]
    first = (statement.values or OF_FORM[statement.form])[0]
    return [first] if statement.many else first


@st.composite
def stated(draw: st.DrawFn, procedure: Procedure, act: str) -> dict[str, str | list[str]]:
    """Usually what the table demands, sometimes less."""
    rule = procedure.act_of.get(act)
    if rule is None:
        return {}
    codes = {name: draw(codes_of(procedure, name)) for name in rule.must_state}
    codes |= {name: draw(codes_of(procedure, name)) for name in rule.may_state if draw(st.booleans())}
    if codes and draw(st.integers(0, 9)) == 0:
        codes.pop(draw(st.sampled_from(sorted(codes))))
    return codes


@st.composite
def next_act(draw: st.DrawFn, procedure: Procedure, before: tuple[Act, ...]) -> Act:
    """An act that mostly may follow; one in five is drawn from all acts there are, or is none of them."""
    standing = fold(procedure, before)
    party = draw(st.sampled_from(["aa", "bb"])) if before else "aa"
    may = sorted({row.act for row in standing.may(party)})
    if not may or draw(st.integers(0, 4)) == 0:
        may = [*sorted(procedure.act_of), "shelved"]
    act = draw(st.sampled_from(may))
    other = SWAPPED[party]
    own = [one for one in before if one.party == party]
    theirs = sum(one.party == other for one in before)
    least = own[-1].seen.get(other, 0) if own else 0
    seen = theirs if draw(st.booleans()) else draw(st.integers(least, theirs))
    at = BEGAN + timedelta(days=draw(st.integers(0, 3)) + 2 * len(before))
    return Act(
        ref=EntryRef(Origin(party, CHANNEL), len(own)),
        party=party,
        act=act,
        at=at,
        stated=draw(stated(procedure, act)),
        answers=(),
        seen={other: seen} if seen else {},
        receipted_at=draw(st.none() | st.just(at + timedelta(hours=6))),
        depth=len(before) + 1,
    )


@st.composite
def histories(draw: st.DrawFn, most: int = 14) -> History:
    """Acts of both parties, each aware of as much of the other's as it happens to be."""
    procedure = draw(PROCEDURES)
    acts: tuple[Act, ...] = ()
    for _ in range(draw(st.integers(0, most))):
        acts = (*acts, draw(next_act(procedure, acts)))
    return History(procedure, acts)


@st.composite
def crossing(draw: st.DrawFn, most: int = 6) -> tuple[History, Act, Act]:
    """An open procedure and two acts the table allows there, one of each party, unaware of each other."""
    procedure = draw(PROCEDURES)
    acts: tuple[Act, ...] = (opening(procedure, form=draw(st.sampled_from(["other", "in writing"]))),)
    for _ in range(draw(st.integers(0, most))):
        longer = (*acts, aware(draw(next_act(procedure, acts)), acts))
        standing = fold(procedure, longer)
        if standing.judged[-1].regular and not standing.final:
            acts = longer
    standing = fold(procedure, acts)
    pair = []
    for party in ("aa", "bb"):
        row = draw(st.sampled_from(standing.may(party)))
        codes = {name: code(procedure, name) for name in row.must_state} | dict(row.stating)
        own = sum(one.party == party for one in acts)
        at = BEGAN + timedelta(days=90)
        act = Act(
            EntryRef(Origin(party, CHANNEL), own), party, row.act, at, codes, (), {}, depth=len(acts) + 1
        )
        pair.append(aware(act, acts))
    return History(procedure, acts), pair[0], pair[1]


def opening(procedure: Procedure, *, form: str) -> Act:
    """The act that opens the procedure, by aa."""
    row = next(row for row in procedure.rows if not row.from_)
    codes = {name: code(procedure, name) for name in row.must_state}
    codes |= {"form": form} if "form" in row.may_state else {}
    return Act(EntryRef(Origin("aa", CHANNEL), 0), "aa", row.act, BEGAN, codes, (), {})


def aware(act: Act, before: tuple[Act, ...]) -> Act:
    """The act, its author having seen everything before."""
    return replace(act, seen={SWAPPED[act.party]: sum(one.party != act.party for one in before)})


def mirrored(act: Act) -> Act:
    """The same act in a world where the two parties have each other's names."""
    return replace(
        act,
        party=SWAPPED[act.party],
        ref=EntryRef(Origin(SWAPPED[act.party], CHANNEL), act.ref.index),
        seen={SWAPPED[party]: size for party, size in act.seen.items()},
        stated={name: _swapped(value) for name, value in act.stated.items()},
    )


def _swapped(value: str | Sequence[str]) -> str | list[str]:
    """A party, or entries of its log, as the other party's; anything else as it is."""
    if not isinstance(value, str):
        return [str(_swapped(one)) for one in value]
    party, mark, rest = value.partition(".comity/")
    return f"{SWAPPED[party]}{mark}{rest}" if party in SWAPPED else value
