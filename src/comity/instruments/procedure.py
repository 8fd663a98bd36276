"""A procedure as a table: who may do what, from where, to where, by which article.

What no row allows is forbidden. A row never says on which node it runs; its ``by`` is a role in the table.
Follows: docs/spec/procedures.md; docs/adr/0002-procedures-are-tables.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Final, Literal

import msgspec

from comity.errors import NotInInstrument
from comity.forms import learnt
from comity.instruments.citation import Cited

Side = Literal["requesting", "requested"]
Days = Annotated[int, msgspec.Meta(ge=0, le=36_500)]
OnTerms = Literal["", "proposes", "accepts", "declines", "performed", "disputed", "released"]
Stated = Mapping[str, str | Sequence[str]]
SIDES: Final[tuple[Side, Side]] = ("requesting", "requested")
OWN: Final = "own"
Counted = Literal[
    "", "acknowledged", "noted", "returned", "countered", "granted", "refused", "postponed", "withdrawn",
    "followed_up", "lapsed",
]  # fmt: skip
MARKS: Final[tuple[OnTerms, ...]] = ("performed", "disputed", "released")  # what is said of one term
_NOT_IN_A_NAME: Final = re.compile(r"[^a-z0-9_-]+", re.ASCII)


@learnt
class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a procedure may stand, and what is known when it stands there.

    Attributes:
        turn: The side that moves next; empty where nobody has to. It is shown and decides nothing.
        owed: That side owes the move; where it does not, a page shows for how long it has made none.
        suspends: While it stands here, the topics that its opening act states are suspended.
    """

    id: str
    label: str
    meaning: str
    turn: Literal["requesting", "requested", ""] = "requested"
    owed: bool = True
    suspends: bool = False


@learnt
class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A code an act states in the open, because the standing depends on it.

    Attributes:
        form: What a value looks like: one of ``values``, a party code, a day, an instant, a SHA-256, an
            entry, a short text, a term (``1 us 2026-12-01``), or a log (``us 41 root``).
        values_from: The list of the instrument the values are taken from, where they are not given here.
        many: Whether several values may be stated at once.
    """

    id: str
    label: str
    form: Literal["code", "party", "day", "instant", "digest", "entry", "text", "term", "log"] = "code"
    values: tuple[str, ...] = ()
    values_from: Literal["", "grounds", "reasons", "conditions", "types", "forms", "clocks", "id"] = ""
    many: bool = False


class Seconded:
    """Whether one officer may sign alone."""

    __slots__ = ()
    second: bool
    second_when_stating: tuple[str, ...]

    def needs_second(self, stated: Stated) -> bool:
        """Whether a second officer must approve the text, given what it states."""
        return self.second or any(name in stated for name in self.second_when_stating)


@learnt
class ActRule(Seconded, msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is signed when an act is done, whoever does it and from wherever.

    Attributes:
        sentence: What the official is about to do, as the confirmation page says it.
        declares: What the Party declares by signing.
        second: A second officer must approve the exact text.
        second_when_stating: A second officer must approve it when it states any of these.
        conditions: What the act does to conditions: offers, accepts, declines, or sets them.
        needs_words: It says nothing without words beside its codes.
        exhibits: It may name exhibits, or gives them as what was asked for.
        extends: What it does to a running clock: asks for a later day, agrees to one, or declines it.
        entries: Whose entries it names in the statement ``entries``: ``own``, those its author made in this
            procedure; or the act of the other side by which they were named before. Such acts dispose of
            content and move nothing that was settled, so they may follow an end.
        erases: Its author's node erases the content of the entries it names.
        always: It has effect in a suspension too: it disposes of material, or accounts for its use.
        terms: What it does to terms of resumption: proposes, accepts or declines them, or marks one.
        position: It states its author's position, in place of an earlier one, or withdraws it.
        counts: As what it is counted among the figures of reciprocity.
    """

    id: str
    label: str
    sentence: str
    declares: str
    must_state: tuple[str, ...] = ()
    may_state: tuple[str, ...] = ()
    second: bool = False
    second_when_stating: tuple[str, ...] = ()
    conditions: Literal["", "offers", "accepts", "declines", "sets"] = ""
    needs_words: bool = False
    exhibits: Literal["", "names", "gives"] = ""
    extends: Literal["", "asks", "agrees", "declines"] = ""
    entries: str = ""
    erases: bool = False
    always: bool = False
    terms: OnTerms = ""
    position: Literal["", "states", "withdraws"] = ""
    counts: Counted = ""


