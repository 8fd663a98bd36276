"""Keys change by entries: announced under the old, used from a day on, the old retired under the new."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.conf import settings
from django.utils import timezone

from comity.channel.charter import PartyKeys, policy_of
from comity.channel.passport import Passport, coming_keys, identity_signers, issue, public_keys, vouchers
from comity.channel.verification import verify_export
from comity.errors import BadCheckpoint, BadReceipt, CounterpartBreach
from comity.keys.keyring import Keyring
from comity.mirror import give_receipt
from comity_cli.directory import Directory
from comity_cli.exporting import write
from comity_node.channels import rotating
from comity_node.counterparts import own, queries
from comity_node.counterparts.models import Passport as PassportRow
from comity_node.officials.models import Journal
from comity_node.register import fsck, mirroring, packing, rotations, services
from comity_node.register import keyring as node_keys
from comity_node.register import queries as register
from comity_node.register.acts import Act, Capacity
from comity_node.register.rebuilding import rebuild
from tests.node.counterpart import CHANNEL, Counterpart, open_channel
from tests.node.wire.posting import confirm
from tests.node.wire.posting import passport as passport_of

pytestmark = pytest.mark.django_db
PARTICULARS = """languages = ["en"]
[[authorities]]
code = "ca"
role = "central"
powers = ["request"]
names = { en = "Central authority" }
"""


@pytest.fixture
def _home(tmp_path):
    """A home of its own: the keyring of the other tests is not to change."""
    before = settings.NODE
    (tmp_path / "keys").mkdir()
    (tmp_path / "passport.toml").write_text(PARTICULARS)
    ring = tmp_path / "keys" / "keyring"
    ring.touch(mode=0o600)
    ring.write_bytes(Keyring.generate(before.party).to_bytes(None))
    settings.NODE = replace(before, path=tmp_path)
    yield
    settings.NODE = before


@pytest.fixture
def admin(_home, hire):
    """Who may issue passports."""
    own.issue_passport()
    return hire("adam", "administrator")


@pytest.fixture
def boris(admin, hire, monkeypatch):
    """The counterpart, trusted, in an open channel; notes are judged by no table here."""
    verdicts = services.rooms.verdicts
    monkeypatch.setattr(
        services.rooms,
        "verdicts",
        lambda acts, party: [] if acts[0].kind.startswith("note.") else verdicts(acts, party),
    )
    other = open_channel()
    confirm(other.keys, hire("anna", "coordinator"))
    return other


def says(ref: str):
    """Put an entry on our log."""
    act = Act(channel=CHANNEL, kind="note.sent", ref=ref)
    return services.append(act, by=Capacity("ministry", "case officer"))


def ours():
    """Our log and the mirror of theirs, as they are now."""
    (theirs,) = register.their_logs(CHANNEL)
    return register.own_log(CHANNEL), theirs


def tomorrow(monkeypatch, days=1):
    """Let days pass."""
    now = timezone.now() + timedelta(days=days)
    monkeypatch.setattr(node_keys.timezone, "now", lambda: now)


class Rotating(Counterpart):
    """A counterpart that changes its keys, rightly or not."""

    old = False

    def announces(self, *, begins="2026-01-01", by=None, digest=None):
        """Announce new keys, which it then signs with; ``by`` says who vouches."""
        before = self.keys
        coming = before.scheduled(begins)
        said = replace_passport(
            queries.read(queries.counterpart(self.party).passport), before, coming, begins
        )
        passport = issue(said, *identity_signers(before), *(by or vouchers)(coming))
        stated = {"passport": digest or passport.digest, "version": "2", "begins": begins}
        written = self.does(
            "keys.announced", "bb-keys-2", stated=stated, payload={"passport": passport.note.decode()}
        )
        self.keys = coming
        return written


def replace_passport(first, before, coming, begins):
    """The next version of a passport, with new keys announced."""
    return msgspec.structs.replace(
        first.about,
        version=2,
        keys=public_keys(before, witness=False),
        rotation=coming_keys(coming, begins),
    )


@pytest.fixture
def rotating_boris(admin, hire, monkeypatch):
    """The same counterpart, able to change its keys."""
    other = open_channel(Rotating())
    confirm(other.keys, hire("anna", "coordinator"))
    return other


def test_new_keys_of_theirs_are_taken_once_old_and_new_have_signed_for_them(rotating_boris) -> None:
    """The channel goes on without a new ceremony, and their new passport is in force."""
    boris = rotating_boris
    boris.announces()
    boris.does("note.sent", "bb-1")
    boris.receipts()

    own_log, theirs = ours()
    assert (2, own_log.size) == (len(rotations.pairs(theirs)), own_log.receipted)
    assert 2 == queries.counterpart("bb").passport.version
    assert [] == fsck.check()[0]
    before, after = rebuild()
    assert before == after


def test_nobody_brings_in_keys_they_do_not_hold_or_without_the_old_ones(rotating_boris) -> None:
    """A stolen identity key alone, or a stolen log key alone, must not be enough."""
    boris = rotating_boris
    old = boris.keys

    def without_the_old(ring):
        return vouchers(ring)[2:4] + vouchers(ring)[6:]

    with pytest.raises(CounterpartBreach):
        boris.announces(by=without_the_old)
    boris.keys = old
    boris.does(
        "keys.announced",
        "bb-keys-2",
        stated={"passport": "0" * 64, "version": "2"},
        payload={"passport": "x"},
    )

    assert 1 == len(rotations.pairs(ours()[1]))


def test_new_keys_sign_nothing_before_they_were_announced(rotating_boris) -> None:
    """Otherwise whoever holds any keys could write on."""
    boris = rotating_boris
    boris.keys = boris.keys.scheduled("2026-01-01")

    with pytest.raises(BadCheckpoint):
        boris.does("note.sent", "bb-1")


def test_retired_keys_sign_nothing_that_follows_neither_log_nor_receipts(rotating_boris) -> None:
    """A thief of old keys must find that they open nothing any more."""
    boris = rotating_boris
    old = boris.keys
    announced = boris.announces()
    passport = register.entry(announced).entry.stated["passport"]
    boris.does("keys.retired", "bb-keys-2", stated={"passport": passport, "version": "2", "reason": "stolen",
                                                    "compromised": "2026-01-02T00:00:00Z"})  # fmt: skip
    boris.receipts()
    new, boris.keys = boris.keys, old
    boris.writes("note.sent", "bb-1")

    with pytest.raises(BadCheckpoint, match="sign no log of that size"):
        boris.delivers()

    services.rooms.verdicts, kept = (lambda acts, party: []), services.rooms.verdicts
    try:
        services.append(Act(channel=CHANNEL, kind="note.sent", ref="aa-1"), by=Capacity("m", "c"))
    finally:
        services.rooms.verdicts = kept
    own_log, theirs = ours()
    note = give_receipt(bytes(own_log.checkpoint), boris.mirror_signers(1_800_000_000))
    with pytest.raises(BadReceipt, match="had retired before"):
        mirroring.read_receipts(own_log, theirs, [note])
    boris.keys = new
    boris.receipts()
    assert own_log.size == ours()[0].receipted


def test_ours_are_announced_everywhere_and_sign_from_their_day_on(boris, admin, monkeypatch) -> None:
    """The old sign until then; receipts by the new wait until the counterpart knows them."""
    first = queries.read(queries.own())
    day = timezone.now().date() + timedelta(days=1)
    done = rotating.rotate(begins=day, by=admin)
    assert ((CHANNEL,), {}) == (done.done, done.left)

    says("aa-1")
    own_log, _ = ours()
    old, new = rotations.pairs(own_log)
    assert rotations.signing(own_log, "log").ed25519.public == old[0][0].public
    tomorrow(monkeypatch)
    assert rotations.signing(own_log, "log").ed25519.public == new[0][0].public
    assert rotations.signing(own_log, "mirror").ed25519.public == old[1][0].public

    boris.receipts()
    own_log, _ = ours()
    assert rotations.signing(own_log, "mirror").ed25519.public == new[1][0].public
    says("aa-2")
    boris.receipts()
    boris.does("note.sent", "bb-1")
    mirroring.give(ours()[1])
    assert [] == fsck.check()[0]
    assert Passport.parse(queries.read(queries.own()).note).keys["log"] == first.keys["log"]


def test_a_delivery_ends_with_the_announcement_it_carries(boris, admin) -> None:
    """Or the counterpart would have to believe new keys before it can know them."""
    rotating.rotate(begins=None, by=admin)
    says("aa-1")
    own_log, theirs = ours()

    first = packing.pack(own_log, theirs)
    announced = rotations.announcements(own_log)[0]
    assert announced + 1 == first.end
    rest = packing.pack(own_log, theirs, start=first.end)
    assert own_log.size == rest.end


def test_the_old_are_retired_only_where_the_counterpart_knows_the_new(boris, admin) -> None:
    """Otherwise it could take nothing of ours any more."""
    rotating.rotate(begins=None, by=admin)
    waiting = rotating.revoke(reason="scheduled", compromised=None, by=admin)
    assert ((), {CHANNEL}) == (waiting.done, set(waiting.left))

    boris.receipts()
    done = rotating.revoke(reason="scheduled", compromised=None, by=admin)

    assert ((CHANNEL,), {}) == (done.done, done.left)
    with pytest.raises(rotating.NothingToRetire):
        rotating.revoke(reason="scheduled", compromised=None, by=admin)
    assert queries.read(queries.own()).keys["log"][0].public == node_keys.keyring().log.ed25519.public
    assert not queries.read(queries.own()).coming


@pytest.mark.parametrize("days", [-1, -30])
def test_retired_keys_of_ours_sign_nothing_more_when_our_clock_goes_back(
    boris, admin, monkeypatch, days
) -> None:
    """What they sign nobody takes, and no log takes an entry back: the channel would have ended there."""
    rotating.rotate(begins=timezone.now().date(), by=admin)
    boris.receipts()
    rotating.revoke(reason="scheduled", compromised=None, by=admin)
    tomorrow(monkeypatch, days)

    says("aa-1")
    boris.does("note.sent", "bb-1")
    mirroring.give(ours()[1])

    assert [] == fsck.check()[0]
    own_log, _ = ours()
    new = rotations.pairs(own_log)[-1]
    assert new[0][0].public == rotations.signing(own_log, "log").ed25519.public
    assert new[1][0].public == rotations.signing(own_log, "mirror").ed25519.public


def test_a_change_that_broke_off_before_its_passport_goes_on_with_the_keys_it_drew(
    boris, admin, monkeypatch
) -> None:
    """Keys drawn on top of them would follow some that no log has: no change could ever be announced."""

    def killed(**_: object):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(rotating.own, "issue_passport", killed)
        with pytest.raises(KeyboardInterrupt):
            rotating.rotate(begins=timezone.now().date(), by=admin)
    drawn = node_keys.keyring().log.ed25519.public

    done = rotating.rotate(begins=timezone.now().date(), by=admin)

    assert ((CHANNEL,), {}) == (done.done, done.left)
    assert drawn == rotations.pairs(ours()[0])[-1][0][0].public == node_keys.keyring().log.ed25519.public


def test_a_change_on_top_of_another_is_refused_and_one_broken_off_goes_on(boris, admin, monkeypatch) -> None:
    """Said twice it announces nothing twice; with the first still open there is no second."""
    rotating.rotate(begins=None, by=admin)
    ring = node_keys.keyring()
    again = rotating.rotate(begins=None, by=admin)
    assert (ring, ()) == (node_keys.keyring(), again.done)

    boris.receipts()
    rotating.revoke(reason="scheduled", compromised=None, by=admin)
    with pytest.raises(rotating.BadDay):
        rotating.rotate(begins=timezone.now().date() - timedelta(days=1), by=admin)


def test_an_export_across_two_changes_is_verified_from_the_first_keys_and_from_the_last(
    boris, admin, tmp_path
) -> None:
    """Decades later somebody trusts the keys of one time: the record leads to all others."""
    mirroring.give(ours()[1])
    for reason in ("scheduled", "stolen"):
        says(f"aa-{reason}")
        rotating.rotate(begins=None, by=admin)
        boris.receipts()
        rotating.revoke(reason=reason, compromised=datetime(2026, 1, 2, tzinfo=UTC), by=admin)
        boris.receipts()
    says("aa-last")
    boris.receipts()
    target = tmp_path / "export"
    write(CHANNEL, target, with_payloads=False, progress=lambda _: None)

    report = verify_export(Directory(target))
    assert 2 == sum("announced new keys" in one.words() for one in report.proven)
    assert 2 == sum("retired its old keys" in one.words() for one in report.proven)

    own_log, theirs = ours()
    for pair in rotations.pairs(own_log):
        policy = policy_of(CHANNEL, [PartyKeys("aa", pair[0], pair[1]),
                                     PartyKeys("bb", *rotations.first_keys(theirs))])  # fmt: skip
        assert verify_export(Directory(target), policy).receipted["aa"] == own_log.size
    for tree_only in (True, False):
        (target / "aa" / "keychanges").write_text("1\n", encoding="ascii")
        with pytest.raises(CounterpartBreach):
            verify_export(Directory(target), tree_only=tree_only)


def test_the_page_shows_each_pair_and_what_was_signed_after_it_was_lost(boris, admin, hire, browser) -> None:
    """Whoever must judge what a thief could have signed sees the moment and everything after it."""
    says("aa-1")
    rotating.rotate(begins=None, by=admin)
    boris.receipts()
    rotating.revoke(reason="stolen", compromised=timezone.now() - timedelta(hours=1), by=admin)
    reader = browser(hire("olga", "case officer"))

    page = reader.get(f"/channels/{CHANNEL}/keys/").content.decode()

    assert "in other hands since" in page
    assert "after its keys were in other hands" in page
    listed = b"".join(reader.get(f"/channels/{CHANNEL}/keys.csv").streaming_content).decode()
    assert "checkpoint" in listed
    assert ",yes" in listed


def test_a_passport_that_brings_in_no_keys_is_not_laid_before_officers(rotating_boris) -> None:
    """One delivery could otherwise leave thousands of them waiting, in the name of any party."""
    stranger = passport_of(Counterpart("cc").keys)
    journal = Journal.objects.count()
    rotating_boris.does(
        "keys.announced",
        "bb-keys-2",
        stated={"passport": Passport.parse(stranger).digest, "version": "2"},
        payload={"passport": stranger.decode()},
    )

    assert not PassportRow.objects.filter(party="cc").exists()
    assert journal == Journal.objects.count()
