"""What a table says in codes, in English: for the manual and the command. Pages have words of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity.instruments.citation import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.instruments.procedure import ClockRule, Procedure, Row

MARKS: Final = {
    Mark.READ: "read in full",
    Mark.CONFIRMED: "confirmed by a named source",
    Mark.PATTERN: "pattern of sister treaties",
    Mark.RECALLED: "recalled",
    Mark.UNKNOWN: "not settled",
}
KINDS: Final = {
    "bilateral": "bilateral treaty",
    "multilateral": "multilateral treaty",
    "eu_act": "act of the European Union",
    "model": "model treaty",
    "arrangement": "arrangement",
}
CLOCKS: Final = {"treaty": "deadline of the instrument", "target": "agreed target"}


def act(row: Row) -> str:
    """The act of a row, with what it states where that tells it apart."""
    return row.label + "".join(f" ({value})" for value in row.stating.values())


def came(procedure: Procedure, row: Row) -> str:
    """The states a row may be done in."""
    return ", ".join(procedure.state_of[state].label for state in row.from_) or "opens the procedure"


def leads(procedure: Procedure, row: Row) -> str:
    """The state a row leads to."""
    return procedure.state_of[row.to].label if row.to else "stays"


def requirements(procedure: Procedure, row: Row) -> Iterator[str]:
    """What has to have gone before."""
    yield from (f"only after: {procedure.act(one).label}" for one in row.after)
    yield from (f"not after: {procedure.act(one).label}" for one in row.unless)
    yield from (
        f"only if opened with {_statement(procedure, key)}: {value}"
        for key, value in row.opened_stating.items()
    )
    yield from (
        f"only if {_statement(procedure, key)} is {'as' if alike else 'not as'} the opening act stated it"
        for key, alike in row.as_opened.items()
    )
    for wait in row.not_before:
        since = " or ".join(procedure.act(one).label for one in wait.acts)
        stated = f"the day stated as {_statement(procedure, wait.stated)} in" if wait.stated else ""
        yield f"not before {stated or f'{wait.days} days after'}: {since}"


def stated(procedure: Procedure, row: Row) -> str:
    """What the act must state in the open."""
    return ", ".join(_statement(procedure, one) for one in row.must_state)


def second(procedure: Procedure, row: Row) -> str:
    """When a second officer is needed; empty where never."""
    if not row.second and row.second_when_stating:
        return "when stating " + ", ".join(_statement(procedure, one) for one in row.second_when_stating)
    return "yes" if row.second else ""


def period(procedure: Procedure, clock: ClockRule) -> str:
    """How long a clock runs."""
    if clock.due_on_stated:
        return f"until what is stated as {_statement(procedure, clock.due_on_stated)}"
    parts = ((clock.days, "days"), (clock.hours, "hours"), (clock.minutes, "minutes"))
    return " and ".join(f"{count} {unit}" for count, unit in parts if count)


def _statement(procedure: Procedure, name: str) -> str:
    return procedure.statement_of[name].label
