"""A party is let into a channel of many by us, and we by others: what is shown is what all agreed to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from comity.channel.charter import ChosenInstrument, PartyKeys, policy_of
from comity.channel.invitation import Invitation
from comity.entries import By, Entry, PayloadDigest, encode, instant
from comity.instruments import library
from comity.keys.sealing import seal
from comity.names import EntryRef, Origin
from comity.tlog.merkle import leaf_hash
from comity_node.assistance import filling
from comity_node.assistance import services as assistance
from comity_node.channels import inviting, services
from comity_node.channels.errors import ChannelActNotAllowed
from comity_node.channels.models import Channel
from comity_node.counterparts.queries import trusted
from comity_node.officials import queries as approvals
from comity_node.officials import services as officials
from comity_node.register import chartered, models, queries, standings
from comity_node.register import inviting as register
from comity_node.register.acts import Capacity
from comity_node.register.keyring import keyring, own_log_keys, own_mirror_keys
from comity_node.register.services import Seat, open_log
from tests.node.counterpart import CHANNEL, Counterpart, give_keys
from tests.node.wire import posting

pytestmark = pytest.mark.django_db
CHARTER = library()["charter"]
SECONDED = By("central authority", "case officer", Capacity("prosecution", "coordinator"))


class Member(Counterpart):
    """A party of a channel of many, whose entries have seen all that is held here, sealed to whom it says."""

    def says(self, kind: str, ref: str, *, to: tuple = (), payload: dict | None = None, **stated) -> EntryRef:
        """Put an act on its log, and deliver it."""
        recipients = [*(one.keys.recipient for one in to), keyring().recipient]
        sealed = seal(json.dumps(payload).encode(), recipients) if payload is not None else None
        seen = {log.party: log.size for log in queries.channel_logs(CHANNEL) if log.size}
        seen.pop(self.party, None)
        entry = Entry(
            v=1,
            kind=kind,
            at=instant(timezone.now()),
            by=SECONDED,
            ref=ref,
            re=[],
            seen=seen,
            stated=stated,
            payload=PayloadDigest(hashlib.sha256(sealed).hexdigest(), len(sealed)) if sealed else None,
        )
        self.leaves.append(encode(entry))
        self.payloads.append(sealed)
        self.tree.append(leaf_hash(self.leaves[-1]))
        self.delivers()
        return EntryRef(self.origin, len(self.leaves) - 1)


@pytest.fixture
def met(anna) -> dict[str, Member]:
    """Four parties that our officers have met."""
    give_keys()
    found = {party: Member(party, CHANNEL) for party in ("bb", "cc", "dd", "ee")}
    for one in found.values():
        posting.confirm(one.keys, anna)
    return found


def seats(*members: Member) -> None:
    """Set up the logs of a channel of these and us."""
    own = Origin("aa", CHANNEL)
    recipients = [str(keyring().recipient)]
    ours = Seat(
        origin=own,
        ours=True,
        log_keys=own_log_keys(own),
        mirror_keys=own_mirror_keys(),
        recipients=recipients,
    )
    for one in (ours, *(member.seat() for member in members)):
        open_log(replace(one, many=True))


@pytest.fixture
def three(met, anna, dora) -> dict[str, Member]:
    """An exercise of bb, cc and us, all in."""
    bb, cc = met["bb"], met["cc"]
    seats(bb, cc)
    texts = {"instruments": ["charter"], "tables": [CHARTER.digest]}
    bb.says("channel.proposed", CHANNEL, requested=["aa", "cc"], exercise="yes", **texts)
    cc.says("channel.accepted", CHANNEL)
    officials.second(services.answer(channel=CHANNEL, act="accepted", by=anna), by=dora)
    return met


def agreed(three, newcomer: str, anna, dora) -> str:
    """An accession that we propose and all agree to; its reference."""
    draft = assistance.draft(
        channel=CHANNEL, procedure="accession", instrument="charter", title="Accession", by=anna
    )
    draft = filling.write(draft, {"stated_newcomer": [newcomer]}, by=anna)
    officials.second(assistance.submit(draft, by=anna), by=dora)
    for member in (three["bb"], three["cc"]):
        member.says("channel.accession.accepted", draft.ref)
    return str(draft.ref)


def shown(party: str) -> Invitation:
    """What a newcomer would be shown today."""
    met = trusted(party)
    return register.shown(CHANNEL, PartyKeys(party, met.log_keys, met.mirror_keys))


def test_a_page_that_was_opened_changes_nothing_for_anybody_to_be_invited_later(
    three, anna, dora, browser
) -> None:
    """Reading sets up no log; a log set up for one is in no text that another is shown."""
    ref = agreed(three, "dd", anna, dora)
    page = reverse("channels:invite", args=[CHANNEL, ref])
    before = shown("ee").digest

    read = browser(anna).get(page)

    assert 200 == read.status_code
    assert {"aa", "bb", "cc"} == {log.party for log in queries.channel_logs(CHANNEL)}
    act = inviting.prepared(CHANNEL, ref)
    assert {"aa", "bb", "cc", "dd"} == {log.party for log in queries.channel_logs(CHANNEL)}
    assert before == shown("ee").digest
    posted = browser(anna).post(page, {"shown": act.digest()})
    assert (302, 1) == (posted.status_code, approvals.awaiting(dora).count())


# --- by whom is invited --------------------------------------------------------------------------------


def text(members: dict[str, Member], **other) -> Invitation:
    """The charter as we would be shown it by all of them."""
    own = Origin("aa", CHANNEL)
    pairs = [PartyKeys(one.party, one.seat().log_keys, one.seat().mirror_keys) for one in members.values()]
    said = {
        "channel": CHANNEL,
        "newcomer": "aa",
        "parties": ["bb", "cc", "dd"],
        "purpose": "Joint watch",
        "instruments": [ChosenInstrument("charter", "1", CHARTER.digest)],
        "languages": ["en"],
        "coordinators": {"bb": "Cyber desk"},
        "policy": policy_of(CHANNEL, [*pairs, PartyKeys("aa", own_log_keys(own), own_mirror_keys())])
        .encode()
        .decode(),
        "witnesses": [],
        "exercise": True,
    }
    return Invitation(**(said | other))


@pytest.fixture
def invites(met):
    """Have bb invite us into a channel of bb, cc and dd, and show us something."""
    bb, cc, dd = (met[party] for party in ("bb", "cc", "dd"))

    def invite(digest: str, document: dict) -> Channel:
        seats(bb, cc, dd)
        models.Log.objects.filter(ours=True).update(place=models.Log.Place.ASKED)
        texts = {"instruments": ["charter"], "tables": [CHARTER.digest]}
        bb.says("channel.proposed", CHANNEL, requested=["cc", "dd"], exercise="yes", **texts)
        cc.says("channel.accepted", CHANNEL)
        dd.says("channel.accepted", CHANNEL)
        under = {"instrument": "charter", "table": CHARTER.digest, "passport": "3" * 64, "charter": digest}
        bb.says("channel.accession.proposed", "bb-2026-1", requested=["cc", "dd"], newcomer="aa", **under)
        cc.says("channel.accession.accepted", "bb-2026-1")
        dd.says("channel.accession.accepted", "bb-2026-1")
        named = {"requested": "aa", "accession": "bb-2026-1", "charter": digest}
        bb.says("channel.invited", CHANNEL, to=(bb, cc, dd), payload={"charter": document}, **named)
        assert {"aa"} == standings.opened(CHANNEL).seats.now.asked
        return Channel.objects.get(channel=CHANNEL)

    return invite


def test_what_all_agreed_to_is_shown_and_can_be_accepted(met, invites, anna) -> None:
    """The text leads to the digest that each of them signed for."""
    told = text({party: met[party] for party in ("bb", "cc", "dd")})

    channel = invites(told.digest, told.document())

    assert ("Joint watch", {"bb": "Cyber desk"}) == (channel.purpose, channel.coordinators)
    services.answer(channel=CHANNEL, act="accepted", by=anna)


@pytest.mark.parametrize(
    "lie", [{"purpose": "Something else"}, {"coordinators": {"bb": "Another desk"}}, {"parties": "?"}]
)
def test_what_nobody_agreed_to_is_neither_shown_nor_accepted(met, invites, anna, lie) -> None:
    """Whoever invites alone could otherwise have us sign for a charter of its own."""
    told = text({party: met[party] for party in ("bb", "cc", "dd")})

    channel = invites(told.digest, {**told.document(), **lie})

    assert ("", {}, {}) == (channel.purpose, channel.coordinators, channel.charter)
    with pytest.raises(ChannelActNotAllowed, match="not the charter of this channel that all agreed to"):
        services.answer(channel=CHANNEL, act="accepted", by=anna)
    services.answer(channel=CHANNEL, act="declined", by=anna)


def test_an_invitation_of_another_channel_is_none_of_this_one() -> None:
    """Its digest may be right: what was agreed to there is not agreed to here."""
    give_keys()
    members = {party: Member(party, CHANNEL) for party in ("bb", "cc", "dd")}
    told = text(members)
    stated = {"charter": told.digest, "requested": "aa"}

    assert told == chartered.agreed_text(CHANNEL, stated, {"charter": told.document()})
    assert chartered.agreed_text("b" * 16, stated, {"charter": told.document()}) is None
