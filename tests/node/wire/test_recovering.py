"""What our node takes back after a loss, from a counterpart that may be lying about it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction

from comity.errors import BadReceipt, ComityError, CounterpartBreach, PayloadDoesNotMatch
from comity_node.home import WitnessAt
from comity_node.register import fsck, models, queries, rooms
from comity_node.register.acts import Act, Capacity
from comity_node.register.keyring import mirror_signers
from comity_node.register.returning import TwoHistoriesOfOurs
from comity_node.register.services import NotHeardSinceRestore, RecordSetBack, append
from comity_node.wire.receiving import ForkProven, NotForUs, receive
from comity_node.wire.recovering import KeptBack, recover
from comity_node.witness import services as witness
from tests.node.register.histories import mirror, until
from tests.node.wire import posting
from tests.node.wire.mirrors import Mirror
from tests.node.wire.posting import bundle

pytestmark = pytest.mark.django_db


@pytest.fixture
def act(boris, monkeypatch):
    """Put a note on our log; a room that allows everything stands for the real one."""
    allowed = rooms.Room(
        "note",
        lambda acts, _party: [rooms.Verdict("practice", "?", False, "") for _ in acts],
        lambda _c, _r: None,
        [],
    )
    monkeypatch.setitem(rooms._ROOMS, "note", allowed)

    def sign(ref: str):
        said = Act(channel=boris.channel, kind="note.sent", ref=ref, payload={"text": ref})
        return append(said, by=Capacity("ministry", "case officer"))

    return sign


@pytest.fixture
def lost(boris, act):
    """Three entries of each side, receipted both ways, and then our node is put back to before them.

    Gives the counterpart's mirror, and what our record was.
    """
    before = transaction.savepoint()
    for number in range(3):
        act(f"aa-{number}")
        boris.receipts()
        boris.writes("note.sent", f"bb-{number}", payload={"text": "sealed"})
        _deliver(boris)
    held, record = Mirror(boris.channel), _record(boris)
    transaction.savepoint_rollback(before)
    boris.delivered = 1
    models.Log.objects.filter(ours=True).update(held_elsewhere=-1)
    return held, record


def _deliver(boris) -> None:
    from comity_node.register import mirroring  # noqa: PLC0415 - only here

    boris.delivers()
    mirroring.give(mirror(boris))


def _record(boris) -> list:
    entries = queries.entries(boris.channel)
    return [(str(one.ref), one.depth, one.leaf, one.receipted_at) for one in entries]


def _closed(boris) -> int:
    return queries.own_log(boris.channel).held_elsewhere


def test_all_of_it_comes_back_with_the_times_first_signed(boris, lost, act) -> None:
    """Entries, order, payloads, receipts of both sides; and then the pen is free."""
    held, record = lost

    done = recover(boris.channel, held)

    assert (3, 3, 0) == (done.own, done.theirs, done.missing)
    assert record == _record(boris)
    assert [] == fsck.check()[0]
    assert 0 == _closed(boris)
    act("aa-9")


@pytest.mark.parametrize("party", ["aa", "bb"])
def test_content_that_is_kept_back_stops_the_recovery(boris, lost, act, party) -> None:
    """A counterpart could make our own content vanish for good, and call it erased: our log has to say so."""
    held, record = lost
    digest = next(digest for _leaf, digest in held.leaves[party][-1:])
    content, held.payloads[digest] = held.payloads[digest], b""

    with pytest.raises(PayloadDoesNotMatch, match="kept back"):
        recover(boris.channel, held)
    with pytest.raises((NotHeardSinceRestore, RecordSetBack)):
        act("aa-9")

    held.payloads[digest] = content
    recover(boris.channel, held)
    assert record == _record(boris)
    assert [] == fsck.check()[0]


def test_nothing_is_taken_or_signed_in_between(boris, lost, act) -> None:
    """Their entries answer what we lack: they would look like lies, and our receipts be second ones."""
    receipts = models.Receipt.objects.count()

    with pytest.raises(NotHeardSinceRestore):
        act("aa-9")
    with pytest.raises(NotHeardSinceRestore):
        receive(bundle(boris, 1))

    assert receipts == models.Receipt.objects.count()
    assert not models.Delivery.objects.exists()


def test_asked_a_second_time_it_changes_nothing(boris, lost) -> None:
    """A repeated or replayed answer is no second history."""
    held, record = lost
    recover(boris.channel, held)

    again = recover(boris.channel, held)

    assert (0, 0, 0) == (again.own, again.theirs, again.receipts)
    assert record == _record(boris)
    assert 0 == _closed(boris)


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_what_was_kept_back_keeps_our_log_closed(boris, lost, act, kept) -> None:
    """They signed for four entries of ours: whoever signs on from fewer signs a second history."""
    held, record = lost
    held.ends = {"aa": kept, "bb": 4}

    with pytest.raises(ComityError) as refused:
        recover(boris.channel, held)

    assert refused.value.code in {"kept-back", "claims-the-unseen"}
    with pytest.raises((RecordSetBack, NotHeardSinceRestore)):
        act("aa-9")
    held.ends = {"aa": 4, "bb": 4}
    recover(boris.channel, held)
    assert record == _record(boris)


def test_their_entries_we_had_seen_must_come_back_too(boris, lost) -> None:
    """Our own entries, and our own receipts, say how much of theirs there was."""
    held, _ = lost
    held.ends = {"aa": 4, "bb": 2}

    with pytest.raises(BadReceipt, match="we had seen and signed for 4"):
        recover(boris.channel, held)

    assert 1 == queries.own_log(boris.channel).size
    assert 4 == _closed(boris)


@pytest.mark.parametrize(
    ("lie", "error"),
    [
        (lambda part: replace(part, channel="ponmlkjihgfedcba"), NotForUs),
        (lambda part: replace(part, sender="cc"), NotForUs),
        (lambda part: replace(part, checkpoint=b"no note"), CounterpartBreach),
        (lambda part: replace(part, start=0), CounterpartBreach),
        (lambda part: replace(part, entries=part.entries[::-1]), CounterpartBreach),
        (lambda part: replace(part, entries=part.entries[:-1]), CounterpartBreach),
        (lambda part: replace(part, payloads=part.payloads[:-1]), CounterpartBreach),
        (lambda part: replace(part, cosignatures=part.cosignatures[::-1]), CounterpartBreach),
        (lambda part: replace(part, cosignatures=part.cosignatures * 2), CounterpartBreach),
        (lambda part: replace(part, cosignatures=(b"x",)), CounterpartBreach),
    ],
)
def test_what_is_false_is_refused_whole(boris, lost, lie, error) -> None:
    """Noted, nothing kept, and asked for again."""
    held, record = lost
    before, receipts = _record(boris), models.Receipt.objects.count()
    held.lies = lie

    with pytest.raises(error):
        recover(boris.channel, held)

    assert before == _record(boris)
    assert receipts == models.Receipt.objects.count()
    assert 1 == models.Delivery.objects.filter(incoming=True).count()
    held.lies = lambda part: part
    recover(boris.channel, held)
    assert record == _record(boris)


def test_no_more_of_theirs_is_taken_than_we_once_held(boris, lost) -> None:
    """A restored node must not be flooded; what they wrote since comes as any delivery."""
    held, record = lost
    for number in range(5):
        boris.writes("note.sent", f"bb-9{number}", seen=4)
    held.leaves["bb"] += [(leaf, "") for leaf in boris.leaves[4:]]
    held.notes["bb"][9] = boris.checkpoint()
    held.ends["bb"] = 4

    recover(boris.channel, held)

    assert record == _record(boris)


def test_another_history_of_their_log_is_proven_by_our_own_receipt(boris, lost) -> None:
    """Our signature from before the loss stands under what they now deny."""
    held, _ = lost
    liar = until(boris, 1)
    for number in range(3):
        liar.writes("note.sent", f"bb-8{number}", seen=number + 2)
    held.leaves["bb"] = [(leaf, "") for leaf in liar.leaves]
    held.leaves["bb"][0] = (liar.leaves[0], queries.entries(boris.channel)[0].entry.payload.sha256)
    held.notes["bb"] = {4: liar.checkpoint()}

    with pytest.raises(BadReceipt, match="proof is kept"):
        recover(boris.channel, held)

    (kept,) = models.Misconduct.objects.all()
    assert kept.log == mirror(boris)
    assert [] == fsck.check()[0]
    assert 1 == queries.own_log(boris.channel).size
    models.Log.objects.filter(ours=True).update(held_elsewhere=0)
    with pytest.raises(ForkProven):
        receive(bundle(boris, 1, cosignatures=()))


def test_entries_we_signed_in_their_place_close_our_log_for_good(boris, lost, act) -> None:
    """Both signatures are ours: which history goes on is not for software to choose."""
    held, _ = lost
    models.Log.objects.filter(ours=True).update(held_elsewhere=0)
    act("aa-7")

    for _ in range(2):
        with pytest.raises(TwoHistoriesOfOurs):
            recover(boris.channel, held)

    with pytest.raises(RecordSetBack):
        act("aa-8")
    assert 2 == queries.own_log(boris.channel).size


def test_a_receipt_that_shows_our_other_history_closes_it_as_well(boris, lost, act) -> None:
    """They give back nothing, and sign for what we do not hold."""
    held, _ = lost
    models.Log.objects.filter(ours=True).update(held_elsewhere=0)
    act("aa-7")
    held.ends["aa"] = 1

    with pytest.raises((TwoHistoriesOfOurs, CounterpartBreach)):
        recover(boris.channel, held)

    with pytest.raises(RecordSetBack):
        act("aa-8")


def test_a_witness_that_saw_more_keeps_our_log_closed(boris, lost, act, settings, monkeypatch) -> None:
    """It read nothing, but it knows how much there was; what never reached the counterpart is gone."""
    held, record = lost
    known = [9]

    def answer(_http, _url, _body):
        return 409, f"{known[0]}\n".encode()

    monkeypatch.setattr(witness, "_post", answer)
    vkey = str(mirror_signers(1)[0].vkey)
    settings.NODE = replace(settings.NODE, witnesses=(WitnessAt(vkey, "http://witness.test"),))

    with pytest.raises(KeptBack, match="has cosigned 9"):
        recover(boris.channel, held)
    with pytest.raises(NotHeardSinceRestore):
        act("aa-9")
    assert record == _record(boris)

    known[0] = 3
    recover(boris.channel, held)
    act("aa-9")


def test_a_witness_that_does_not_answer_stops_nothing(boris, lost, act, settings, monkeypatch) -> None:
    """It is a word more, not a gate of its own."""

    def down(*_):
        raise witness.WitnessRefused("down")

    monkeypatch.setattr(witness, "_post", down)
    vkey = str(mirror_signers(1)[0].vkey)
    settings.NODE = replace(settings.NODE, witnesses=(WitnessAt(vkey, "http://witness.test"),))

    recover(boris.channel, lost[0])

    act("aa-9")


# --- what we give back --------------------------------------------------------------------------------


def test_a_counterpart_is_given_back_its_own_log_and_its_own_receipts(boris, stranger, act) -> None:
    """As it delivered them; and ours, with our receipts. Nothing is signed for it."""
    from tests.node.wire.stranger import read_bundle  # noqa: PLC0415 - only here

    act("aa-1")
    boris.receipts()
    receipts = models.Receipt.objects.count()

    own = read_bundle(stranger.call("GET", f"/wire/logs/{boris.channel}/bb?start=0&receipts=1").content)
    ours = read_bundle(stranger.call("GET", f"/wire/logs/{boris.channel}/aa?start=1").content)

    assert ("bb", "aa", 0, boris.leaves) == (
        own["sender"],
        own["receiver"],
        own["start"],
        own["entry_leaves"],
    )
    assert [2] == [int(note.split(b"\n")[1]) for note in own["cosignatures"]]
    assert ("aa", "bb", 1, 1) == (ours["sender"], ours["receiver"], ours["start"], len(ours["entry_leaves"]))
    assert [] == ours["cosignatures"]
    assert receipts == models.Receipt.objects.count()


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/wire/logs/{channel}/cc", 404, "unknown-origin"),
        ("/wire/logs/ponmlkjihgfedcba/bb", 404, "unknown-origin"),
        ("/wire/logs/{channel}/bb?start=01", 400, "malformed-bundle"),
        ("/wire/logs/{channel}/bb?start=-1", 400, "malformed-bundle"),
        ("/wire/logs/{channel}/bb?receipts=" + "9" * 19, 400, "malformed-bundle"),
        ("/wire/logs/{channel}/bb?receipts=" + "9" * 5000, 400, "malformed-bundle"),
    ],
)
def test_what_is_not_there_or_not_a_number_is_refused(boris, stranger, path, status, code) -> None:
    """By the table of refusals."""
    from tests.node.wire.stranger import problem  # noqa: PLC0415 - only here

    problem(stranger.call("GET", path.format(channel=boris.channel)), status, code)


def test_a_start_beyond_the_end_brings_no_entries(boris, stranger) -> None:
    """Who wants receipts only asks so."""
    from tests.node.wire.stranger import read_bundle  # noqa: PLC0415 - only here

    said = read_bundle(stranger.call("GET", f"/wire/logs/{boris.channel}/bb?start={10**17}").content)

    assert ([], 10**17, 10**17) == (said["entry_leaves"], said["start"], said["end"])


def test_another_counterpart_is_given_nothing_of_it(boris, anna) -> None:
    """Whose channel it is decides, not whose name is in the path."""
    from comity.keys.keyring import Keyring  # noqa: PLC0415 - only here
    from tests.node.wire.stranger import Stranger, problem  # noqa: PLC0415 - as above

    keys = Keyring.generate("cc")
    posting.confirm(keys, anna)
    cc = Stranger("cc", keys.wire.seed, "http://aa.test")

    for author in ("aa", "bb"):
        problem(cc.call("GET", f"/wire/logs/{boris.channel}/{author}"), 404, "unknown-origin")
