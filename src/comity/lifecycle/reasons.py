"""Why an act has no effect, said so that either Party may read it: the provision, and what may follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.lifecycle.standing import NOT_BEGUN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.instruments import Procedure, Row, Side
    from comity.lifecycle.standing import Act
    from comity.lifecycle.suspensions import Suspension
    from comity.names import EntryRef


def not_a_party(procedure: Procedure, act: Act) -> str:
    """The author has no role in this procedure."""
    return (
        f"{act.party} is neither the {procedure.words['requesting']} nor the {procedure.words['requested']} "
        f"of this procedure; only they act in it."
    )


def no_effect(procedure: Procedure, state: str, act: str, side: Side, because: str) -> str:
    """The act was done, and leaves the standing as it was."""
    label = next((rule.label for rule in procedure.acts if rule.id == act), act)
    stands = procedure.state_of[state].label if state else NOT_BEGUN
    return f"“{label}” by the {procedure.words[side]} has no effect at “{stands}”: {because}."


def lodged(suspension: Suspension) -> str:
    """A suspension keeps it from having effect."""
    return (
        f"It was lodged while {suspension.began.party} had suspended this topic ({suspension.ref}): it is on "
        "record and receipted, and takes effect if its author confirms it after the suspension."
    )


def taken_back(suspension: Suspension, by: EntryRef) -> str:
    """Its author took back what it had lodged."""
    return (
        f"It was lodged while {suspension.began.party} had suspended this topic ({suspension.ref}), and its "
        f"author took it back ({by.origin.party} {by.index}): it is on record and never takes effect."
    )


def may_follow(procedure: Procedure, rows: Iterable[Row]) -> str:
    """What the table allows instead, with articles."""
    named = dict.fromkeys(f"{row.label} ({procedure.words[row.by]}, {row.basis})" for row in rows)
    return f"What may follow: {'; '.join(named)}." if named else "Nothing may follow."
