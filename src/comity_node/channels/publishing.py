"""A statement of figures as a file to publish: numbers, signed checkpoints, proofs, and nothing of a case.

Follows: docs/spec/reciprocity.md, Publishing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.channel.published_figures import FORM, PublishedFigures, heads_stated, published_log
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import parse_note
from comity_node.channels.errors import NothingToPublish
from comity_node.register import policies, proofs, stating
from comity_node.register import queries as register
from comity_node.register.proofs import NotYetSigned
from comity_node.register.tree import StoredTree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.channel.published_figures import PublishedLog
    from comity.lifecycle import Act
    from comity_node.register.models import Log
    from comity_node.register.stating import Statement


def stated_of(channel: str, as_of: str) -> Statement:
    """The statement of a day to be published: one that both agreed to, else the latest that stands.

    Raises:
        NothingToPublish: None was stated of that day, or none stands.
    """
    found = [one for one in stating.statements(channel) if one.as_of == as_of and _stands(one)]
    agreed = [one for one in found if one.standing.state == "agreed"]
    chosen = next(iter((*agreed, *found)), None)
    if chosen is None:
        raise NothingToPublish(f"no figures of {as_of} are stated in the channel {channel}")
    return chosen


def statement_file(channel: str, ref: str) -> bytes:
    """The file of one statement.

    Raises:
        NothingToPublish: There is none, it was withdrawn, or its numbers cannot be read any more.
        NotYetSigned: An entry of it is not receipted yet.
    """
    found = stating.statement(channel, ref)
    if found is None or not _stands(found):
        raise NothingToPublish(f"no statement of figures stands as {ref[:60]} in the channel {channel}")
    unread = next((one.because for one in found.sides if one.figures is None), "")
    if unread:
        raise NothingToPublish(f"the numbers of {ref[:60]} cannot be read here: {unread}")
    agreed = {one.act.party for one in found.standing.regular if one.act.act == "agreed"}
    sides = [one for one in found.sides if one.received.party not in agreed]  # what they disputed is settled
    said = {one.received.ref for one in sides}
    acts = [one.act for one in found.standing.regular if one.act.ref in said or one.act.act == "agreed"]
    acts[1:] = sorted(acts[1:], key=lambda one: (one.party, one.ref.index))
    _must_be_receipted(acts)
    heads = heads_stated(found.opening.act.stated)
    logs = {log.party: log for log in register.channel_logs(channel)}
    file = PublishedFigures(
        form=FORM,
        channel=channel,
        policy=policies.policy(channel).encode().decode(),
        logs={party: _log(logs[party], head.size) for party, head in sorted(heads.items())},
        entries=tuple(proofs.proof(one.ref).decode() for one in acts),
        figures=tuple({one.digest: one.figures for one in sides if one.figures is not None}.values()),
    )
    return file.encode()


def _must_be_receipted(acts: Iterable[Act]) -> None:
    """Nothing is published that the other side need not have."""
    for one in acts:
        if one.receipted_at is None:
            raise NotYetSigned(
                f"entry {one.ref} is not receipted yet: the file would prove one side's word only"
            )


def _stands(one: Statement) -> bool:
    return one.standing.state != "withdrawn"


def _log(log: Log, counted: int) -> PublishedLog:
    """The checkpoint of a log that most have signed for, with the proof that it extends what was counted."""
    note = proofs.covering(log, counted)
    size = Checkpoint.parse(parse_note(note).text).size
    return published_log(note, StoredTree(log).prove_growth(counted, size))
