"""Two officers, one text, one entry."""

from __future__ import annotations

import hashlib

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.errors import MalformedEntry, OurFault
from comity_node.officials import people, services
from comity_node.officials.errors import (
    AlreadyDecided,
    AnotherMustSecond,
    NotEmpowered,
    Overtaken,
    WaitsAlready,
)
from comity_node.officials.models import Journal, PreparedAct
from comity_node.register.acts import Act, Capacity
from comity_node.register.services import HeadMoved


class NotNow(OurFault):
    """The standing has moved."""

    code = "not-now"


def did(official):
    """What the journal says an official did."""
    return list(Journal.objects.filter(official=official).order_by("pk").values_list("did", "entry"))


def test_act_that_needs_no_second_is_signed_at_once(register, anna, act):
    """An act one officer may do alone must not wait for a second."""
    register.second_needed = False

    entry = services.prepare(act, by=anna)

    assert register.signed == [(act, Capacity(office="Ministry", capacity="case officer"), None)]
    assert did(anna) == [("act.signed", str(entry))]


def test_act_that_needs_a_second_waits(register, prepared, anna, act):
    """Nothing may be on record before two officers agreed."""
    assert register.signed == []
    assert prepared.state == PreparedAct.State.AWAITING
    assert prepared.text == act.text()
    assert prepared.digest == hashlib.sha256(act.text().encode()).hexdigest()
    assert did(anna) == [("act.prepared", "")]


def test_act_sent_twice_waits_once(register, prepared, anna, act):
    """A second click, or a page loaded again, must not put the same act before the second officer twice."""
    again = services.prepare(act, by=anna)

    assert again == prepared
    assert PreparedAct.objects.count() == 1
    assert did(anna) == [("act.prepared", "")]


def test_act_a_colleague_prepared_is_not_prepared_beside_it(register, prepared, hire, act):
    """Two equal texts before two second officers would become two entries."""
    with pytest.raises(WaitsAlready, match=f"as approval {prepared.pk}"):
        services.prepare(act, by=hire("emil", "case officer"))

    assert PreparedAct.objects.count() == 1


def test_act_that_was_returned_can_be_prepared_anew(register, prepared, anna, boris, act):
    """What is no longer waiting stands in nobody's way."""
    services.return_(prepared, by=boris, note="once more")

    assert services.prepare(act, by=anna) != prepared


def test_without_the_power_nothing_is_prepared(register, clara, act):
    """A role that does not carry the power must not even put an act before others."""
    with pytest.raises(NotEmpowered, match=r"clara does not hold the power assistance\.sign"):
        services.prepare(act, by=clara)

    assert not PreparedAct.objects.exists()
    assert did(clara) == []


def test_kind_without_a_row_is_nobodys(register, anna):
    """Absent means not allowed, for whoever asks."""
    with pytest.raises(NotEmpowered, match="no official of this node may record"):
        services.prepare(Act(channel="c", kind="war.declared", ref="x"), by=anna)


def test_second_officer_signs_the_same_act(register, prepared, boris, act):
    """The entry must say exactly what was prepared, in the names of both offices."""
    entry = services.second(prepared, by=boris)

    by = Capacity(office="Ministry", capacity="case officer")
    second = Capacity(office="Prosecution", capacity="coordinator")
    assert register.signed == [(act, by, second)]
    prepared.refresh_from_db()
    assert (prepared.state, prepared.decided_by, prepared.entry) == ("signed", boris, str(entry))
    assert did(boris) == [("act.seconded", str(entry))]


def test_nobody_seconds_their_own_act(register, prepared, anna):
    """Two signatures of one person are one signature; Anna holds the power and still may not."""
    with pytest.raises(AnotherMustSecond):
        services.second(prepared, by=anna)

    assert register.signed == []


def test_database_refuses_one_person_for_two(prepared, anna):
    """The rule of two persons must hold even where Python is passed by."""
    with pytest.raises(IntegrityError), transaction.atomic():
        PreparedAct.objects.filter(pk=prepared.pk).update(
            state="signed", decided_by=anna, entry="x", decided_at=timezone.now()
        )


def test_officer_without_the_power_cannot_second(register, prepared, clara):
    """Seeing a text is not the right to approve it."""
    with pytest.raises(NotEmpowered):
        services.second(prepared, by=clara)

    assert register.signed == []


def test_two_offices_where_the_rule_asks_for_two(register, hire):
    """A suspension takes officers of different offices."""
    first = hire("coordinator-1", "coordinator")
    same_office = hire("coordinator-2", "coordinator")
    other_office = hire("coordinator-3", "coordinator", office="prosecution")
    prepared = services.prepare(Act(channel="c", kind="channel.suspension.declared", ref="c"), by=first)

    with pytest.raises(AnotherMustSecond, match="two different offices"):
        services.second(prepared, by=same_office)
    assert register.signed == []

    services.second(prepared, by=other_office)
    assert len(register.signed) == 1


