"""Whether a script can be played: every name it uses is there, and every act, code and clock is in its table.

Follows: docs/spec/exercises.md, Script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from comity.exercise.errors import MalformedScript
from comity.exercise.script import line_of
from comity.instruments import library

if TYPE_CHECKING:
    from comity.exercise.script import Expectation, Inject, Script
    from comity.instruments import ActRule, Instrument, Procedure

_CHARTER: Final = "charter"
ALWAYS: Final = "always"
_OF_ITSELF: Final = frozenset({"instrument", "table", "requested", "types", "tables"})


def must_be_sound(script: Script) -> None:
    """See to it that a script can be played by the instruments of this release.

    Raises:
        MalformedScript: It cannot; the message names line and reason.
    """
    _Check(script).all()


def texts(script: Script) -> list[Instrument]:
    """What the channel of an exercise rests on, in order, its charter last."""
    return [library()[name] for name in (*script.channel.instruments, _CHARTER) if name in library()]


def table_of(script: Script, procedure: str, instrument: str = "") -> tuple[Instrument, Procedure] | None:
    """The table of a procedure in the channel of an exercise; None where no text of it has such a one."""
    found = (
        (text, one)
        for text in texts(script)
        if instrument in ("", text.id)
        for one in text.procedures
        if one.id == procedure
    )
    return next(found, None)


class _Check:
    """One script being checked, from its beginning to its end."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._tables: dict[str, Procedure] = {}  # by the name in the script
        self._openers: dict[str, str] = {}  # likewise; of what the trainee opens, nobody
        self._injects: set[str] = set()
        self._expected: set[str] = set()
        self._at: tuple[int, int | None] = (0, None)

    def all(self) -> None:
        """Check everything."""
        self._head()
        for place, inject in enumerate(self._script.injects):
            self._at = (place, None)
            self._inject(inject)
        for place, inject in enumerate(self._script.injects):
            self._at = (place, None)
            self._condition(inject)

    def _head(self) -> None:
        codes = [one.code for one in self._script.parties]
        if len(set(codes)) < len(codes):
            raise MalformedScript("line 1: two parties have one code")
        unknown = [one for one in self._script.channel.instruments if one not in library()]
        if unknown:
            raise MalformedScript(
                f"line 1: there is no instrument {unknown[0]!r}", hint="comity instruments list"
            )

    def _inject(self, inject: Inject) -> None:
        self._once(inject.id, self._injects, "inject")
        if inject.by not in {one.code for one in self._script.parties}:
            self._fail("by", f"{inject.by} is not among the parties of the script")
        if bool(inject.opens) == bool(inject.on):
            self._fail("id", "an inject either opens a procedure or is an act on one")
        if inject.to and inject.to not in {one.code for one in self._script.parties}:
            self._fail("to", f"{inject.to} is not among the parties of the script")
        if inject.at > self._script.ends_at:
            self._fail("at", f"it comes after the end at {self._script.ends_at:g} minutes")
        if inject.opens:
            table = self._opened(inject.opens, inject.instrument, inject.named, by=inject.by)
            rule = self._opening(table, inject.act)
            self._fields(inject)
        else:
            table = self._known(inject.on, "on")
            rule = self._act(table, inject.act, "act", of=inject.on, by=inject.by)
        self._stated(table, rule, inject)
        if rule.needs_words and not (inject.text or inject.fields):
            self._fail("act", f"{rule.id} needs words: text")
        for place, one in enumerate(inject.expects):
            self._at = (self._at[0], place)
            self._expectation(one, inject)
        self._at = (self._at[0], None)

    def _opened(self, procedure: str, instrument: str, named: str, *, by: str = "") -> Procedure:
        found = table_of(self._script, procedure, instrument)
        if found is None:
            self._fail("opens", f"no instrument of the channel has a procedure {procedure!r}")
        if not named:
            self._fail("opens", "what is opened needs a name: as")
        if named in self._tables:
            self._fail("as", f"the name {named!r} is taken")
        self._tables[named], self._openers[named] = found[1], by
        return found[1]

    def _opening(self, table: Procedure, act: str) -> ActRule:
        openings = sorted(table.openings)
        if act and act not in openings:
            self._fail("act", f"{act!r} does not open {table.id}; these do: {', '.join(openings)}")
        return table.act_of[act or openings[0]]

    def _known(self, name: str, key: str) -> Procedure:
        if name not in self._tables:
            self._fail(key, f"nothing is opened as {name!r} before")
        return self._tables[name]

    def _act(self, table: Procedure, act: str, key: str, *, of: str, by: str = "") -> ActRule:
        if act not in table.act_of:
            self._fail(key, f"{table.id} has no act {act!r}; it has: {', '.join(table.act_of)}")
        side = "requesting" if self._openers[of] == by else "requested"
        if not any(row.act == act and row.by == side for row in table.rows):
            self._fail(key, f"{act!r} is no act of the {table.words[side]}")  # type: ignore[index]
        return table.act_of[act]

    def _fields(self, inject: Inject) -> None:
        """The fields of an opening act: those there are, and those without which it cannot be signed."""
        found = table_of(self._script, inject.opens, inject.instrument)
        if found is None:
            return
        kinds = [one.id for one in found[0].types_in(inject.opens)]
        wrong = next((one for one in inject.types if one not in kinds), None)
        if wrong or (kinds and not inject.types):
            self._fail("types", f"it takes types of: {', '.join(kinds)}")
        known = found[0].fields_for(*inject.types, procedure=inject.opens)
        names = {one.id for one in known}
        for key, said in (("fields", inject.fields), ("translated", inject.translated)):
            unknown = next((name for name in said if name not in names), None)
            if unknown:
                self._fail(key, f"there is no field {unknown!r}; there are: {', '.join(sorted(names))}")
        lacking = [one.id for one in known if one.needed == ALWAYS and not inject.fields.get(one.id)]
        if lacking:
            self._fail("fields", f"it cannot be signed without {', '.join(lacking)}")

    def _stated(self, table: Procedure, rule: ActRule, inject: Inject) -> None:
        said = inject.states
        allowed = {one.id: one for one in table.statements_by[rule.id]}
        lacking = [name for name in rule.must_state if name not in said and name not in _OF_ITSELF]
        if lacking:
            self._fail("states", f"{rule.id} must state {', '.join(lacking)}")
        for name, value in said.items():
            if name not in allowed:
                self._fail("states", f"{rule.id} does not state {name!r}; it states: {', '.join(allowed)}")
            listed = allowed[name].values
            for one in [value] if isinstance(value, str) else value:
                if listed and one not in listed:
                    self._fail("states", f"{name} is none of {', '.join(listed)}: {one[:40]!r}")

    def _expectation(self, one: Expectation, inject: Inject) -> None:
        self._once(one.id, self._expected, "expectation")
        if one.opens:
            table = self._opened(one.opens, "", one.named or one.id)
        else:
            table = self._known(one.on or inject.named or inject.on, "on")
            if not one.acts:
                self._fail("id", "say by which act it is met, or what it opens")
        on = one.named or one.id if one.opens else one.on or inject.named or inject.on
        for act in one.acts:
            if not one.opens:
                self._act(table, act, "act", of=on)
            elif act not in table.openings:
                self._fail("act", f"{act!r} does not open {table.id}")
        if bool(one.within) == bool(one.clock):
            self._fail("id", "an expectation has either `within` or `clock`")
        if one.clock and one.clock not in table.clock_of:
            self._fail("clock", f"{table.id} has no clock {one.clock!r}; it has: {', '.join(table.clock_of)}")
        if one.clock and not period(table, one.clock):
            self._fail("clock", f"{one.clock} has no period of its own; say `within`")

    def _condition(self, inject: Inject) -> None:
        if inject.when is None:
            return
        named = inject.when.named
        if len(named) != 1:
            self._fail("when", "a condition is exactly one thing")
        sort, name = named[0]
        known = {"played": self._injects, "met": self._expected, "overdue": self._expected}
        if name not in known.get(sort, self._tables):
            self._fail("when", f"there is no {name!r} that could be {sort}")
        said = inject.when.said
        if said is not None and said.act not in self._tables[name].act_of:
            self._fail("when", f"{self._tables[name].id} has no act {said.act!r}")

    def _once(self, name: str, known: set[str], what: str) -> None:
        if name in known:
            self._fail("id", f"two {what}s are called {name!r}")
        known.add(name)

    def _fail(self, key: str, why: str) -> NoReturn:
        raise MalformedScript(f"line {line_of(self._script.raw, *self._at, key)}: {why}")


def period(table: Procedure, clock: str) -> float:
    """The period of a clock in minutes; 0 where it is due on a stated day."""
    return table.clock_of[clock].period.total_seconds() / 60
