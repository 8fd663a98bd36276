"""What the wire takes from a counterpart, what it refuses, and what it says about it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from comity.keys.keyring import Keyring
from comity.names import Origin
from comity_node.register import mirroring, models, queries, rotations, statements, telling
from comity_node.wire import views
from tests.node.counterpart import Counterpart, open_channel
from tests.node.register.histories import mirror, stored, until
from tests.node.wire.posting import answer, bundle, confirm, passport, post, receipts

pytestmark = pytest.mark.django_db


def refused(response, status: int, code: str, *, noted: bool = True) -> dict:
    """It was refused with this status and code, says what to do, and is in the local journal once."""
    assert (status, "application/problem+json") == (response.status_code, response.headers["Content-Type"])
    problem = response.json()
    assert code == problem["code"]
    assert problem["detail"]
    assert int(noted) == models.Delivery.objects.filter(code=code, incoming=True).count()
    return problem


def test_a_delivery_is_answered_by_our_receipt(boris) -> None:
    """In the same breath: what was stored is signed for."""
    boris.writes("note.sent", "bb-2", payload={"text": "sealed"})

    back = answer(post(bundle(boris, 1).encode(), boris.keys))

    assert boris.leaves == stored(boris)
    read = mirroring.read_receipt(
        back.cosignatures[-1],
        boris.origin,
        log_keys=rotations.vkeys(mirror(boris).log_keys),
        mirror_keys=rotations.vkeys(queries.own_log(boris.channel).mirror_keys),
    )
    assert (2, boris.tree.root()) == (read.size, read.root)


def test_the_same_request_again_changes_nothing_and_gets_the_same_receipt(boris) -> None:
    """A replay on the network gains nothing."""
    boris.writes("note.sent", "bb-2")
    body = bundle(boris, 1).encode()
    first = answer(post(body, boris.keys))
    counts = [table.objects.count() for table in (models.Entry, models.Receipt, models.Delivery)]

    again = answer(post(body, boris.keys))

    assert first.cosignatures == again.cosignatures
    assert counts == [table.objects.count() for table in (models.Entry, models.Receipt, models.Delivery)]


def test_a_receipt_that_was_lost_on_the_way_is_given_again(boris) -> None:
    """Whatever we believe the author to have: it shows where it stands, and gets all beyond."""
    boris.writes("note.sent", "bb-2")
    answer(post(bundle(boris, 1).encode(), boris.keys))
    telling.author_has_receipts(mirror(boris), 2)

    back = answer(post(bundle(boris, 1).encode(), boris.keys))

    assert back.cosignatures


def test_a_start_that_cannot_be_does_not_stop_our_receipts(boris) -> None:
    """The manifest of a file on a stick is signed by nobody."""
    answer(post(bundle(boris, 2**40, entries=(), payloads=()).encode(), boris.keys))

    assert mirror(boris).size >= mirror(boris).receipt_known


def test_a_gap_is_answered_with_where_we_are(boris) -> None:
    """The counterpart sends from there; it is nobody's fault, and not noted as one."""
    boris.writes("note.sent", "bb-2")
    boris.writes("note.sent", "bb-3")

    problem = refused(post(bundle(boris, 2).encode(), boris.keys), 409, "send-from", noted=False)

    assert 1 == problem["send_from"]
    assert boris.leaves[:1] == stored(boris)


def test_a_fork_is_refused_noted_and_kept(boris) -> None:
    """With the proof, for good."""
    liar = until(boris, 0)
    liar.writes("note.sent", "bb-9")

    for _ in range(2):
        refused(post(bundle(liar).encode(), boris.keys), 409, "fork-proven")

    assert 1 == models.Misconduct.objects.count()
    assert boris.leaves == stored(boris)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"receiver": "cc"}, 403, "not-for-us"),
        ({"sender": "aa", "receiver": "bb"}, 403, "not-for-us"),
        ({"sender": "cc"}, 403, "not-for-us"),
        ({"channel": "ponmlkjihgfedcba"}, 404, "unknown-origin"),
        ({"checkpoint": b"not a note"}, 422, "malformed-note"),
        ({"payloads": (b"x",)}, 422, "payload-does-not-match"),
        ({"entries": (b"{}",)}, 422, "entries-do-not-match"),
    ],
)
def test_a_delivery_that_breaks_the_protocol_is_refused_whole(boris, change, status, code) -> None:
    """By its own code, with nothing stored, and noted once however often it comes."""
    boris.writes("note.sent", "bb-2")
    before = models.Receipt.objects.count()

    for _ in range(3):
        refused(post(bundle(boris, 1, **change).encode(), boris.keys), status, code)

    assert boris.leaves[:1] == stored(boris)
    assert before == models.Receipt.objects.count()


