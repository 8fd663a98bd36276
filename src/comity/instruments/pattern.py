"""A procedure that follows a pattern: what a family of procedures shares is written once.

The pattern is a whole table resting on practice. An instrument's own table says by which of its provisions
each act is done there, how the provision narrows it, what the instrument does not have, and what it adds.

Follows: docs/spec/procedures.md, Patterns; docs/adr/0014-procedures-follow-patterns.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import chain
from typing import Literal, TypeVar

import msgspec
from msgspec.structs import replace

from comity.errors import MalformedInstrument
from comity.forms import learnt
from comity.instruments.citation import Cited
from comity.instruments.procedure import (
    ActRule,
    ClockRule,
    Gate,
    Procedure,
    Side,
    State,
    Statement,
    Step,
    Wait,
)


@learnt
class Provision(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """By which provision acts of the pattern are done here; rows for acts that cross are left as they are.

    Attributes:
        act: The act, or several.
        by: The side whose rows are meant; empty means both.
        from_: The states it may be done in here, where they are fewer.
        after: Acts that must have gone before here too.
        unless: Acts that must not have gone before here either.
        not_before: What must have run out here too.
        starts: Clocks that start here too.
    """

    act: str | tuple[str, ...]
    by: Literal["", "requesting", "requested"] = ""
    from_: tuple[str, ...] = msgspec.field(default=(), name="from")
    after: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    not_before: tuple[Wait, ...] = ()
    starts: tuple[str, ...] = ()

    @property
    def acts(self) -> tuple[str, ...]:
        """The acts meant."""
        return (self.act,) if isinstance(self.act, str) else self.act

    def covers(self, act: str, step: Step) -> bool:
        """Whether a row of the pattern rests on this provision."""
        return act in self.acts and self.by in ("", step.by) and not step.crosses


@learnt
class Variant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A procedure table as an instrument writes it that follows a pattern.

    Attributes:
        follows: File name of the pattern, without ``.toml``.
        without: Acts and clocks of the pattern that the instrument does not have. States nothing leads to any
            more, and statements no row reads any more, go with them.
        states: As in a table; one with an id of the pattern stands in its place. So for the other lists.
    """

    id: str
    follows: str
    checked_by: str
    title: str = ""
    words: Mapping[Side, str] = {}
    ends: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    provisions: tuple[Provision, ...] = msgspec.field(default=(), name="provision")
    states: tuple[State, ...] = msgspec.field(default=(), name="state")
    acts: tuple[ActRule, ...] = msgspec.field(default=(), name="act")
    statements: tuple[Statement, ...] = msgspec.field(default=(), name="statement")
    clocks: tuple[ClockRule, ...] = msgspec.field(default=(), name="clock")
    gates: tuple[Gate, ...] = msgspec.field(default=(), name="gate")
    steps: tuple[Step, ...] = msgspec.field(default=(), name="step")


def follow(pattern: Procedure, own: Variant) -> Procedure:
    """The whole table that an instrument's own table and its pattern make together.

    Raises:
        MalformedInstrument: The own table speaks of an act or clock that the pattern does not have, or of one
            thing twice, so that one of the two would silently have no effect.
    """
    _check(pattern, own)
    steps, reached = _reached((*_steps(pattern, own), *own.steps))
    # What the instrument itself adds stays, so that the checks find what leads nowhere.
    states = _kept(pattern.states, own.states, reached)
    left = {act for step in steps for act in step.acts}
    started = {clock for step in steps for clock in step.starts}
    acts = _kept(pattern.acts, own.acts, left)
    unread = _read(pattern.steps) - _read(steps) | _stated(pattern.acts) - _stated(acts)
    return Procedure(
        id=own.id,
        title=own.title or pattern.title,
        kinds=pattern.kinds,
        words={**pattern.words, **own.words},
        checked_by=own.checked_by,
        ends=tuple(one for one in (*pattern.ends, *own.ends) if one in {state.id for state in states}),
        states=states,
        acts=tuple(replace(act, may_state=_without(act.may_state, unread)) for act in acts),
        statements=tuple(one for one in _kept(pattern.statements, own.statements) if one.id not in unread),
        clocks=tuple(
            replace(
                clock, stopped_by=_within(clock.stopped_by, left), lifted_by=_within(clock.lifted_by, left)
            )
            for clock in _kept(pattern.clocks, own.clocks, started)
        ),
        gates=_merged_gates(pattern.gates, own.gates, left),
        steps=steps,
    )


