"""What every instrument that comes with Comity must hold before a lawyer reads it."""

from __future__ import annotations

import pytest

from comity.errors import NotInInstrument
from comity.instruments import Mark, check, digest, library, steps_back, texts, weakest

INSTRUMENTS = sorted(library().values(), key=lambda one: one.id)
MLAT = library()["us-ru-1999"]
ASSISTANCE = MLAT.procedure("assistance")


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda one: one.id)
def test_a_shipped_table_passes_every_check(instrument):
    """A table with a dead end, an uncited row or an undecided race must not reach an official."""
    assert [] == [str(finding) for finding in check(instrument)]


def test_only_provisions_that_were_read_carry_no_badge():
    """An unverified rule shown as verified would mislead the official who relies on it."""
    unbadged = {rule.basis for rule in MLAT.rules if rule.verified is Mark.READ}

    assert {"Art. 7(1)", "Art. 7(2)", "Art. 7(3)", "Art. 13(1)", "Art. 13(2)", "UNTOC Art. 18(7)"} == unbadged
    assert {"Art. 7(1)"} == {row.basis for row in ASSISTANCE.rows if row.verified is Mark.READ}


def test_an_identity_is_verified_no_further_than_the_least_of_its_facts():
    """A channel cites its instrument with one mark; it must not look better founded than any part of it."""
    assert Mark.UNKNOWN is MLAT.identity_verified
    assert "still_in_force" in [one.id for one in MLAT.identity if one.verified is Mark.UNKNOWN]
    assert Mark.UNKNOWN is library()["charter"].identity_verified
    assert Mark.PATTERN is weakest([Mark.READ, Mark.PATTERN, Mark.CONFIRMED])
    assert Mark.READ is weakest([Mark.READ])


def test_the_only_treaty_deadline_is_the_ten_days_of_article_5():
    """Calling an agreed target a deadline of the treaty would invent an obligation."""
    treaty = [(clock.basis, clock.days) for clock in ASSISTANCE.clocks if clock.kind == "treaty"]

    assert [("Art. 5", 10)] == treaty
    assert all(clock.basis.startswith("practice:") for clock in ASSISTANCE.clocks if clock.kind == "target")


def test_refusal_needs_consultation_a_ground_and_a_second_officer():
    """Article 4 asks for consultation first; a denial is too grave for one officer alone."""
    rows = [row for row in ASSISTANCE.rows if row.act == "refused" and not row.crosses]

    assert rows
    for row in rows:
        assert ("consulted",) == row.after
        assert "ground" in row.must_state
        assert row.needs_second({})


def test_an_acceptance_with_conditions_needs_a_second_officer():
    """Conditions bind the other Party, so one officer does not set them alone."""
    accepted = ASSISTANCE.act("accepted")

    assert not accepted.needs_second({})
    assert accepted.needs_second({"conditions": ["confidential"]})


def test_grounds_and_reasons_are_what_an_act_may_state():
    """A ground the instrument does not know is no ground."""
    assert tuple(ground.id for ground in MLAT.grounds) == ASSISTANCE.statement_of["ground"].values
    assert tuple(reason.id for reason in MLAT.reasons) == ASSISTANCE.statement_of["reasons"].values


def test_the_wizard_asks_for_what_the_type_of_assistance_needs():
    """A search request without a place to search comes back as incomplete."""
    search = {field.id for field in MLAT.fields_for("search_seizure")}
    service = {field.id for field in MLAT.fields_for("service")}

    assert {"offences", "purpose", "place_or_person_to_search", "ip_port_time"} <= search
    assert "place_or_person_to_search" not in service
    assert "manner_of_service" in service


def test_the_digest_can_be_repeated_with_ordinary_tools():
    """Both Parties prove that they apply the same text, with sha256sum if need be."""
    files = texts()["us-ru-1999"]

    assert MLAT.digest == digest(files)
    assert MLAT.digest != digest({**files, "instrument.toml": files["instrument.toml"] + b"\n"})


def test_what_the_instrument_does_not_have_is_named_with_what_it_has():
    """An official who mistypes a ground needs the list, not a stack."""
    with pytest.raises(NotInInstrument, match="no ground") as refused:
        MLAT.ground("bank_secrecy")
    assert "non_conformity" in refused.value.hint

    for ask in (MLAT.procedure, MLAT.field, ASSISTANCE.act):
        with pytest.raises(NotInInstrument):
            ask("nothing")
    assert "non_conformity" == MLAT.ground("non_conformity").id
    assert "purpose" == MLAT.field("purpose").id
    assert "assistance.request.refused" == ASSISTANCE.kind("refused")


def test_every_text_an_official_reads_can_be_translated():
    """A label outside the catalogue would stay English on every page."""
    labels = MLAT.labels()

    assert "Refuse the request on a ground" == labels["us-ru-1999.procedures.assistance.act.refused.sentence"]
    assert MLAT.ground("non_conformity").label in labels.values()
    assert MLAT.field("purpose").why == labels["us-ru-1999.field.purpose.why"]
    assert len(MLAT.rules_on("costs")) == sum(".costs_of_" in place for place in labels) + 1


def test_preservation_under_the_treaty_is_other_assistance_without_duty_or_period():
    """The Treaty has no clause on preservation: a deadline or an article for it would be invented."""
    preservation = MLAT.procedure("preservation")

    assert ["other"] == [kind.id for kind in MLAT.types_in("preservation")]
    assert {"target"} == {clock.kind for clock in preservation.clocks}
    assert {"requested": "Art. 2", "refused": "Art. 4"} == {
        row.act: row.basis for row in preservation.rows if not row.basis.startswith("practice:")
    }
    assert not [row for row in preservation.rows if row.verified is Mark.READ]


def test_nothing_steps_back_before_a_treaty_without_a_clause_on_preservation():
    """Whoever asks under a convention that has one must not be sent to a treaty that has none."""
    for name in ("ets-185", "un-cybercrime-2024"):
        assert () == steps_back(library()[name], [MLAT], "preservation")
