"""What the page of one procedure shows: the figure, and every row of its table with its article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from comity_node.register.citing import anchor, text_address
from comity_node.web import instrument_words as words
from comity_node.web.figure import figure
from comity_node.web.instrument_pages import head, source, trail
from comity_node.web.marks import CLOCK_KINDS

if TYPE_CHECKING:
    from comity.instruments import Instrument, Procedure, Row


def one_procedure(text: Instrument, procedure: Procedure) -> dict[str, Any]:
    """A procedure as officials read it: figure, states, acts, rows with their articles, clocks."""
    rows = [_row(text, procedure, row) for row in procedure.rows]
    return {
        "instrument": head(text),
        "procedure": {
            "title": _(procedure.title),
            "checked_by": _(procedure.checked_by),
            "digest": text.digest,
            "requesting": _(procedure.words["requesting"]),
            "requested": _(procedure.words["requested"]),
        },
        "trail": trail(text, _(procedure.title)),
        "figure": figure(procedure),
        "states": [
            {
                "anchor": anchor("state", one.id),
                "label": _(one.label),
                "meaning": _(one.meaning),
                "is_end": one.id in procedure.ends,
            }
            for one in procedure.states
        ],
        "rows": [one for one in rows if not one["crosses"]],
        "crossing": [one for one in rows if one["crosses"]],
        "acts": [
            {
                "anchor": anchor("act", one.id),
                "label": _(one.label),
                "declares": _(one.declares),
                "states": [
                    *(words.statement(procedure, name) for name in one.must_state),
                    *(
                        _("%(statement)s, where it applies") % {"statement": words.statement(procedure, name)}
                        for name in one.may_state
                    ),
                ],
            }
            for one in procedure.acts
        ],
        "clocks": [
            {
                **_place(text, procedure, "clock", one.id),
                "label": _(one.label),
                "whose": _(procedure.words[one.for_]),
                "period": words.period(procedure, one),
                "kind": CLOCK_KINDS[one.kind],
                "expiry": _(one.on_expiry) if one.on_expiry else _("Nothing follows by itself."),
                **source(one),
            }
            for one in procedure.clocks
        ],
        "gates": [
            {
                **_place(text, procedure, "gate", f"{one.before}-{one.requires}"),
                "label": _(one.label),
                **source(one),
            }
            for one in procedure.gates
        ],
    }


def _place(text: Instrument, procedure: Procedure, kind: str, name: str) -> dict[str, str]:
    """What a statement is called on the page, and its whole address."""
    return {"anchor": anchor(kind, name), "at": text_address(text, kind, name, procedure=procedure.id)}


def _row(text: Instrument, procedure: Procedure, row: Row) -> dict[str, Any]:
    state = procedure.state_of
    return {
        **_place(text, procedure, "row", row.name),
        "act": _(row.label),
        "stating": [_(value) for value in row.stating.values()],
        "by": _(procedure.words[row.by]),
        "side": row.by,
        "came": [_(state[one].label) for one in row.from_],
        "to": _(state[row.to].label) if row.to else "",
        "requirements": words.requirements(procedure, row),
        "second": words.second(procedure, row),
        "starts": [_(procedure.clock_of[one].label) for one in row.starts],
        "crosses": row.crosses,
        **source(row),
    }