def _check(pattern: Procedure, own: Variant) -> None:
    acts, clocks = set(pattern.act_of), set(pattern.clock_of)
    if unknown := sorted(set(own.without) - acts - clocks):
        raise MalformedInstrument(f"{own.id}.toml is without {unknown[0]!r}, which its pattern does not have")
    for listed in (own.states, own.acts, own.statements, own.clocks):
        twice = [name for name, times in Counter(one.id for one in listed).items() if times > 1]
        if twice:
            raise MalformedInstrument(f"{own.id}.toml gives {twice[0]!r} more than once")
    for at, provision in enumerate(own.provisions):
        for act in provision.acts:
            covered = [step for step in pattern.steps if act in step.acts and provision.covers(act, step)]
            if not covered:
                raise MalformedInstrument(
                    f"{own.id}.toml gives a provision for {act!r}; its pattern has no such row"
                )
            if all(any(one.covers(act, step) for one in own.provisions[:at]) for step in covered):
                raise MalformedInstrument(
                    f"{own.id}.toml gives a provision for {act!r} that an earlier one leaves without effect"
                )


def _steps(pattern: Procedure, own: Variant) -> Iterable[Step]:
    """The rows of the pattern as they stand here, those for ordinary acts one act each."""
    gone = set(own.without)
    added = set(chain.from_iterable(step.acts for step in own.steps))
    while True:
        steps = list(_left(pattern, own.provisions, gone))
        done = chain.from_iterable(step.acts for step in steps if not step.crosses)
        idle = set(pattern.act_of) - set(done) - added
        if idle <= gone:
            return steps
        gone |= idle  # an act no row leads to any more takes along what must come after it


def _left(pattern: Procedure, provisions: Iterable[Provision], gone: set[str]) -> Iterator[Step]:
    for step in pattern.steps:
        crosses = _without(step.crosses, gone) if isinstance(step.crosses, tuple) else step.crosses
        if gone.intersection(step.after) or crosses == ():
            continue
        unless, starts = _without(step.unless, gone), _without(step.starts, gone)
        left = replace(step, unless=unless, starts=starts, crosses=crosses)
        acts = _without(step.acts, gone)
        if step.crosses:
            yield from (replace(left, act=acts),) if acts else ()
        else:
            yield from (_resting(replace(left, act=act), act, provisions) for act in acts)


def _resting(step: Step, act: str, provisions: Iterable[Provision]) -> Step:
    """A row with the provision it rests on here; it stays as practice has it, where there is none."""
    for one in provisions:
        if one.covers(act, step):
            narrowed = _within(step.from_, one.from_) if one.from_ else step.from_
            if step.from_ and not narrowed:
                raise MalformedInstrument(f"the provision for {act!r} leaves it no state to be done in")
            return replace(
                step,
                from_=narrowed,
                after=tuple(dict.fromkeys((*step.after, *one.after))),
                unless=tuple(dict.fromkeys((*step.unless, *one.unless))),
                not_before=(*step.not_before, *one.not_before),
                starts=tuple(dict.fromkeys((*step.starts, *one.starts))),
                basis=one.basis,
                verified=one.verified,
                note=one.note,
            )
    return step


def _reached(steps: tuple[Step, ...]) -> tuple[tuple[Step, ...], set[str]]:
    """The rows that can still be come to, and the states they lead to."""
    reached = {step.to for step in steps if not step.from_}
    while more := {step.to for step in steps if step.to and reached.intersection(step.from_)} - reached:
        reached |= more
    left = (replace(step, from_=_within(step.from_, reached)) if step.from_ else step for step in steps)
    return tuple(step for step, was in zip(left, steps, strict=True) if step.from_ or not was.from_), reached


def _read(steps: Iterable[Step]) -> set[str]:
    """The statements that decide which row applies."""
    return set(chain.from_iterable((*step.stating, *step.opened_stating, *step.as_opened) for step in steps))


def _stated(acts: Iterable[ActRule]) -> set[str]:
    """The statements that some act makes."""
    return set(chain.from_iterable((*act.must_state, *act.may_state) for act in acts))


_Named = TypeVar("_Named", State, ActRule, Statement, ClockRule)


def _kept(
    pattern: tuple[_Named, ...], own: tuple[_Named, ...], used: Container[str] | None = None
) -> tuple[_Named, ...]:
    """What is used of the pattern, and all that is the instrument's own, in its place where it replaces."""
    mine = {one.id for one in own}
    merged = {one.id: one for one in chain(pattern, own)}
    return tuple(one for one in merged.values() if used is None or one.id in mine or one.id in used)


def _merged_gates(pattern: tuple[Gate, ...], own: tuple[Gate, ...], left: set[str]) -> tuple[Gate, ...]:
    return tuple(gate for gate in (*pattern, *own) if {gate.before, gate.requires} <= left)


def _without(names: Iterable[str], gone: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in set(gone))


def _within(names: Iterable[str], left: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in set(left))
