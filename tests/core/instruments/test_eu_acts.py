"""The two acts of the European Union: their clocks are law, and hardly a row of them has been read."""

from __future__ import annotations

from datetime import date, timedelta

from comity.instruments import Binds, Instrument, Mark, Procedure, footings, library, parties

EIO, EVIDENCE = library()["eu-2014-41"], library()["eu-2023-1543"]
ASSISTANCE, PRODUCTION = EIO.procedure("assistance"), EVIDENCE.procedure("production")
PRESERVATION = EVIDENCE.procedure("preservation")


def treaty_clocks(procedure: Procedure) -> set[tuple[str, timedelta, str, str]]:
    """Basis, period, mark, and whose time it is."""
    return {
        (clock.basis, clock.period, clock.verified.value, procedure.words[clock.for_])
        for clock in procedure.clocks
        if clock.kind == "treaty"
    }


def unbadged(instrument: Instrument) -> set[str]:
    """The bases of everything that is shown as read."""
    rows = (
        *instrument.identity,
        *instrument.types,
        *instrument.fields,
        *instrument.grounds,
        *instrument.defects,
        *instrument.conditions,
        *instrument.rules,
        *instrument.forms,
        *instrument.articles,
        *(row for one in instrument.procedures for row in (*one.steps, *one.clocks, *one.gates)),
    )
    return {row.basis for row in rows if row.verified is Mark.READ}


def test_the_periods_of_the_directive_are_these_and_no_others():
    """A deadline the Directive does not set would be an obligation invented for the other State."""
    executing = "executing authority"

    assert {
        ("Art. 16(1)", timedelta(days=7), "R", executing),
        ("Art. 12(3)", timedelta(days=30), "S", executing),
        ("Art. 12(5)", timedelta(days=30 + 30), "R", executing),
        ("Art. 12(4)", timedelta(days=90), "R", executing),
        ("Art. 32(2)", timedelta(hours=24), "R", executing),
    } == treaty_clocks(ASSISTANCE)


def test_the_periods_of_the_regulation_are_these_and_no_others():
    """The addressee's time is shown on the side that waits for it, never as time the other State owes."""
    assert {
        ("Art. 10(2)-(3)", timedelta(days=10), "V", "issuing authority"),
        ("Art. 10(2)", timedelta(days=10), "V", "enforcing authority"),
        ("Art. 10(4)", timedelta(hours=8), "V", "issuing authority"),
        ("Art. 10(4)", timedelta(hours=96), "V", "enforcing authority"),
    } == treaty_clocks(PRODUCTION)
    assert {
        ("Art. 11(1)", timedelta(days=60), "V", "issuing authority"),
        ("Art. 11(1)", timedelta(0), "V", "issuing authority"),  # until the day stated
    } == treaty_clocks(PRESERVATION)


def test_only_what_was_read_carries_no_badge():
    """Of the Directive nothing was read, of the Regulation four paragraphs and those on preservation."""
    assert set() == unbadged(EIO)
    assert {"Art. 10(1)", "Art. 10(2)", "Art. 10(3)", "Art. 10(4)"} | {
        f"Art. 11({one})" for one in (1, 2, 3)
    } == {basis for basis in unbadged(EVIDENCE) if "-" not in basis}
    assert {"Art. 10(2)-(3)", "Art. 10(2)-(4)"} == {basis for basis in unbadged(EVIDENCE) if "-" in basis}


def test_both_sides_are_called_what_the_acts_call_them():
    """No authority is a Party to an order, and the Directive knows no request."""
    assert {"requesting": "issuing authority", "requested": "executing authority"} == ASSISTANCE.words
    assert {"requesting": "issuing authority", "requested": "enforcing authority"} == PRODUCTION.words
    for procedure in (ASSISTANCE, PRODUCTION, PRESERVATION):
        assert not [act.id for act in procedure.acts if "Party" in act.declares]
        assert not [state.id for state in procedure.states if "Party" in state.meaning]


