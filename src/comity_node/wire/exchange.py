"""One exchange with one counterpart about one channel, until both sides have everything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from comity.errors import CounterpartBreach, OurFault
from comity_node.register import bringing, mirroring, queries, telling
from comity_node.register.bringing import has_been_brought, is_lacking, relayed
from comity_node.register.packing import held_by, is_news, pack, to_tell
from comity_node.wire.line import RefusedByCounterpart, Unreachable
from comity_node.wire.receiving import receive
from comity_node.wire.stepping import Stepping, answer_to

if TYPE_CHECKING:
    from comity.channel.bundle import Bundle
    from comity_node.register.models import Log
    from comity_node.wire.stepping import Post

_MOST_ROUNDS: Final = 10_000


@dataclass(slots=True)
class Exchanged:
    """What an exchange brought.

    Attributes:
        sent: Our entries delivered.
        got: Their entries taken in.
        receipts: Receipts that came.
    """

    sent: int = 0
    got: int = 0
    receipts: int = 0


@dataclass(slots=True)
class _Wishes:
    """What a counterpart wished for instead of taking a delivery: met once each, or it could wish for ever.

    Attributes:
        followed: We began where it said.
        shown: Whose logs it said it must have first, and was brought as far as we hold them.
    """

    followed: bool = False
    shown: set[str] = field(default_factory=set)

    def may_follow(self, send_from: int | None, sent_from: int, held: int) -> bool:
        """Whether to begin where it says: at another place that we have, and for the first time."""
        return send_from is not None and not self.followed and sent_from != send_from <= held


def exchange(
    channel: str, post: Post, party: str = "", *, ask: bool = True, logs: tuple[Log, Log] | None = None
) -> Exchanged:
    """Deliver and take in until neither side has news.

    Args:
        channel: Channel id.
        post: The line to the counterpart.
        party: The counterpart, where the channel has several.
        ask: Call even when we have no news ourselves.
        logs: Our log and the counterpart's, where they were just read.

    Raises:
        Unreachable: The counterpart did not answer. Whatever was exchanged before stands.
        RefusedByCounterpart: It refused our delivery.
        CounterpartBreach: Its answer was refused here, and the refusal noted.
    """
    done, wishes = Exchanged(), _Wishes()
    start: int | None = None
    logs = logs_of(channel, party) if logs is None else logs
    if bringing.is_unmet(*logs) and not _introduced(*logs, post):
        return done
    asked = ask
    for _ in range(_MOST_ROUNDS):
        (own, theirs), logs = logs_of(channel, party) if logs is None else logs, None
        if not ask and start is None and not is_news(own, theirs):
            break
        number, told = to_tell(own, theirs)
        bundle = pack(own, theirs, start=start, others=told)
        start, answer = _deliver(bundle, post, wishes, held=own.size)
        if answer is None:
            continue
        wishes = _Wishes()
        telling.author_has_receipts(theirs, telling.told(theirs, len(bundle.cosignatures) - len(told)))
        telling.knows_of_others(theirs, number)
        taken = receive(answer)
        done.sent += len(bundle.entries)
        done.got += taken.entries
        done.receipts += taken.receipts
        # Another round only if this one moved something: who never receipts is not asked in a circle.
        if not (taken.entries or taken.receipts or bundle.cosignatures):
            break
        # What has been authored since is news of its own, and calls for an exchange of its own.
        whole = bundle.end >= own.size and len(bundle.cosignatures) < mirroring.MOST_RECEIPTS
        if whole and not taken.entries:
            break
        ask = bool(taken.entries)
    if asked and own.many and own.place == own.Place.MEMBER:
        _bring(theirs, post)
    return done


def _introduced(own: Log, theirs: Log, post: Post) -> bool:
    """Bring a newcomer its invitation, so that it sets the channel up; whether it may be exchanged with.

    Whoever did not invite it waits until it has signed for something: it hears first from who invited it.
    """
    found = bringing.invitation_of(theirs)
    if found is None:
        return True
    if found.sender != own.party:
        return queries.has_signed(theirs.channel, theirs.party)
    try:
        post.deliver(found.encode())
    except RefusedByCounterpart as refused:
        if refused.send_from is None:
            mirroring.note_refusal(found.channel, found.receiver, refused, incoming=False)
            raise
    return True


def _bring(theirs: Log, post: Post) -> None:
    """Bring what others wrote, or signed for, and this party has lacked for a while: they may be cut off."""
    forked = queries.forked(theirs.channel)
    for log in queries.their_logs(theirs.channel):
        if log.party not in forked and log.party != theirs.party and is_lacking(log, theirs):
            _relay(log, theirs, post, start=held_by(log, theirs))


def _relay(log: Log, theirs: Log, post: Post, *, start: int) -> bool:
    """Deliver a third party's log in its place, as far as we hold it.

    Returns:
        Whether it was taken. A refusal is noted, and is no refusal of what we have to say ourselves.
    """
    sent_from: int | None = start
    wishes = _Wishes()
    while sent_from is not None:
        bundle, receipts = relayed(log, theirs, sent_from)
        try:
            again, answer = _deliver(bundle, post, wishes, held=log.size)
        except RefusedByCounterpart:
            return False
        if answer is not None:
            has_been_brought(theirs, log, bundle.end, receipts)
            receive(answer)
            again = bundle.end if bundle.end < log.size and bundle.entries else None
        sent_from = again
    return True


def _deliver(bundle: Bundle, post: Post, wishes: _Wishes, *, held: int) -> tuple[int | None, Bundle | None]:
    """Send one delivery. If the counterpart wants another start we have, give that back, once.

    If it wants another party's log first, and we hold more of it, that is brought, and this sent once more.
    """
    try:
        return None, answer_to(post.deliver(bundle.encode()), bundle)
    except Unreachable:
        raise
    except RefusedByCounterpart as refused:
        if (start := _showed(bundle, refused, post, wishes)) is not None:
            return start, None
        if not wishes.may_follow(refused.send_from, bundle.start, held):
            mirroring.note_refusal(bundle.channel, bundle.receiver, refused, incoming=False)
            raise
        wishes.followed = True
        return refused.send_from, None
    except CounterpartBreach as breach:
        mirroring.note_refusal(bundle.channel, bundle.receiver, breach, incoming=True)
        raise


def _showed(bundle: Bundle, refused: RefusedByCounterpart, post: Post, wishes: _Wishes) -> int | None:
    """Show a counterpart what its refusal says it must hold first: whoever says it saw has it to show.

    Returns:
        Where to go on from; None where nothing could be shown.
    """
    logs = {log.party: log for log in queries.channel_logs(bundle.channel)}
    theirs = logs.get(bundle.receiver)
    if refused.awaits is None or theirs is None or refused.awaits[0] not in logs.keys() - {bundle.receiver}:
        return None
    party, size = refused.awaits
    stepping = Stepping(theirs, refused.awaits)
    if (came := stepping.bring(post, logs[bundle.sender], bundle.start, bundle.end)) > bundle.start:
        return came
    # No entry rests on it, but keys do under which somebody signed: an entry of that log announces them.
    if party in wishes.shown or party == bundle.sender:
        return None
    wishes.shown.add(party)
    if stepping.bring(post, logs[party], size, logs[party].size) > size:
        return bundle.start
    return None


def logs_of(channel: str, party: str = "") -> tuple[Log, Log]:
    """Our log of a channel, and our mirror of a counterpart's.

    Args:
        channel: Channel id.
        party: The counterpart; without it, the only one there is.

    Raises:
        NotBilateral: There is no such channel, or it does not have exactly one such counterpart here.
    """
    logs = queries.channel_logs(channel)
    own = next((log for log in logs if log.ours), None)
    others = [log for log in logs if not log.ours and party in ("", log.party)]
    if own is None or len(others) != 1:
        raise NotBilateral(
            f"channel {channel} does not have exactly one counterpart {party} here".replace("  ", " ")
        )
    return own, others[0]


class NotBilateral(OurFault):
    """The channel is not one between this node and one counterpart, and none of several was named."""

    code = "not-bilateral"
    default_hint = "comity channel list; in a channel of more than two parties name the one that is meant"
