"""A procedure drawn: every move is an arrow, and nothing is drawn that does not move."""

from __future__ import annotations

import pytest

from comity.instruments import Procedure, arrows, editions, mermaid, wording

PROCEDURES = [procedure for one in editions().values() for procedure in one.procedures]


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda one: one.id)
def test_every_row_that_moves_is_drawn_from_every_state_it_may_be_done_in(procedure: Procedure) -> None:
    """A way out of a state that the picture lacks would look closed to an official."""
    drawn = {(arrow.came, arrow.to, row.name) for arrow in arrows(procedure) for row in arrow.rows}

    assert drawn == {
        (came, row.to, row.name)
        for row in procedure.rows
        if row.to and not row.crosses
        for came in row.from_ or ("",)
        if came != row.to
    }


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda one: one.id)
def test_the_source_of_the_picture_names_every_state(procedure: Procedure) -> None:
    """The picture of the manual is drawn from it by others, who know no other names."""
    source = "\n".join(mermaid(procedure))

    assert all(f'state "{state.label}" as {state.id}' in source for state in procedure.states)
    assert all(f"{state} --> [*]" in source for state in procedure.ends)


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda one: one.id)
def test_every_row_and_clock_can_be_said_in_words(procedure: Procedure) -> None:
    """A period without a length or a row without an origin would be read as none."""
    assert all(wording.came(procedure, row) and wording.leads(procedure, row) for row in procedure.rows)
    assert all(wording.period(procedure, clock) for clock in procedure.clocks)
    for row in procedure.rows:
        said = list(wording.requirements(procedure, row))
        assert len(said) == sum(
            map(len, (row.after, row.unless, row.opened_stating, row.as_opened, row.not_before))
        )
