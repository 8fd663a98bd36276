"""What the Convention on Cybercrime and its Second Protocol say here, and must not be made to say."""

from __future__ import annotations

import re
from datetime import date

import pytest

from comity.instruments import Binds, Instrument, Mark, Procedure, Row, footings, library, parties

CONVENTION = library()["ets-185"]
PROTOCOL = library()["cets-224"]
TODAY = date(2026, 11, 26)


def cited(instrument: Instrument) -> list[tuple[str, Mark]]:
    """Basis and mark of everything an instrument says, its procedures included."""
    text = (
        *instrument.identity,
        *instrument.types,
        *instrument.fields,
        *instrument.grounds,
        *instrument.not_grounds,
        *instrument.conditions,
        *instrument.rules,
        *instrument.precedence,
        *instrument.articles,
    )
    rows = (one for each in instrument.procedures for one in (*each.rows, *each.clocks, *each.gates))
    return [(one.basis, one.verified) for one in (*text, *rows)]


def rows(procedure: Procedure, act: str) -> list[Row]:
    """The rows for an act that does not cross."""
    return [row for row in procedure.rows if row.act == act and not row.crosses]


def test_only_what_was_read_of_the_convention_carries_no_badge() -> None:
    """Articles 25 to 48 and the first boxes of two templates were read, and nothing else."""
    read = {basis for basis, mark in cited(CONVENTION) if mark is Mark.READ}
    articles = {int(found[1]) for basis in read if (found := re.match(r"Art\. (\d+)", basis))}

    assert articles <= set(range(25, 49))
    assert {basis for basis in read if not basis.startswith("Art. ")} == {
        "source: T-CY(2018)10, template for subscriber information",
        "source: T-CY(2018)10 and T-CY(2018)11, templates",
    }


def test_nothing_of_the_protocol_is_called_read() -> None:
    """Its text could not be read; only its status is confirmed."""
    assert Mark.READ not in {mark for _, mark in cited(PROTOCOL)}
    assert {basis for basis, mark in cited(PROTOCOL) if mark is Mark.CONFIRMED} == {
        "source: verdragenbank.overheid.nl"
    }


def test_preservation_is_refused_on_no_ground_but_its_own() -> None:
    """Art. 29(5) names two, and Art. 29(4) lets a Party reserve a third."""
    ground = CONVENTION.procedure("preservation").statement_of["ground"]

    assert {"Art. 29(4)", "Art. 29(5)"} == {CONVENTION.ground(one).basis for one in ground.values}
    assert 3 == len(ground.values)


def test_preserved_data_are_kept_sixty_days_whatever_day_was_stated() -> None:
    """Art. 29(7) sets the least period, so a lapse must wait for both."""
    for row in rows(CONVENTION.procedure("preservation"), "lapsed"):
        assert {(0, "until"), (60, "")} == {(wait.days, wait.stated) for wait in row.not_before}


def test_the_convention_sets_nobody_a_deadline() -> None:
    """Sixty days are a least period and "promptly" is no number: a clock would invent an obligation."""
    clocks = [clock for procedure in CONVENTION.procedures for clock in procedure.clocks]

    assert {"target"} == {clock.kind for clock in clocks}


def test_the_protocol_has_the_periods_of_article_8_and_no_others() -> None:
    """Serving within 45 days; returning subscriber information within 20, traffic data within 45."""
    clocks = [clock for procedure in PROTOCOL.procedures for clock in procedure.clocks]

    assert {("art8_serve", 45), ("art8_return_subscriber", 20), ("art8_return_traffic", 45)} == {
        (clock.id, clock.days) for clock in clocks if clock.kind == "treaty"
    }


@pytest.mark.parametrize("instrument", [CONVENTION, PROTOCOL], ids=lambda one: one.id)
def test_nothing_is_disclosed_in_an_emergency_before_the_call_back_or_its_override(
    instrument: Instrument,
) -> None:
    """A forged emergency must not get data unless a voice was heard, or two officers answer for it."""
    procedure = instrument.procedure("emergency")
    before = {state for row in rows(procedure, "disclosed") for state in row.from_}
    ways_in = {row.act for row in procedure.rows if row.to in before and row.act != "disclosed"}

    assert {"called_back", "override"} == ways_in
    assert procedure.act("override").needs_second({})
    assert "override_reason" in procedure.act("override").must_state


def test_what_lets_data_go_needs_a_second_officer_and_what_keeps_them_does_not() -> None:
    """An hour counts where data are kept; what is let go cannot be asked for again."""
    acts = CONVENTION.procedure("preservation").act_of

    assert all(acts[one].needs_second({}) for one in ("released", "withdrawn", "refused"))
    assert not any(acts[one].needs_second({}) for one in ("requested", "ordered", "preserved", "extended"))


def test_the_convention_binds_its_parties_and_the_protocol_nobody_yet() -> None:
    """A request under what is not in force, or not with a Party, has no basis."""
    known = {one.id: parties()[one.id] for one in (CONVENTION, PROTOCOL)}
    with_a_party = footings([CONVENTION, PROTOCOL], known, "us", "at", on=TODAY)
    with_none = footings([CONVENTION, PROTOCOL], known, "us", "ru", on=TODAY)

    assert [Binds.YES, Binds.NO] == [one.binds for one in with_a_party]
    assert [Binds.NO, Binds.NO] == [one.binds for one in with_none]
    assert "it is not in force yet" == with_a_party[1].because
    assert "preservation_dual_criminality" in [one.id for one in known["ets-185"].said_by("at")]
