"""Checks: what a node says to anybody, who is calling, and how a channel opens."""

from __future__ import annotations

import base64
import json
import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.peer import calls, notes, sealing
from conformance.peer.bundle import Bundle
from conformance.peer.channel import Channel
from conformance.peer.party import Counterpart, Party, policy
from conformance.trial import DAY, PARTY, check, must

if TYPE_CHECKING:
    from conformance.trial import Trial


# --- before anybody knows us ----------------------------------------------------------------------------


@check("wire.md, Hello", "hello is answered unsigned, with the version and the time")
def _(trial: Trial) -> None:
    answer = calls.send("GET", trial.url + "/wire/hello")
    said = json.loads(answer.body)
    must((answer.status, said.get("comity")) == (200, 1), f"answered {answer.status}: {said}")
    must(set(said) == {"comity", "time"}, "it says something about the party")


@check("wire.md", "another method is answered 405 with Allow")
def _(trial: Trial) -> None:
    answer = calls.send("DELETE", trial.url + "/wire/hello")
    must(answer.status == 405 and "GET" in answer.headers.get("Allow", ""), f"answered {answer.status}")


@check(
    "passport.md, Form, Keys, Signatures",
    "the passport is in its one spelling and signed by both identity keys",
)
def _(trial: Trial) -> None:
    trial.node = Counterpart.of(trial.driver.passport())
    must(trial.node.address == trial.url, f"its address is {trial.node.address}, we call {trial.url}")
    must(trial.node.recipient.startswith(("age1pq1", "age1")), "it names no sealing recipient")


@check(
    "wire.md, Who is calling", "a counterpart nobody has confirmed is answered 401, as whoever does not sign"
)
def _(trial: Trial) -> None:
    trial.refused(trial.call("POST", "/wire/bundle", b"x"), 401, "not-authenticated")
    trial.refused(trial.call("POST", "/wire/bundle", b"x", headers={}), 401, "not-authenticated")


# --- the ceremony, and who is calling -------------------------------------------------------------------


@check(
    "passport.md; bundle.md, Taking one in",
    "once we are trusted, a channel that does not begin with a proposal is unknown",
)
def _(trial: Trial) -> None:
    trial.driver.trust(trial.us.passport())
    name = base64.b32encode(os.urandom(10)).decode().lower()
    trial.channel = Channel(name, trial.us, trial.node)
    trial.refused(trial.deliver(trial.lies()), 404, "unknown-origin")


def _signed(trial: Trial, **how: Any) -> calls.Answer:
    body = Bundle("a" * 16, PARTY, trial.node.code).encode()
    return trial.call("POST", "/wire/bundle", body, **how)


@check("wire.md, Who is calling", "a signature for another node, another use, or of four days ago is none")
def _(trial: Trial) -> None:
    trial.refused(
        _signed(trial, signed_url="https://elsewhere.invalid/wire/bundle"), 401, "not-authenticated"
    )
    trial.refused(_signed(trial, tag="comity-hook"), 401, "not-authenticated")
    for days in (-4, 4):
        trial.refused(_signed(trial, created=int(time.time()) + days * DAY), 401, "not-authenticated")


@check(
    "wire.md, Who is calling",
    "a signature within three days is one, and the answer says by how much the clocks differ",
)
def _(trial: Trial) -> None:
    answer = _signed(trial, created=int(time.time()) + 2 * DAY)
    must(answer.status == 404, f"answered {answer.status}")
    skew = answer.headers.get("Comity-Skew")
    must(skew is not None and abs(int(skew) - 2 * DAY) < 60, f"Comity-Skew is {skew}")


@check("wire.md, Who is calling", "a body that is not the signed one is refused")
def _(trial: Trial) -> None:
    url = trial.url + "/wire/bundle"
    headers = calls.signed("POST", url, b"one", PARTY, trial.us.keys["wire"][0])
    trial.refused(calls.send("POST", url, b"two", headers), 401, "not-authenticated")
    stranger = Party.new(PARTY, trial.us.address)
    headers = calls.signed("POST", url, b"one", PARTY, stranger.keys["wire"][0])
    trial.refused(calls.send("POST", url, b"one", headers), 401, "not-authenticated")


@check("bundle.md, Form", "what is not the one spelling of a delivery is refused with 400")
def _(trial: Trial) -> None:
    whole = trial.lies().encode()
    for body in (
        b"",
        b"not a tar",
        whole[:-512],
        whole + bytes(512),
        whole.replace(b"0000644", b"0000600", 1),
    ):
        trial.refused(trial.deliver(body), 400, "malformed-bundle")


