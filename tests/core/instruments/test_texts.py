"""The points of law in the shipped conventions and the model that must not be lost when a file is edited.

What every shipped table must hold is in test_shipped_tables.py; here is what sets these apart.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from comity.instruments import Binds, Instrument, Mark, footings, library, parties

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.instruments import Footing
    from comity.instruments.citation import Cited

TODAY = date(2026, 11, 26)
UNTOC = library()["untoc-2000"]
CYBER = library()["un-cybercrime-2024"]
EUROPE = library()["ets-30"]
MODEL = library()["un-model-1990"]
MINSK = library()["minsk-1993"]
CHISINAU = library()["chisinau-2002"]
TREATY = library()["us-ru-1999"]
TEXTS = [UNTOC, CYBER, EUROPE, MODEL, MINSK, CHISINAU]

every_text = pytest.mark.parametrize("text", TEXTS, ids=lambda one: one.id)


def rows_of(text: Instrument) -> Iterator[Cited]:
    """Every row of law: of the text, and of its procedures."""
    yield from (*text.identity, *text.types, *text.fields, *text.grounds, *text.not_grounds, *text.defects)
    yield from (*text.conditions, *text.rules, *text.forms, *text.precedence, *text.articles)
    for procedure in text.procedures:
        yield from (*procedure.steps, *procedure.clocks, *procedure.gates)


def read_in(text: Instrument) -> set[str]:
    """What is marked as read, by article without its paragraphs, or by source."""
    return {row.basis.split("(")[0] for row in rows_of(text) if row.verified is Mark.READ}


def between(one: str, other: str, *texts: Instrument, on: date = TODAY) -> dict[str, Footing]:
    """What each instrument is between two parties, by its id."""
    return {found.instrument.id: found for found in footings(texts, parties(), one, other, on=on)}


# --- marks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (UNTOC, {"Art. 18"}),
        (CYBER, {"source: UN Treaty Collection, XVIII-16", "Art. 65"}),
        (EUROPE, {f"Art. {number}" for number in range(14, 21)}),
        (MODEL, {"Art. 1", "Art. 2", "Art. 3"}),
        (MINSK, set()),
        (CHISINAU, {"Art. 7"}),
    ],
    ids=lambda one: one.id if isinstance(one, Instrument) else "",
)
def test_only_what_was_read_carries_no_badge(text: Instrument, read: set[str]) -> None:
    """A row marked better than it was verified would mislead the officer who relies on it."""
    assert read == read_in(text)


def test_of_the_chisinau_convention_one_paragraph_was_read() -> None:
    """The rest of its Art. 7 is recalled, and must not borrow the mark of the first paragraph."""
    seventh = {row.basis: row.verified for row in CHISINAU.fields if row.basis.startswith("Art. 7")}

    assert {"Art. 7(1)": Mark.READ, "Art. 7(2)": Mark.RECALLED} == seventh


# --- clocks --------------------------------------------------------------------------------------------


@every_text
def test_no_period_is_called_a_deadline_of_the_instrument(text: Instrument) -> None:
    """None of these sets a period for a request: "forthwith" and "as soon as possible" are no days."""
    clocks = text.procedure("assistance").clocks

    assert clocks
    assert {"target"} == {clock.kind for clock in clocks}
    assert all(clock.basis.startswith("practice:") for clock in clocks)


@pytest.mark.parametrize("text", [UNTOC, CYBER], ids=lambda one: one.id)
def test_an_oral_request_is_confirmed_and_does_not_lapse(text: Instrument) -> None:
    """The conventions say "forthwith" and stop there: a lapse or a waiver would be invented."""
    table = text.procedure("assistance")

    assert {"form_accepted", "confirmed"} <= set(table.act_of)
    assert not {"lapsed", "confirmation_waived"} & set(table.act_of)
    assert all(not row.not_before and not row.starts for row in table.rows if row.act == "confirmed")


@pytest.mark.parametrize("text", [EUROPE, MINSK, CHISINAU], ids=lambda one: one.id)
def test_where_requests_are_in_writing_no_other_form_can_be_accepted(text: Instrument) -> None:
    """An act the instrument does not know would be done in good faith and have no basis."""
    assert not {"form_accepted", "confirmed", "lapsed"} & set(text.procedure("assistance").act_of)


# --- refusing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "basis"), [(UNTOC, "Art. 18(26)"), (CYBER, "Art. 40(28)")])
@pytest.mark.parametrize("act", ["refused", "postponed"])
def test_refusing_and_postponing_come_after_consultation(text: Instrument, basis: str, act: str) -> None:
    """Both conventions demand that terms are considered together first; a silent refusal breaches them."""
    table = text.procedure("assistance")
    rows = [row for row in table.rows if row.act == act and not row.crosses]

    assert [(("in_consultation",), ("consulted",))] == [(row.from_, row.after) for row in rows]
    assert [("consulted", basis)] == [
        (gate.requires, gate.basis) for gate in table.gates if gate.before == act
    ]


@pytest.mark.parametrize("text", [EUROPE, MODEL, MINSK, CHISINAU], ids=lambda one: one.id)
def test_consultation_is_not_demanded_where_the_instrument_does_not(text: Instrument) -> None:
    """A gate without a provision would make a lawful refusal irregular."""
    table = text.procedure("assistance")

    assert () == table.gates
    assert all(() == row.after for row in table.rows if row.act == "refused")


@every_text
def test_a_refusal_states_a_ground_the_instrument_knows(text: Instrument) -> None:
    """Reasons are owed everywhere, and only grounds that are listed can be given."""
    table = text.procedure("assistance")

    assert text.grounds
    assert "ground" in table.act("refused").must_state
    assert tuple(one.id for one in text.grounds) == table.statement_of["ground"].values


@every_text
def test_bank_secrecy_is_never_a_ground(text: Instrument) -> None:
    """The officer who is offered it must find it where it belongs."""
    assert "bank_secrecy" in [one.id for one in text.not_grounds]


def test_a_fiscal_offence_is_a_ground_only_under_the_oldest_convention() -> None:
    """ETS 30 of 1959 has it, and says by which Protocol it was given up; the others never had it."""
    fiscal = EUROPE.ground("fiscal_offence")

    assert "ETS 99" in fiscal.note
    for text in TEXTS:
        if text is not EUROPE:
            assert "fiscal_nature" in [one.id for one in text.not_grounds]


# --- who is bound --------------------------------------------------------------------------------------


def test_between_the_united_states_and_russia_the_treaty_comes_before_untoc() -> None:
    """Art. 18(7): the convention is a fallback, and both may still agree to apply it instead."""
    found = between("us", "ru", *library().values())

    assert found["us-ru-1999"].governs
    assert Binds.YES is found["untoc-2000"].binds
    assert not found["untoc-2000"].governs
    assert (TREATY,) == found["untoc-2000"].yields_to
    assert found["untoc-2000"].in_lieu
    assert Mark.RECALLED is found["untoc-2000"].verified


def test_no_other_of_these_governs_between_the_two() -> None:
    """The rest of the shelf must not look like a choice of law."""
    assert {"us-ru-1999"} == {
        name for name, one in between("us", "ru", TREATY, *TEXTS).items() if one.governs
    }


def test_nobody_is_bound_by_the_convention_that_is_not_in_force() -> None:
    """Signing is not being bound; whoever signed, nothing can rest on it yet."""
    assert CYBER.in_force is None
    for code in (one.code for one in parties()[CYBER.id].parties):
        found = between("ru", code, CYBER)[CYBER.id]
        assert Binds.NO is found.binds
        assert Mark.CONFIRMED is found.verified
    assert all(one.bound_from is None for one in parties()[CYBER.id].parties)


def test_nobody_is_bound_by_a_model() -> None:
    """It is a list of what treaties ask for; a request never rests on it."""
    assert "model" == MODEL.kind
    assert MODEL.in_force is None
    assert Binds.NO is between("us", "ru", MODEL)[MODEL.id].binds
    assert () == parties()[MODEL.id].parties


@pytest.mark.parametrize("text", [UNTOC, EUROPE, MINSK, CHISINAU], ids=lambda one: one.id)
def test_of_a_state_nobody_looked_up_nothing_is_said(text: Instrument) -> None:
    """Most Parties are not listed: calling them unbound would deny an obligation."""
    assert not parties()[text.id].complete
    assert Binds.UNKNOWN is between("kz", "fr", text)[text.id].binds


def test_whether_russia_is_bound_by_the_chisinau_convention_is_left_open() -> None:
    """It signed, and its ratification was not verified: neither yes nor no."""
    assert parties()[CHISINAU.id].party("ru") is None
    assert Binds.UNKNOWN is between("ru", "kz", CHISINAU)[CHISINAU.id].binds


@every_text
def test_only_a_source_with_a_day_makes_a_party_bound(text: Instrument) -> None:
    """A day before the instrument was in force, or from nowhere, would bind a State by mistake."""
    for party in parties()[text.id].parties:
        assert party.basis.startswith("source: ")
        assert party.bound_from is None or (text.in_force and party.bound_from >= text.in_force)


# --- which comes first ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [UNTOC, CYBER], ids=lambda one: one.id)
def test_treaties_of_mutual_assistance_come_first_and_fallbacks_do_not_yield_to_each_other(
    text: Instrument,
) -> None:
    """Two conventions that each step back for the other would leave a pair without any."""
    (rule,) = text.precedence

    assert {"bilateral", "ets-30", "minsk-1993", "chisinau-2002"} == set(rule.yields_to)
    assert rule.in_lieu


def test_the_minsk_convention_gives_way_to_the_one_of_chisinau() -> None:
    """Between Parties to both the older one has ended, and is no choice."""
    (rule,) = MINSK.precedence

    assert ("chisinau-2002",) == rule.yields_to
    assert not rule.in_lieu
    assert () == CHISINAU.precedence


# --- what a request contains ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", [UNTOC, CYBER, EUROPE, MODEL], ids=lambda one: one.id)
def test_service_of_documents_needs_no_summary_of_the_facts(text: Instrument) -> None:
    """Each exempts it; asking for facts all the same sends such requests back for nothing."""
    assert "facts_summary" not in {field.id for field in text.fields_for("service")}
    for kind in ("testimony", "search_seizure", "documents_items"):
        assert "facts_summary" in {field.id for field in text.fields_for(kind)}


@every_text
def test_electronic_evidence_is_asked_for_in_the_detail_it_needs(text: Instrument) -> None:
    """All but one predate it or name little of it, and without these fields such requests fail."""
    asked = {field.id: field for field in text.fields_for("documents_items")}
    named = {"provider", "ip_port_time", "hash_list", "preservation_reference", "volatile_data"}

    assert {"account_identifiers", *named} <= set(asked)
    assert {"by practice"} == {asked[name].needed for name in named}


@every_text
def test_every_field_says_why_it_is_asked(text: Instrument) -> None:
    """The officer fills in what he understands the need of."""
    assert all(field.why.endswith(".") and field.why != field.label for field in text.fields)


@pytest.mark.parametrize("text", [MINSK, CHISINAU], ids=lambda one: one.id)
def test_in_the_commonwealth_a_request_bears_a_seal_and_certified_enclosures(text: Instrument) -> None:
    """Institutions there expect both, and send back what lacks them."""
    (form,) = text.forms

    assert "always" == text.field("official_seal").needed
    assert {"signature", "official_seal", "enclosures", "certified_by"} <= set(form.data)
    assert "no_seal" in [defect.id for defect in text.defects]


def test_between_european_parties_nothing_needs_to_be_authenticated() -> None:
    """Art. 17 spares it: asking for a certificate would add what the Convention forbids to require."""
    assert ["Art. 17"] == [rule.basis for rule in EUROPE.rules if rule.id == "no_authentication"]
    assert () == EUROPE.forms


@pytest.mark.parametrize(
    ("text", "basis"), [(UNTOC, "Art. 18(27)"), (CYBER, "Art. 40(29)"), (MODEL, "Art. 15")]
)
def test_safe_conduct_is_a_rule_with_its_fifteen_days(text: Instrument, basis: str) -> None:
    """It protects a person who travels; it is no clock of the request."""
    (rule,) = [rule for rule in text.rules if rule.id == "safe_conduct"]

    assert basis == rule.basis
    assert "15 consecutive days" in rule.text


def test_untoc_covers_mutual_assistance_and_says_what_it_leaves_out() -> None:
    """A file that looked like the whole Convention would be taken for it."""
    assert {2, 3, 18, 40, 41} == {article.number for article in UNTOC.articles}
    assert "what_this_covers" in [rule.id for rule in UNTOC.rules_on("scope")]
