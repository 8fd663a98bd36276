"""Drafting, lodging and acting on requests, through the services that pages and the command share."""

from __future__ import annotations

import pytest
from django.utils import timezone

from comity.errors import OurFault
from comity.names import EntryRef
from comity_node.assistance import services
from comity_node.assistance.errors import (
    DraftGone,
    DraftIncomplete,
    NoLegalBasis,
    NotAllowedNow,
    NotOurReference,
    ReferenceTaken,
    WrongAddress,
)
from comity_node.assistance.models import Draft, Request
from comity_node.officials import services as officials
from comity_node.officials.errors import NotEmpowered, TextMoved
from comity_node.officials.models import PreparedAct
from comity_node.register import payloads, queries, rooms
from comity_node.register.acts import Act
from tests.node.counterpart import CHANNEL

ACKNOWLEDGED = "assistance.request.acknowledged"


def size():
    """How many entries we have signed."""
    return queries.own_log(CHANNEL).size


def standing(ref):
    """The state of a request."""
    return Request.objects.get(channel=CHANNEL, ref=ref).state


def test_a_draft_has_its_number_from_the_start_and_stays_local(boris, anna):
    """Colleagues cite the number while they write; the counterpart must not learn of what is never sent."""
    before = size()

    first = services.draft(channel=CHANNEL, by=anna)
    second = services.draft(channel=CHANNEL, by=anna)

    assert first.ref.startswith("aa-")
    assert first.ref.endswith("-0001")
    assert second.ref.endswith("-0002")
    assert before == size()


def test_a_draft_is_saved_in_any_state(draft, anna):
    """Nobody loses an hour's work because a field is still empty."""
    kept = services.save_draft(draft, by=anna, title="", fields={"purpose": ""})

    assert kept.fields["purpose"] == ""
    assert kept.fields["offences"] != ""
    assert ["title", "purpose"] == [gap.field for gap in services.check(kept) if gap.demanded]


def test_an_incomplete_draft_is_not_submitted(draft, anna):
    """The instrument's own list decides what a request must say."""
    services.save_draft(draft, by=anna, fields={"purpose": " "})

    with pytest.raises(DraftIncomplete, match="it lacks"):
        services.submit(Draft.objects.get(pk=draft.pk), by=anna)

    assert 0 == PreparedAct.objects.count()


def test_the_second_officer_signs_exactly_the_text_shown(draft, anna, dora):
    """What is lodged in the name of two offices is what both read, letter for letter."""
    shown = services.opening(draft).text()

    prepared = services.submit(draft, by=anna)
    entry = officials.second(prepared, by=dora)

    received = queries.entry(entry)
    signed = Act(
        channel=CHANNEL,
        kind=received.entry.kind,
        ref=received.entry.ref,
        answers=received.entry.answers,
        stated=received.entry.stated,
        payload=payloads.payload(received),
    )
    assert shown == prepared.text == signed.text()
    assert ("Ministry", "Prosecution") == (received.entry.by.office, received.entry.by.second.office)
    assert "lodged" == standing(draft.ref)


def test_nobody_seconds_alone(draft, anna):
    """A request takes two officials: the one who wrote it cannot be the second."""
    before = size()
    prepared = services.submit(draft, by=anna)

    with pytest.raises(OurFault):
        officials.second(prepared, by=anna)

    assert before == size()


def test_a_submitted_draft_cannot_be_changed_until_it_is_returned(draft, anna, dora):
    """Otherwise the draft and the text under approval would part."""
    prepared = services.submit(draft, by=anna)

    with pytest.raises(DraftGone):
        services.save_draft(draft, by=anna, title="Another")

    officials.return_(prepared, by=dora, note="Name the account.")
    services.reopen(draft, by=anna)
    assert "Another" == services.save_draft(draft, by=anna, title="Another").title


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"ref": "bb-2026-0001"}, NotOurReference),
        ({"stated": {"requested": "cc"}}, WrongAddress),
        ({"stated": {"table": "0" * 64}}, NoLegalBasis),
    ],
)
def test_a_request_is_numbered_and_addressed_within_its_channel(draft, changed, refusal):
    """Numbers are each party's own, and a channel has one other party and one text."""
    act = services.opening(draft)
    changed = {"ref": act.ref, **changed, "stated": {**act.stated, **changed.get("stated", {})}}

    with pytest.raises(refusal):
        rooms.verdict(
            Act(
                channel=CHANNEL,
                kind=act.kind,
                payload=act.payload,
                ref=changed["ref"],
                stated=changed["stated"],
            ),
            "aa",
        )


def test_a_number_is_used_once(draft, lodged):
    """Two requests under one number could not be told apart."""
    act = services.opening(draft)

    with pytest.raises(ReferenceTaken):
        rooms.verdict(act, "aa")


def test_their_request_is_acknowledged_by_one_officer(asked, anna):
    """Where the table wants no second officer, the act is signed at once."""
    done = services.act(channel=CHANNEL, ref=asked, act_name="acknowledged", by=anna)

    assert isinstance(done, EntryRef)
    assert "acknowledged" == standing(asked)
    assert "bb" == queries.entry(done).entry.answers[0].origin.party