def test_a_false_receipt_refuses_the_entries_it_came_with(boris) -> None:
    """A delivery is believed as a whole or not at all."""
    boris.writes("note.sent", "bb-2")
    stranger = Counterpart()

    refused(post(bundle(boris, 1, cosignatures=receipts(stranger)).encode(), boris.keys), 422, "bad-receipt")

    assert boris.leaves[:1] == stored(boris)


@pytest.mark.parametrize("body", [b"", b"x", b"\0" * 10240])
def test_what_is_no_delivery_is_refused(boris, body) -> None:
    """Anything can be posted."""
    refused(post(body, boris.keys), 400, "malformed-bundle")


def test_a_delivery_cut_short_is_refused(boris) -> None:
    """The line broke, and the digest was made for the part."""
    boris.writes("note.sent", "bb-2")
    body = bundle(boris, 1).encode()

    for end in range(0, len(body), 2048):
        assert 400 == post(body[:end], boris.keys).status_code
    assert boris.leaves[:1] == stored(boris)


def test_a_body_over_the_limit_is_refused_before_it_is_read(boris, settings) -> None:
    """The error names the limit."""
    settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, bundle_bytes=5000))

    problem = refused(post(bundle(boris).encode(), boris.keys), 400, "malformed-bundle", noted=False)

    assert "5,000" in problem["detail"]


@pytest.mark.parametrize("declared", ["9" * 30, "9" * 5000, "-1", "1e9", "٣"])
def test_a_length_that_cannot_be_is_refused(boris, declared) -> None:
    """A number chosen by others is measured before it is read."""
    response = Client().generic("POST", "/wire/bundle", b"", headers={"Content-Length": declared})

    assert response.status_code in {400, 401}


@pytest.mark.parametrize(("field", "value"), [("bundle_entries", 1), ("payload_bytes", 10)])
def test_more_than_the_node_takes_at_once_is_refused_by_the_limit(boris, settings, field, value) -> None:
    """Flooding meets a number that an administrator can set."""
    boris.writes("note.sent", "bb-2", payload={"text": "x"})
    boris.writes("note.sent", "bb-3")
    settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, **{field: value}))

    refused(post(bundle(boris, 1).encode(), boris.keys), 400, "malformed-bundle")


# --- who may open a channel ---------------------------------------------------------------------------


def _proposal(other) -> None:
    other.writes("channel.proposed", other.channel, stated={"requested": "aa", "instruments": ["charter"]})


def test_a_confirmed_party_may_propose_a_channel(boris) -> None:
    """The first thing on its log is the proposal to us."""
    boris.channel, boris.origin = "ponmlkjihgfedcba", Origin("bb", "ponmlkjihgfedcba")
    fresh = until(boris, 0)
    _proposal(fresh)

    answer(post(bundle(fresh).encode(), boris.keys))

    assert fresh.leaves == stored(fresh)


@pytest.mark.parametrize(
    ("kind", "requested"), [("note.sent", "aa"), ("channel.proposed", "cc"), ("channel.accepted", "aa")]
)
def test_a_log_that_does_not_begin_with_a_proposal_to_us_is_unknown(boris, kind, requested) -> None:
    """Nobody opens a log here by writing to it."""
    boris.channel, boris.origin = "ponmlkjihgfedcba", Origin("bb", "ponmlkjihgfedcba")
    fresh = until(boris, 0)
    fresh.writes(kind, fresh.channel, stated={"requested": requested})

    refused(post(bundle(fresh).encode(), boris.keys), 404, "unknown-origin")

    assert [] == queries.channel_logs(fresh.channel)