def test_approval_of_another_text_is_no_approval(register, prepared, boris):
    """An approval counts for the text that was read, by its digest."""
    prepared.digest = "0" * 64

    with pytest.raises(AlreadyDecided):
        services.second(prepared, by=boris)

    assert register.signed == []


@pytest.mark.parametrize("column", ["text", "digest", "office", "capacity", "power", "basis"])
def test_prepared_text_cannot_be_changed(prepared, column):
    """Who rewrites what others are about to sign must fail in the database itself."""
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        PreparedAct.objects.filter(pk=prepared.pk).update(**{column: "other"})


def test_decided_act_stays_decided(register, prepared, boris):
    """A decision cannot be taken back by a bulk update, nor deleted."""
    services.second(prepared, by=boris)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        PreparedAct.objects.update(state="awaiting")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        PreparedAct.objects.all().delete()


@pytest.mark.parametrize(
    "rewritten",
    [
        {"decided_by": None},
        {"decided_at": None},
        {"reason": "other"},
        {"entry": "other"},
        {"state": "returned"},
        {"act": {}},
        {"text": "other"},
    ],
)
def test_erasing_the_text_of_a_decided_act_changes_nothing_else(register, prepared, boris, rewritten):
    """Under cover of erasing, nobody rewrites who decided what, when and why."""
    services.second(prepared, by=boris)
    erased = {"act": {**prepared.act, "payload": None}, "text": ""}

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        PreparedAct.objects.update(**erased | rewritten)
    PreparedAct.objects.update(**erased)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        PreparedAct.objects.update(**erased)


def test_two_officers_at_the_same_time_make_one_entry(register, prepared, boris, hire, monkeypatch):
    """Between check and record another officer may act; the act must be recorded once."""
    other = hire("dora", "coordinator")
    raced = []

    def another_seconds(_moment):
        if not raced:
            raced.append(other)
            services.second(PreparedAct.objects.get(pk=prepared.pk), by=other)

    monkeypatch.setattr(services, "stall", another_seconds)

    with pytest.raises(AlreadyDecided):
        services.second(prepared, by=boris)

    assert len(register.signed) == 1
    prepared.refresh_from_db()
    assert (prepared.state, prepared.decided_by) == ("signed", other)
    assert did(boris) == []


def test_what_is_no_longer_allowed_is_overtaken(register, prepared, boris):
    """The standing may have moved since the act was prepared: then nothing is signed, and it says why."""
    register.forbidden = NotNow("the request was withdrawn yesterday")

    with pytest.raises(Overtaken, match="withdrawn yesterday"):
        services.second(prepared, by=boris)

    assert register.signed == []
    prepared.refresh_from_db()
    assert prepared.state == "overtaken"
    assert "withdrawn yesterday" in prepared.reason
    assert did(boris) == [("act.overtaken", "")]


def test_author_who_lost_the_power_no_longer_signs(register, prepared, boris):
    """Both officers must hold their powers at the moment of signing."""
    people.suspend("anna")

    with pytest.raises(Overtaken, match="anna does not hold"):
        services.second(PreparedAct.objects.get(pk=prepared.pk), by=boris)

    assert register.signed == []


@pytest.mark.parametrize("fault", [HeadMoved("read again"), MalformedEntry("too long")])
def test_register_that_cannot_record_leaves_the_act_waiting(register, prepared, boris, monkeypatch, fault):
    """A fault of the moment is not a decision: the act must still be there to be seconded."""

    def fail(*_args, **_kwargs):
        raise fault

    monkeypatch.setattr(services.register, "append", fail)

    with pytest.raises(type(fault)):
        services.second(prepared, by=boris)

    prepared.refresh_from_db()
    assert prepared.state == "awaiting"
    assert did(boris) == []


def test_returned_act_says_what_to_change(register, prepared, boris):
    """The author must learn why, and the act must not be signed afterwards."""
    services.return_(prepared, by=boris, note="name the account")

    prepared.refresh_from_db()
    assert (prepared.state, prepared.reason) == ("returned", "name the account")
    with pytest.raises(AlreadyDecided):
        services.second(prepared, by=boris)
    assert register.signed == []


def test_author_may_take_it_back_but_a_stranger_may_not_return_it(prepared, anna, clara):
    """Returning is for the author and for those who could have approved."""
    with pytest.raises(NotEmpowered):
        services.return_(prepared, by=clara, note="no")

    services.return_(prepared, by=anna, note="a mistake of mine")
    prepared.refresh_from_db()
    assert prepared.state == "returned"


def test_journal_only_grows(prepared):
    """What was done stays written, whatever a bulk update tries."""
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Journal.objects.update(did="nothing")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Journal.objects.all().delete()