def test_a_refusal_without_a_ground_is_not_recorded(asked, anna):
    """A refusal rests on a ground the instrument knows, or it is none."""
    services.act(channel=CHANNEL, ref=asked, act_name="consulted", by=anna, payload={"text": "May we talk?"})
    before = size()

    with pytest.raises(NotAllowedNow, match="Ground"):
        services.act(channel=CHANNEL, ref=asked, act_name="refused", by=anna, payload={"text": "No."})

    assert (before, "in_consultation") == (size(), standing(asked))
    assert 0 == PreparedAct.objects.count()


def test_a_refusal_must_be_preceded_by_consultation(asked, anna):
    """Article 4 asks the authorities to consult before assistance is denied."""
    with pytest.raises(NotAllowedNow) as refusal:
        services.act(
            channel=CHANNEL, ref=asked, act_name="refused", by=anna, stated={"ground": ["military_only"]}
        )

    assert "Art. 4" in refusal.value.hint


def test_an_act_of_the_wrong_side_is_refused_with_articles_and_nothing_is_signed(asked, anna):
    """Only who asked may withdraw; the answer names what is open to us instead, and by which provision."""
    before = size()

    with pytest.raises(NotAllowedNow) as refusal:
        services.act(channel=CHANNEL, ref=asked, act_name="withdrawn", by=anna)

    assert "Art. 7(1)" in refusal.value.hint
    assert (before, "lodged") == (size(), standing(asked))


def test_clara_may_do_nothing_here(draft, asked, clara):
    """Powers come from the table of roles; absent means not allowed."""
    for attempt in (
        lambda: services.draft(channel=CHANNEL, by=clara),
        lambda: services.save_draft(draft, by=clara, title="x"),
        lambda: services.submit(draft, by=clara),
        lambda: services.act(channel=CHANNEL, ref=asked, act_name="acknowledged", by=clara),
    ):
        with pytest.raises(NotEmpowered):
            attempt()

    assert "lodged" == standing(asked)


def test_conditions_bind_only_once_they_are_accepted(lodged, boris, anna, dora):
    """Article 7(4): what was offered binds nobody before the requesting Party says so."""
    boris.does("assistance.request.conditions_offered", lodged, stated={"conditions": ["confidential"]})
    offered = Request.objects.get(ref=lodged).conditions

    officials.second(
        services.act(channel=CHANNEL, ref=lodged, act_name="conditions_accepted", by=anna), by=dora
    )

    assert [{"code": "confidential", "standing": "offered"}] == offered
    assert [{"code": "confidential", "standing": "binding"}] == Request.objects.get(ref=lodged).conditions


def test_accepting_with_conditions_takes_a_second_officer(asked, anna):
    """The table asks for one officer, or for two where conditions are set."""
    prepared = services.act(
        channel=CHANNEL, ref=asked, act_name="accepted", by=anna, stated={"conditions": ["confidential"]}
    )
    signed = services.act(channel=CHANNEL, ref=asked, act_name="accepted", by=anna)

    assert isinstance(prepared, PreparedAct)
    assert isinstance(signed, EntryRef)


def test_a_request_runs_from_lodging_to_closing(lodged, boris, anna):
    """The whole course, seen from the requesting side."""
    for act, stated in (("acknowledged", {}), ("accepted", {}), ("executed", {"extent": "in whole"})):
        boris.does(f"assistance.request.{act}", lodged, stated=stated, payload={"text": act})
    services.act(channel=CHANNEL, ref=lodged, act_name="results_confirmed", by=anna)
    services.act(channel=CHANNEL, ref=lodged, act_name="closed", by=anna)

    row = Request.objects.get(ref=lodged)
    assert ("closed", True, "", 0, None) == (row.state, row.final, row.turn, row.irregular, row.due_at)


def test_a_text_that_has_moved_is_not_signed(asked, boris, anna):
    """The page showed one text; if theirs arrived meanwhile, ours would answer something nobody read."""
    shown = officials.text_digest(
        services.proposed(
            channel=CHANNEL, ref=asked, kind="assistance.request.acknowledged", stated={}, payload={}
        )
    )
    boris.does("assistance.request.supplemented", asked, payload={"text": "One more name."})
    act = services.proposed(
        channel=CHANNEL, ref=asked, kind="assistance.request.acknowledged", stated={}, payload={}
    )
    before = size()

    with pytest.raises(TextMoved):
        officials.sign(act, shown=shown, by=anna)

    assert before == size()


def test_a_number_a_counterpart_used_in_our_name_is_passed_over(boris, anna):
    """One entry of theirs must neither take our next number nor push our numbering to where it ends."""
    year = timezone.now().year
    for number in ("0001", "999999999"):
        boris.does("assistance.request.lodged", f"aa-{year}-{number}", stated={"requested": "aa"})

    begun = [services.draft(channel=CHANNEL, by=anna).ref for _ in range(2)]

    assert [f"aa-{year}-0002", f"aa-{year}-0003"] == begun