def test_a_proposal_that_cannot_be_taken_leaves_no_channel_behind(boris) -> None:
    """Logs opened for a delivery that is then refused would be a channel nobody proposed."""
    boris.channel, boris.origin = "ponmlkjihgfedcba", Origin("bb", "ponmlkjihgfedcba")
    fresh = until(boris, 0)
    _proposal(fresh)
    forged = bundle(fresh, checkpoint=Counterpart(channel=fresh.channel).checkpoint())

    response = post(forged.encode(), boris.keys)

    assert 422 == response.status_code
    assert [] == queries.channel_logs(fresh.channel)


def test_an_unconfirmed_party_may_not_even_call(anna) -> None:
    """Its passport may be here; nobody has compared it."""
    from comity_node.counterparts import services  # noqa: PLC0415 - the room, for its import alone

    other = open_channel()
    services.import_passport(passport(other.keys))

    response = post(bundle(other).encode(), other.keys)

    assert 401 == response.status_code
    assert other.leaves == stored(other)


def test_one_counterpart_does_not_deliver_in_the_name_of_another(boris, anna) -> None:
    """Not even the truth: whose answer is given depends on who calls."""
    other = Keyring.generate("cc")
    confirm(other, anna)
    boris.writes("note.sent", "bb-2")

    refused(post(bundle(boris, 1).encode(), other), 403, "not-for-us")

    assert boris.leaves[:1] == stored(boris)


# --- what our own node cannot do ----------------------------------------------------------------------


def test_a_full_disk_is_said_as_such(boris, monkeypatch) -> None:
    """The counterpart learns that it is to wait, our administrator what to do; nothing is half-written."""

    def full(*_args, **_more):
        raise OperationalError("database or disk is full")

    boris.writes("note.sent", "bb-2")
    with monkeypatch.context() as patched:
        patched.setattr(statements, "add_checkpoint", full)
        response = post(bundle(boris, 1).encode(), boris.keys)

    problem = refused(response, 503, "cannot-store", noted=False)
    assert "room on the disk" in problem["hint"]
    assert boris.leaves[:1] == stored(boris)
    answer(post(bundle(boris, 1).encode(), boris.keys))
    assert boris.leaves == stored(boris)


def test_a_counterpart_that_shows_more_of_our_log_than_we_hold_is_told_that_we_lost_it(boris) -> None:
    """It is our fault and named so; it is no breach of theirs, and nothing more is signed here."""
    from django.db import transaction  # noqa: PLC0415 - only here

    from comity_node.register.acts import Act, Capacity  # noqa: PLC0415 - as above
    from comity_node.register.services import RecordSetBack, append  # noqa: PLC0415 - as above

    act = Act(channel=boris.channel, kind="channel.withdrawn", ref=boris.channel)
    before = transaction.savepoint()
    _sign_anything(act)
    boris.writes("note.sent", "bb-2")
    body = bundle(boris, 1).encode()
    transaction.savepoint_rollback(before)

    refused(post(body, boris.keys), 503, "record-set-back", noted=False)

    assert boris.leaves[:1] == stored(boris)
    with pytest.raises(RecordSetBack):
        append(act, by=Capacity("ministry", "coordinator"))


def _sign_anything(act) -> None:
    from comity_node.register import rooms, services  # noqa: PLC0415 - only here
    from comity_node.register.acts import Capacity  # noqa: PLC0415 - as above

    judged, rooms.verdicts = rooms.verdicts, lambda *_: None
    try:
        services.append(act, by=Capacity("ministry", "coordinator"))
    finally:
        rooms.verdicts = judged


def test_the_clock_of_the_caller_is_compared_with_ours(boris) -> None:
    """Both sides see how far they are apart; neither is cut off for it."""
    response = post(bundle(boris).encode(), boris.keys, at=timezone.now() + timezone.timedelta(days=1))

    assert 200 == response.status_code
    assert 86_400 == pytest.approx(int(response.headers["Comity-Skew"]), abs=3)


def test_one_counterpart_does_not_take_every_thread(boris) -> None:
    """Whoever posts from many lines at once is told to wait, and nothing of it is looked at."""
    with ExitStack() as busy:
        for _ in range(views._AT_ONCE):
            busy.enter_context(views._place_for("bb"))
        refused = post(bundle(boris).encode(), boris.keys)

    assert (503, "busy") == (refused.status_code, refused.json()["code"])
    assert not models.Delivery.objects.exists()
    assert 200 == post(bundle(boris).encode(), boris.keys).status_code
