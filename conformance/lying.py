"""Checks: deliveries that lie, each of which is refused whole, and the honest ones after them."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.peer import entries, notes, sealing
from conformance.peer.party import Party
from conformance.trial import PARTY, check, must

if TYPE_CHECKING:
    from conformance.peer.bundle import Bundle
    from conformance.trial import Trial


# --- lies -----------------------------------------------------------------------------------------------


def _changes_nothing(trial: Trial, bundle: Bundle, status: int = 422, code: str = "") -> None:
    """The delivery is refused, and what is held is what was held."""
    trial.refused(trial.deliver(bundle), status, code)
    back = trial.delivered(trial.channel.delivery(trial.channel.own.size))
    sizes = [notes.checkpoint(notes.parse(one)[0])[1] for one in back.cosignatures]
    must(not sizes, "something of a refused delivery was receipted")


@check("wire.md, send_from", "a delivery that does not join is answered 409 with the size held")
def _(trial: Trial) -> None:
    copy = trial.copy()
    for _number in range(3):
        copy.put(entries.write("note.sent", f"{PARTY}-1", seen={trial.node.code: copy.theirs.size}))
    said = trial.refused(trial.deliver(copy.delivery(trial.channel.own.size + 1)), 409, "send-from")
    must(said.get("send_from") == trial.channel.own.size, f"send_from is {said.get('send_from')}")


@check("mirror.md, Judging an offer, 1", "a checkpoint that lacks one of the log's two signatures is refused")
def _(trial: Trial) -> None:
    bundle = trial.lies()
    text, _lines = notes.parse(bundle.checkpoint)
    for one in trial.us.log_signers(trial.channel.name):
        _changes_nothing(trial, replace(bundle, checkpoint=notes.sign(text, [one])))
    origin, size, root = notes.checkpoint(text)
    for signed in (
        f"{text}extension\n",
        notes.checkpoint_text(f"zz.comity/{trial.channel.name}", size, root),
    ):
        _changes_nothing(
            trial, replace(bundle, checkpoint=notes.sign(signed, trial.us.log_signers(trial.channel.name)))
        )
    must(origin, "a checkpoint has an origin")


@check("mirror.md, Judging an offer, 4", "entries that do not lead to the signed root are refused")
def _(trial: Trial) -> None:
    bundle = trial.lies()
    other = entries.write("note.sent", f"{PARTY}-2", seen={trial.node.code: trial.channel.theirs.size})
    _changes_nothing(trial, replace(bundle, entries=[other], payloads=[]), 422, "entries-do-not-match")
    _changes_nothing(trial, replace(bundle, entries=[*bundle.entries, other]), 422, "entries-do-not-match")


@check(
    "mirror.md, Judging an offer, 5; entries.md, Form",
    "an entry in a second spelling, or out of its form, refuses the whole",
)
def _(trial: Trial) -> None:
    seen = {trial.node.code: trial.channel.theirs.size}
    good = entries.write("note.sent", f"{PARTY}-1", seen=seen)
    twice = good.replace(b'"v":1', b'"v":1,"v":1')
    for leaf in (
        good.replace(b'"v":1', b'"v": 1'),
        twice,
        good.replace(b'"note.sent"', b'"note.s\\u0065nt"'),
        good[:-1] + b',"more":1}',
        good[:-1] + b',"re":[]}',
        good.replace(b'"v":1', b'"v":2'),
        re.sub(rb'"at":"[^"]*"', b'"at":"2026-02-30T00:00:00Z"', good),
        re.sub(rb'"at":"[^"]*"', b'"at":"2026-02-03T00:00:00+00:00"', good),
        good.replace(b"note.sent", b"Note.sent"),
        good.replace(b"coordinator", "co\u202eordinator".encode()),
        good.replace(b"coordinator", b" coordinator"),
        b"[" * 5000,
        b"",
    ):
        _changes_nothing(trial, trial.lies(leaf=leaf, sealed=None), 422, "malformed-entry")


@check(
    "entries.md, What an entry claims",
    "an entry that claims to have seen what cannot have been refuses the whole",
)
def _(trial: Trial) -> None:
    node, held = trial.node.code, trial.channel.theirs.size
    origin = f"{node}.comity/{trial.channel.name}"
    own = f"{PARTY}.comity/{trial.channel.name}"
    for said in (
        {"seen": {node: held + 1}},
        {"seen": {PARTY: 1, node: held}},
        {"seen": {node: held, "zz": 1}},
        {"seen": {node: held}, "re": [f"{origin}#{held}"]},
        {"seen": {node: held}, "re": [f"{own}#{trial.channel.own.size}"]},
    ):
        _changes_nothing(trial, trial.lies(said=said), 422, "claims-the-unseen")


@check(
    "mirror.md, Judging an offer, 6",
    "content that is missing, another's, or not sealed to both refuses the whole",
)
def _(trial: Trial) -> None:
    bundle = trial.lies()
    _changes_nothing(trial, replace(bundle, payloads=[]), 422, "payload-does-not-match")
    _changes_nothing(
        trial,
        replace(bundle, payloads=[trial.channel.seal({"note": "false"})]),
        422,
        "payload-does-not-match",
    )
    _changes_nothing(trial, replace(bundle, payloads=[b""]), 422, "payload-does-not-match")
    alone = sealing.seal(b"{}", [trial.us.identity.recipient])
    _changes_nothing(trial, trial.lies(sealed=alone), 422, "payload-does-not-match")


@check(
    "mirror.md, Receipts",
    "a receipt by half a mirror, at no time or two, or of another root is refused with its delivery",
)
def _(trial: Trial) -> None:
    channel = trial.channel
    text, _lines = notes.parse(channel.theirs.note)
    first, second = trial.us.keys["mirror"]
    now = int(time.time())
    for lines in (
        [first.line(text, now)],
        [second.line(text, now)],
        [first.line(text, 0), second.line(text, 0)],
        [first.line(text, now), second.line(text, now + 1)],
        [one.line(text, now) for one in Party.new(PARTY, trial.us.address).keys["mirror"]],
    ):
        note = channel.theirs.note + "".join(lines).encode()
        trial.refused(trial.deliver(replace(channel.delivery(), cosignatures=[note])), 422)


@check("bundle.md, Taking one in", "after all that was refused, an honest delivery is taken and receipted")
def _(trial: Trial) -> None:
    channel = trial.channel
    before = channel.own.size
    for number in range(3):
        channel.write("note.sent", f"{PARTY}-1", {"number": number})
    trial.settle()
    must(
        channel.own.receipted == before + 3,
        f"{channel.own.receipted} of {channel.own.size} entries are receipted",
    )


@check("bundle.md, Taking one in; mirror.md", "an irregular entry is received and receipted all the same")
def _(trial: Trial) -> None:
    trial.channel.write(
        "assistance.request.closed", f"{PARTY}-2026-9999", {"text": "there is no such request"}
    )
    trial.settle()
    must(
        trial.channel.own.receipted == trial.channel.own.size,
        "an entry that breaks only a procedure was not receipted",
    )