@check("bundle.md, Taking one in", "a delivery for another, or in another's name, is refused with 403")
def _(trial: Trial) -> None:
    trial.refused(trial.deliver(replace(trial.lies(), receiver="zz")), 403, "not-for-us")
    trial.refused(trial.deliver(replace(trial.lies(), sender="zz")), 403, "not-for-us")


# --- a channel ------------------------------------------------------------------------------------------


@check(
    "charter.md; wire.md, Deliveries", "a proposal opens the channel's logs and is receipted in the answer"
)
def _(trial: Trial) -> None:
    channel = trial.channel
    chosen = ("charter", trial.instrument)
    capacity = {"office": "ministry", "capacity": "coordinator", "reached_by": "telephone"}
    content = {
        "v": 1,
        "channel": channel.name,
        "parties": [PARTY, trial.node.code],
        "purpose": "Conformance",
        "instruments": [
            {"id": one, "edition": trial.instruments[one][0], "table": trial.instruments[one][1]}
            for one in chosen
        ],
        "languages": ["en"],
        "coordinators": {PARTY: capacity},
        "policy": policy(channel.name, [trial.us.counterpart(), trial.node]),
        "witnesses": [],
        "exercise": True,
    }
    stated = {
        "requested": trial.node.code,
        "instruments": [*chosen],
        "tables": [trial.instruments[one][1] for one in chosen],
    }
    channel.write("channel.proposed", channel.name, content, stated={**stated, "exercise": "yes"})
    back = trial.delivered(channel.delivery())
    must(
        (back.sender, back.receiver, back.channel) == (trial.node.code, PARTY, channel.name),
        "it answers for another",
    )
    channel.take(back)
    must(channel.own.receipted == 1, "the proposal has no receipt")


@check(
    "mirror.md, Receipts", "the receipt bears both mirror keys at one time, near now, over our own checkpoint"
)
def _(trial: Trial) -> None:
    _size, note = trial.channel.own.receipts[-1]
    (at,) = set(notes.stamps(note, trial.node.keys["mirror"]))
    must(abs(at - time.time()) < DAY, f"the receipt is dated {at}")
    own = notes.signed_by(
        trial.channel.own.note, [one.vkey for one in trial.us.log_signers(trial.channel.name)]
    )
    must(notes.parse(note)[0] == own, "the receipt is for another checkpoint")
    must(
        not any("witness" in name for name, _key, _blob in notes.parse(note)[1]),
        "a witness's key signed a receipt",
    )


@check("wire.md, Deliveries", "a delivery that repeats what is held is answered by the receipts first given")
def _(trial: Trial) -> None:
    first = trial.delivered(trial.channel.delivery(0)).cosignatures
    again = trial.delivered(trial.channel.delivery(0)).cosignatures
    must(first and first == again, "the same delivery was answered by another receipt")


@check(
    "charter.md, Form; entries.md; sealing.md",
    "the node's acceptance is a well-formed entry, sealed to both, that answers ours",
)
def _(trial: Trial) -> None:
    channel = trial.channel
    trial.driver.accept(channel.name)
    trial.settle()
    must(channel.theirs.size >= 1, "the node's own log did not come")
    entry, content = channel.read(0)
    must(
        (entry["kind"], entry["ref"]) == ("channel.accepted", channel.name),
        f"it is {entry['kind']} of {entry['ref']}",
    )
    must(entry["re"] == [f"{PARTY}.comity/{channel.name}#0"], f"it answers {entry['re']}")
    must(entry["seen"] == {PARTY: 1}, f"it has seen {entry['seen']}")
    must("coordinator" in content, "its content names no coordinator")
    must(len(sealing.stanzas(channel.theirs.payloads[0] or b"")) == 2, "its content is not sealed to both")


@check(
    "tlog.md; wire.md, Deliveries",
    "the node sends again what we have not receipted, and begins after what we have",
)
def _(trial: Trial) -> None:
    back = trial.delivered(replace(trial.channel.delivery(), cosignatures=[]))
    must(back.start == trial.channel.theirs.receipted, f"it begins at {back.start}")
    text = notes.signed_by(back.checkpoint, trial.node.log_keys(trial.channel.name))
    must(notes.checkpoint(text)[1] == back.end, "its checkpoint is not of the end of what it carries")
