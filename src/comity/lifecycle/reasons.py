"""Why an act has no effect, said so that either Party may read it: the provision, and what may follow."""

from __future__ import annotations

from collections.abc import Iterable

from comity.instruments import Procedure, Row, Side
from comity.lifecycle.standing import Act


def not_a_party(procedure: Procedure, act: Act) -> str:
    """The author has no role in this procedure."""
    return (
        f"{act.party} is neither the {procedure.words['requesting']} nor the {procedure.words['requested']} "
        f"of this procedure; only they act in it."
    )


def no_row(procedure: Procedure, state: str, act: str, side: Side, because: str, may: Iterable[Row]) -> str:
    """No row applies: ``because`` of a condition of the row, or because there is no such row at all."""
    label = next((rule.label for rule in procedure.acts if rule.id == act), act)
    stands = procedure.state_of[state].label if state else "Not begun"
    said = f"“{label}” by the {procedure.words[side]} has no effect while the procedure stands at “{stands}”"
    return f"{said}: {because or 'no row of the table allows it'}. {_may_follow(procedure, may)}"


def _may_follow(procedure: Procedure, may: Iterable[Row]) -> str:
    rows = dict.fromkeys(f"{row.label} ({procedure.words[row.by]}, {row.basis})" for row in may)
    return f"What may follow: {'; '.join(rows)}." if rows else "Nothing may follow."
