"""Checks: what was lost and what is not there, and two histories of one log, after which nothing goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.peer import entries, notes, tree
from conformance.peer.bundle import Bundle
from conformance.trial import PARTY, check, must

if TYPE_CHECKING:
    from conformance.trial import Trial


# --- what was lost, and what is not there ---------------------------------------------------------------


@check("wire.md, What an author lost", "an author is given its own entries, contents and receipts again")
def _(trial: Trial) -> None:
    channel = trial.channel
    answer = trial.call("GET", f"/wire/logs/{channel.name}/{PARTY}?start=1&receipts=0")
    must(answer.status == 200, f"answered {answer.status}")
    back = Bundle.parse(answer.body)
    must(
        (back.sender, back.receiver, back.start) == (PARTY, trial.node.code, 1), "it is not a part of our log"
    )
    must(
        back.entries == channel.own.leaves[1 : 1 + len(back.entries)] and back.entries,
        "the entries are not ours",
    )
    must(
        back.payloads == [one for one in channel.own.payloads[1 : back.end] if one],
        "the contents are not ours",
    )
    given = dict(channel.theirs.receipts)
    sizes = [notes.checkpoint(notes.parse(one)[0])[1] for one in back.cosignatures]
    must(sizes and set(sizes) <= set(given), "the receipts are not those we gave")


@check(
    "wire.md, What an author lost",
    "the other log is given too; what is nobody's is 404, what is no number 400",
)
def _(trial: Trial) -> None:
    name = trial.channel.name
    answer = trial.call("GET", f"/wire/logs/{name}/{trial.node.code}")
    must(
        answer.status == 200 and Bundle.parse(answer.body).entries == trial.channel.theirs.leaves,
        "it is not their log",
    )
    trial.refused(trial.call("GET", f"/wire/logs/{name}/zz"), 404, "unknown-origin")
    trial.refused(trial.call("GET", f"/wire/logs/{'a' * 16}/{PARTY}"), 404, "unknown-origin")
    trial.refused(trial.call("GET", f"/wire/logs/{name}/{PARTY}?start=01"), 400, "malformed-bundle")
    trial.refused(trial.call("GET", f"/wire/logs/{name}/{PARTY}", headers={}), 401, "not-authenticated")


@check(
    "wire.md, Exhibits by range",
    "an exhibit that was not announced to us is 404, whether or not there is one",
)
def _(trial: Trial) -> None:
    trial.refused(trial.call("GET", f"/wire/exhibits/{'0' * 64}"), 404, "no-such-exhibit")


# --- the end of a channel -------------------------------------------------------------------------------


@check("mirror.md, Misconduct", "two histories of one log are found out, and nothing more of it is taken")
def _(trial: Trial) -> None:
    channel = trial.channel
    forged = [*channel.own.leaves[:-1], entries.write("note.sent", f"{PARTY}-7")]
    bundle = replace(
        channel.delivery(0), entries=forged, checkpoint=channel.checkpoint(len(forged), forged), payloads=[]
    )
    bundle.payloads = [one for one in channel.own.payloads[:-1] if one]
    trial.refused(trial.deliver(bundle), 409, "fork-proven")
    channel.write("note.sent", f"{PARTY}-8", {"note": "honest again"})
    trial.refused(trial.deliver(channel.delivery()), 409, "fork-proven")


@check("tlog.md, Proof of a fork", "a consistency proof in full form is what this runner computes")
def _(_trial: Trial) -> None:
    leaves = [tree.leaf(bytes([number])) for number in range(9)]
    must(tree.consistency(leaves, 8)[0] == tree.root(leaves[:8]), "the old root is not first")
