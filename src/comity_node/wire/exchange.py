"""One exchange with one counterpart about one channel, until both sides have everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from comity.channel.bundle import read_bundle
from comity.errors import CounterpartBreach, OurFault
from comity_node.register import mirroring, queries
from comity_node.register.packing import is_news, pack
from comity_node.wire.line import RefusedByCounterpart, Unreachable
from comity_node.wire.receiving import NotForUs, receive
from comity_node.wire.views import bundle_limits

if TYPE_CHECKING:
    from comity.channel.bundle import Bundle
    from comity_node.register.models import Log

_MOST_ROUNDS: Final = 10_000


class Post(Protocol):
    """Whatever carries a delivery to the counterpart and brings back its answer."""

    def deliver(self, bundle: bytes) -> bytes:
        """Deliver, and return the answer."""
        ...


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


def exchange(channel: str, post: Post, *, ask: bool = True, logs: tuple[Log, Log] | None = None) -> Exchanged:
    """Deliver and take in until neither side has news.

    Args:
        channel: Channel id.
        post: The line to the counterpart.
        ask: Call even when we have no news ourselves.
        logs: Our log and the counterpart's, where they were just read.

    Raises:
        Unreachable: The counterpart did not answer. Whatever was exchanged before stands.
        RefusedByCounterpart: It refused our delivery.
        CounterpartBreach: Its answer was refused here, and the refusal noted.
    """
    done = Exchanged()
    start: int | None = None
    for _ in range(_MOST_ROUNDS):
        (own, theirs), logs = logs or logs_of(channel), None
        if not ask and start is None and not is_news(own, theirs):
            break
        bundle = pack(own, theirs, start=start)
        start, answer = _deliver(bundle, post, may_follow=start is None, held=own.size)
        if answer is None:
            continue
        mirroring.author_has_receipts(theirs, mirroring.told(theirs, len(bundle.cosignatures)))
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
    return done


def _deliver(bundle: Bundle, post: Post, *, may_follow: bool, held: int) -> tuple[int | None, Bundle | None]:
    """Send one delivery. If the counterpart wants another start we have, give that back, once."""
    try:
        return None, _answer(post.deliver(bundle.encode()), bundle)
    except Unreachable:
        raise
    except RefusedByCounterpart as refused:
        if refused.send_from is None or refused.send_from > held or not may_follow:
            mirroring.note_refusal(bundle.channel, bundle.receiver, refused, incoming=False)
            raise
        return refused.send_from, None
    except CounterpartBreach as breach:
        mirroring.note_refusal(bundle.channel, bundle.receiver, breach, incoming=True)
        raise


def _answer(data: bytes, bundle: Bundle) -> Bundle:
    """Read an answer; it concerns what was asked, or a counterpart could speak for another through us."""
    answer = read_bundle(data, bundle_limits())
    if (answer.channel, answer.sender) != (bundle.channel, bundle.receiver):
        raise NotForUs(f"{bundle.receiver} answered about {bundle.channel} with something else")
    return answer


def logs_of(channel: str) -> tuple[Log, Log]:
    """Our log of a channel, and our mirror of the counterpart's.

    Raises:
        NotBilateral: There is no such channel with one counterpart here.
    """
    logs = queries.channel_logs(channel)
    own = next((log for log in logs if log.ours), None)
    others = [log for log in logs if not log.ours]
    if own is None or len(others) != 1:
        raise NotBilateral(f"channel {channel} does not have exactly one counterpart here")
    return own, others[0]


class NotBilateral(OurFault):
    """The channel is not one between this node and one counterpart."""

    code = "not-bilateral"
