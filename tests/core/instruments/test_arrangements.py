"""What binds only politically: a basis for talks, alerts and lists, and for nothing done to anybody."""

from __future__ import annotations

from datetime import date

import pytest

from comity.instruments import Binds, Mark, footings, library, parties

TODAY = date(2026, 11, 26)
PACKAGE, MANDATE = library()["us-ru-ict-cbm-2013"], library()["working-group-mandate"]
ARRANGEMENTS = [one for one in library().values() if one.kind == "arrangement"]
OF_TALKS = [PACKAGE, MANDATE]


@pytest.mark.parametrize("arrangement", ARRANGEMENTS, ids=lambda one: one.id)
def test_an_arrangement_compels_nobody_and_gives_no_assistance(arrangement):
    """A search on the strength of a handshake would have no law behind it."""
    assert not [kind.id for kind in arrangement.types if kind.coercive]
    assert not [one.id for one in arrangement.procedures if one.kinds.startswith(("assistance.", "order."))]
    assert not arrangement.grounds
    assert not arrangement.precedence
    assert arrangement.in_force is None


@pytest.mark.parametrize("arrangement", ARRANGEMENTS, ids=lambda one: one.id)
def test_an_arrangement_sets_no_deadline(arrangement):
    """What nobody owes cannot be overdue."""
    kinds = [clock.kind for procedure in arrangement.procedures for clock in procedure.clocks]

    assert "treaty" not in kinds


@pytest.mark.parametrize("arrangement", OF_TALKS, ids=lambda one: one.id)
def test_an_arrangement_says_what_it_is_not(arrangement):
    """An official reads the rules before the request, and must find there that this is no basis for one."""
    rules = {rule.id: rule for rule in arrangement.rules_on("scope")}

    assert {"political", "no_legal_assistance", "no_compulsion"} <= set(rules)
    assert "no legal basis for legal assistance" in rules["no_legal_assistance"].text


@pytest.mark.parametrize("arrangement", OF_TALKS, ids=lambda one: one.id)
def test_everything_about_a_consultation_rests_on_practice(arrangement):
    """No text says how these talks are called or minuted; a better mark would be invented."""
    table = arrangement.procedure("consultation")

    assert {Mark.UNKNOWN} == {row.verified for row in (*table.steps, *table.clocks)}
    assert all(row.basis.startswith("practice: ") for row in (*table.steps, *table.clocks))


def test_both_arrangements_share_one_table_and_differ_in_their_subjects():
    """What is mended in the pattern is mended for both; what may be raised is each arrangement's own."""
    package, mandate = (one.procedure("consultation") for one in OF_TALKS)

    assert package.steps == mandate.steps
    assert package.statement_of["types"].values == tuple(kind.id for kind in PACKAGE.types)
    assert {"mandate", "consultation", "information", "alert", "list_exchange"} == set(
        mandate.statement_of["types"].values
    )


def test_what_is_not_known_of_the_package_is_said():
    """Sources conflict on its first use and are silent on its end; a page must not settle that."""
    facts = {fact.id: fact for fact in PACKAGE.identity}

    assert Mark.UNKNOWN is facts["present_state"].verified
    assert "conflict" in facts["first_use"].note
    assert Mark.READ not in {one.verified for one in (*PACKAGE.identity, *PACKAGE.types, *PACKAGE.rules)}


def test_the_package_binds_its_two_sides_beside_the_treaty_and_governs_nothing():
    """It is a ground for talks between these two, and must never stand before the law between them."""
    found = footings([PACKAGE, MANDATE, library()["us-ru-1999"]], parties(), "us", "ru", on=TODAY)
    by_id = {one.instrument.id: one for one in found}

    assert "us-ru-1999" == found[0].instrument.id
    assert (Binds.YES, False) == (by_id[PACKAGE.id].binds, by_id[PACKAGE.id].governs)
    assert Binds.UNKNOWN is by_id[MANDATE.id].binds
    assert Binds.NO is footings([PACKAGE], parties(), "us", "de", on=TODAY)[0].binds


def test_a_minute_that_waits_for_an_answer_cannot_be_closed_away():
    """A summary one side wrote and the other never answered would otherwise pass for agreed, or vanish."""
    table = PACKAGE.procedure("consultation")
    moving = {
        state: [row for row in table.rows_in[state] if not row.extends]
        for state in ("minute_of_proposing", "minute_of_invited", "two_minutes")
    }

    for rows in moving.values():
        assert {"minute_confirmed", "divergent_stated"} == {row.act for row in rows}
    assert {"requested"} == {row.by for row in moving["minute_of_proposing"]}
    assert {"requesting"} == {row.by for row in moving["minute_of_invited"]}


def test_what_is_agreed_or_disputed_is_signed_by_two():
    """A minute binds politically and is quoted for years; one officer does not agree to it alone."""
    acts = PACKAGE.procedure("consultation").act_of

    assert all(acts[name].second for name in ("proposed", "minute_proposed", "minute_confirmed"))
    assert acts["divergent_stated"].second
    assert not acts["declined"].second