def test_the_decision_of_the_directive_is_taken_once():
    """A second recognition would start the ninety days anew and make lateness vanish."""
    accepted = [row for row in ASSISTANCE.rows if row.act == "accepted" and not row.crosses]

    assert [(("accepted",), ("art12_execute",))] == [(row.unless, row.starts) for row in accepted]
    assert not [row for row in ASSISTANCE.rows if row.act == "resumed" and row.starts]


def test_an_order_is_written_and_not_bargained_over():
    """The Directive has no oral order and no conditions to be accepted: an order is recognised or not."""
    gone = {"form_accepted", "confirmed", "conditions_offered", "conditions_accepted", "conditions_declined"}

    assert not gone & set(ASSISTANCE.act_of)
    assert "conditions_offered" not in ASSISTANCE.state_of
    assert "sets" == ASSISTANCE.act("accepted").conditions


def test_urgency_decides_which_periods_run():
    """Eight hours instead of ten days: the order itself must say which."""
    notified = [row for row in PRODUCTION.rows if row.act == "notified"]

    assert {
        "ordinary": {"art10_data", "art10_ground", "acknowledging"},
        "emergency": {"art10_emergency", "art10_objection", "acknowledging"},
    } == {row.stating["urgency"]: set(row.starts) for row in notified}


def test_a_preservation_order_asks_nothing_of_the_other_state_before_enforcement():
    """It binds the addressee: showing a duty of the enforcing authority would invent one."""
    duties = [clock for clock in PRESERVATION.clocks if clock.for_ == "requested"]
    started = {row.act for row in PRESERVATION.rows for clock in duties if clock.id in row.starts}

    assert {"enforcement_asked"} == started
    assert {"practice"} == {clock.basis.partition(":")[0] for clock in duties}
    extended = [row for row in PRESERVATION.rows if row.act == "extended"]
    assert [("requesting", ("extended",))] == [(row.by, row.unless) for row in extended]


def test_a_ground_is_raised_only_after_the_issuing_authority_was_contacted():
    """Most objections are settled by a word; an order must not fall because nobody asked."""
    for name in ("objected", "conditions_set", "enforcement_denied"):
        rows = [row for row in PRODUCTION.rows if row.act == name and (row.to or not row.crosses)]
        assert {("consulted",)} == {row.after for row in rows}, name
    assert {"Art. 12(3)", "Art. 16(7)"} == {gate.basis for gate in PRODUCTION.gates}


def test_every_category_of_data_is_taken_under_compulsion():
    """A provider is ordered, not asked; only law can be the basis."""
    assert all(kind.coercive for kind in EVIDENCE.types)
    assert "eu_act" == EVIDENCE.kind == EIO.kind


def test_the_regulation_governs_nothing_before_it_applies():
    """An order issued too early has no law behind it."""
    day = date(2026, 8, 18)

    assert Binds.NO is footings([EVIDENCE], parties(), "de", "fr", on=day - timedelta(days=1))[0].binds
    assert footings([EVIDENCE], parties(), "de", "fr", on=day)[0].governs
    assert footings([EVIDENCE], parties(), "de", "ie", on=day)[0].governs
    assert Binds.NO is footings([EVIDENCE], parties(), "de", "dk", on=day)[0].binds


def test_the_directive_leaves_out_whom_it_does_not_bind():
    """Two Member States stand aside, one State has left, and of others nothing is known here."""
    day = date(2019, 1, 1)

    def binds(other: str, on: date = day) -> Binds:
        return footings([EIO], parties(), "de", other, on=on)[0].binds

    assert Binds.NO is binds("dk")
    assert Binds.NO is binds("ie")
    assert (Binds.YES, Binds.NO) == (binds("gb"), binds("gb", date(2021, 1, 1)))
    assert Binds.UNKNOWN is binds("us")