@learnt
class Wait(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What must have run out since an earlier act: a period, or the day that act stated.

    Attributes:
        after: The act it runs from; of several, the one done last.
        days: How long, where it is a period.
        stated: The statement that names the day, where it is one. It has run out when the day has (UTC).
    """

    after: str | tuple[str, ...]
    days: Days = 0
    stated: str = ""

    @property
    def acts(self) -> tuple[str, ...]:
        """The acts it may run from."""
        return (self.after,) if isinstance(self.after, str) else self.after


@learnt
class Step(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row as written; ``act`` may list several acts that move alike.

    Attributes:
        from_: The states it may be done in; empty opens the procedure.
        to: The state it leads to; empty leaves the standing where it is.
        stating: What the act itself must state for this row to be the one that applies.
        opened_stating: What the opening act must have stated.
        as_opened: What the act must state as the opening act did, or must not.
        after: Acts that must have gone before in this procedure.
        unless: Acts that must not have gone before.
        not_before: What must have run out, all of it.
        crosses: Applies only if the author had not yet seen the other side's act that last moved the
            standing; where acts are named, only if it was one of them.
        starts: Clocks that start with it.
    """

    from_: tuple[str, ...] = msgspec.field(default=(), name="from")
    act: str | tuple[str, ...]
    by: Side
    to: str = ""
    stating: Mapping[str, str] = {}
    opened_stating: Mapping[str, str] = {}
    as_opened: Mapping[str, bool] = {}
    after: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    not_before: tuple[Wait, ...] = ()
    crosses: bool | tuple[str, ...] = False
    starts: tuple[str, ...] = ()

    @property
    def acts(self) -> tuple[str, ...]:
        """The acts of this row."""
        return (self.act,) if isinstance(self.act, str) else self.act

    def may_cross(self, unseen: str) -> bool:
        """Whether it is for an act whose author had not seen this act of the other side."""
        named = self.crosses if isinstance(self.crosses, tuple) else (unseen,)
        return bool(self.crosses) and unseen in named


class Row(Seconded, Step, frozen=True, kw_only=True, dict=True):
    """One row for one act, with what is signed: what officials are offered and acts are judged by.

    Attributes:
        name: What it is cited by, the only one of its procedure: ``executed-requested-in_part``.
    """

    act: str
    name: str
    label: str
    sentence: str
    declares: str
    must_state: tuple[str, ...]
    may_state: tuple[str, ...]
    second: bool
    second_when_stating: tuple[str, ...]
    conditions: str
    needs_words: bool
    exhibits: str
    extends: str
    entries: str
    erases: bool
    always: bool
    terms: OnTerms
    position: str
    counts: Counted

    @cached_property
    def gated(self) -> bool:
        """Whether what has gone before decides if it is open."""
        return bool(self.after or self.unless or self.opened_stating)


@learnt
class ClockRule(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """A clock: a deadline of the instrument, or a target the Parties agreed and nothing more.

    Attributes:
        kind: ``treaty`` only where the instrument itself sets the period.
        for_: The Party whose time is running.
        due_on_stated: The statement that says when it is due, instead of a period; unstated, it does not run.
        stopped_by: Acts of that Party that meet it.
        lifted_by: Acts that end it without its being due.
        warn: How many days before it is due both Parties are reminded, the earliest first.
        on_expiry: What follows when it runs out; nothing follows by itself.
        runs_on: It does not stand still in a suspension, because what it counts does not.
    """

    id: str
    label: str
    kind: Literal["treaty", "target"]
    for_: Side = msgspec.field(name="for")
    minutes: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 0
    hours: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 0
    days: Days = 0
    due_on_stated: str = ""
    stopped_by: tuple[str, ...] = ()
    lifted_by: tuple[str, ...] = ()
    warn: tuple[Days, ...] = ()
    on_expiry: str = ""
    runs_on: bool = False

    @cached_property
    def period(self) -> timedelta:
        """How long it runs, where it is a period."""
        return timedelta(days=self.days, hours=self.hours, minutes=self.minutes)


@learnt
class Gate(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What must be on record before an act may be done: consultation before refusal."""

    before: str
    requires: str
    label: str


@learnt
class Procedure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """One procedure of an instrument.

    Attributes:
        kinds: Prefix of the entry kinds of its acts, as ``assistance.request``.
        words: What the instrument calls each side, as ``requested Party``.
        ends: The states nothing follows.
        outlasts: It may be opened after the channel has ended: it accounts for what was done, or settles it.
        stays_open: What its opening act states where no suspension bears on any of it.
    """

    id: str
    title: str
    kinds: str
    words: Mapping[Side, str]
    checked_by: str
    ends: tuple[str, ...]
    outlasts: bool = False
    stays_open: Mapping[str, str] = {}
    states: tuple[State, ...] = msgspec.field(name="state")
    acts: tuple[ActRule, ...] = msgspec.field(name="act")
    statements: tuple[Statement, ...] = msgspec.field(default=(), name="statement")
    clocks: tuple[ClockRule, ...] = msgspec.field(default=(), name="clock")
    gates: tuple[Gate, ...] = msgspec.field(default=(), name="gate")
    steps: tuple[Step, ...] = msgspec.field(name="step")

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows, one for each act, in the order of the table."""
        rules = {rule.id: msgspec.structs.asdict(rule) for rule in self.acts}
        rows: dict[str, Row] = {}
        for step in self.steps:
            for act in step.acts:
                signed = {key: value for key, value in rules[act].items() if key != "id"}
                name = _free(_name(step, act), rows)
                rows[name] = Row(**{**msgspec.structs.asdict(step), **signed, "act": act, "name": name})
        return tuple(rows.values())

    @cached_property
    def found(self) -> Mapping[tuple[str, str, str], tuple[Row, ...]]:
        """The rows by (state, act, side), those for crossing acts first; state ``""`` is before opening."""
        found: dict[tuple[str, str, str], tuple[Row, ...]] = {}
        for row in sorted(self.rows, key=lambda one: not one.crosses):
            for state in row.from_ or ("",):
                found[state, row.act, row.by] = (*found.get((state, row.act, row.by), ()), row)
        return found

    @cached_property
    def state_of(self) -> Mapping[str, State]:
        """The states by id."""
        return {state.id: state for state in self.states}

    @cached_property
    def clock_of(self) -> Mapping[str, ClockRule]:
        """The clocks by id."""
        return {clock.id: clock for clock in self.clocks}

    @cached_property
    def names_entries(self) -> bool:
        """Whether an act of it names entries."""
        return any(rule.entries for rule in self.acts)

    @cached_property
    def always(self) -> frozenset[str]:
        """The acts that have effect in a suspension too."""
        return frozenset(rule.id for rule in self.acts if rule.always)

    @cached_property
    def run_on(self) -> frozenset[str]:
        """The clocks that run in a suspension too: what stops each has effect then, or they say so."""
        stopped = ((clock, set(clock.stopped_by)) for clock in self.clocks)
        return frozenset(clock.id for clock, by in stopped if clock.runs_on or (by and by <= self.always))

    @cached_property
    def statement_of(self) -> Mapping[str, Statement]:
        """The statements by id."""
        return {statement.id: statement for statement in self.statements}

    @cached_property
    def statements_by(self) -> Mapping[str, tuple[Statement, ...]]:
        """What each act must state, then what it may."""
        return {
            rule.id: tuple(self.statement_of[name] for name in (*rule.must_state, *rule.may_state))
            for rule in self.acts
        }

    @cached_property
    def act_of(self) -> Mapping[str, ActRule]:
        """The acts by id."""
        return {rule.id: rule for rule in self.acts}

    def act(self, name: str) -> ActRule:
        """What is signed when this act is done.

        Raises:
            NotInInstrument: The procedure knows no such act.
        """
        if name not in self.act_of:
            has = f"it has: {', '.join(self.act_of)}"
            raise NotInInstrument(f"the procedure {self.id} has no act {name[:60]!r}", hint=has)
        return self.act_of[name]

    def kind(self, act: str) -> str:
        """The entry kind of an act, as ``assistance.request.refused``."""
        return f"{self.kinds}.{self.act(act).id}"

    @cached_property
    def openings(self) -> frozenset[str]:
        """The acts that open it."""
        return frozenset(row.act for row in self.rows if not row.from_)

    @cached_property
    def rows_in(self) -> Mapping[str, tuple[Row, ...]]:
        """The rows that may follow in each state, those for crossing acts left out; ``""`` opens."""
        ordinary = [row for row in self.rows if not row.crosses]
        return {
            state: tuple(row for row in ordinary if state in (row.from_ or ("",)))
            for state in ("", *self.state_of)
        }


def _name(step: Step, act: str) -> str:
    """What a row does in a word: the act, whose it is, what it states, and whether it crosses."""
    said = (act, step.by, *step.stating.values(), *(("crossing",) if step.crosses else ()))
    return "-".join(_NOT_IN_A_NAME.sub("_", one.lower()) for one in said)


def _free(name: str, taken: Mapping[str, object]) -> str:
    """The name, with a number where an earlier row of the table has it."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free
