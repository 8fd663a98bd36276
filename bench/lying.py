"""What a party does that lies, and what becomes of it with those it lies to: orders inside real nodes' homes.

A liar has its own node and its own keys, and writes what it likes in a transaction that is undone: so it can
sign two histories, and go on to the next lie. Who judges takes each delivery in as its node would, in a
transaction that is undone too.
"""

from __future__ import annotations

import base64
import random
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from comity.channel.bundle import read_bundle
from comity.errors import ComityError
from comity.keys.keyring import Keyring
from comity.mirror import give_receipt
from comity.names import Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import parse_note, sign_note
from tests.many_nodes import inside as many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from comity.channel.bundle import Bundle

_BEYOND = 1_000


class Liar:
    """One party's pen in a channel, towards one other."""

    def __init__(self, channel: str, to: str, chance: random.Random) -> None:
        self.channel, self.to, self.chance = channel, to, chance

    def wrote(self, count: int, *, start_after: int = 0) -> Bundle:
        """A delivery of so many new entries, signed and undone; ``start_after`` so many of them."""
        from django.db import transaction  # noqa: PLC0415 - the node is entered first

        from comity_node.register import queries  # noqa: PLC0415 - as above
        from comity_node.register.packing import pack  # noqa: PLC0415 - as above

        with transaction.atomic():
            before = (own := queries.own_log(self.channel)).size
            for _ in range(count):
                many.ask(self.channel, f"{own.party}-9999-{self.chance.getrandbits(60):019}", self.to)
            logs = {log.party: log for log in queries.channel_logs(self.channel)}
            own = next(log for log in logs.values() if log.ours)
            bundle = pack(own, logs[self.to], start=before + start_after)
            transaction.set_rollback(True)
        return bundle

    def some(self) -> int:
        """How many entries, as chance has it."""
        return self.chance.randint(1, 4)


@contextmanager
def _as(owner: object, name: str, other: Callable) -> Iterator[None]:
    """Have a function of the node do something else meanwhile."""
    real = getattr(owner, name)
    setattr(owner, name, lambda *args, **kwargs: other(real(*args, **kwargs)))
    try:
        yield
    finally:
        setattr(owner, name, real)


# --- sorts of lies: each gives deliveries, in order; the last is the one that must not pass -----------


def two_histories_of_one_size(liar: Liar) -> list[Bundle]:
    """As an old backup put back, or on purpose."""
    count = liar.some()
    return [liar.wrote(count), liar.wrote(count)]


def a_longer_second_history(liar: Liar) -> list[Bundle]:
    """Offered from where the first ends."""
    first, more = liar.some(), liar.some()
    return [liar.wrote(first), liar.wrote(first + more, start_after=first)]


def a_shorter_second_history(liar: Liar) -> list[Bundle]:
    """Of less than was shown before."""
    first, more = liar.some(), liar.some()
    return [liar.wrote(first + more), liar.wrote(first)]


def an_entry_changed(liar: Liar) -> list[Bundle]:
    """After it was signed."""
    told = liar.wrote(liar.some())
    place = liar.chance.randrange(len(told.entries))
    leaf = told.entries[place].replace(b"-9999-", b"-9998-")
    return [replace(told, entries=(*told.entries[:place], leaf, *told.entries[place + 1 :]))]


def an_entry_left_out(liar: Liar) -> list[Bundle]:
    """And its content with it."""
    told = liar.wrote(1 + liar.some())
    place = liar.chance.randrange(len(told.entries))
    return [replace(told, **{name: (*(all_ := getattr(told, name))[:place], *all_[place + 1 :])
                             for name in ("entries", "payloads")})]  # fmt: skip


def another_content(liar: Liar) -> list[Bundle]:
    """Than the entry names."""
    told, other = liar.wrote(liar.some()), liar.wrote(1)
    return [replace(told, payloads=(*told.payloads[:-1], other.payloads[0]))]


def content_kept_back(liar: Liar) -> list[Bundle]:
    """So that a receipt would be had for what was never given."""
    told = liar.wrote(liar.some())
    return [replace(told, payloads=told.payloads[:-1])]


def sealed_to_nobody_else(liar: Liar) -> list[Bundle]:
    """Content only its author could open."""
    from comity_node.register import services  # noqa: PLC0415 - the node is entered first

    with _as(services, "_recipients", lambda meant: meant[:1]):
        return [liar.wrote(liar.some())]


def claims_the_unseen(liar: Liar) -> list[Bundle]:
    """To have seen what its reader never wrote."""
    from comity_node.register import services  # noqa: PLC0415 - the node is entered first

    def seen_more(entry):
        seen = {**entry.seen, liar.to: entry.seen.get(liar.to, 0) + _BEYOND}
        return msgspec.structs.replace(entry, seen=seen)

    with _as(services, "_entry", seen_more):
        return [liar.wrote(1)]


def claims_to_have_seen_less(liar: Liar) -> list[Bundle]:
    """Than the entry before: as if a suspension, or a refusal, had not reached it."""
    from comity_node.register import services  # noqa: PLC0415 - the node is entered first

    seen_by_last: list[dict[str, int]] = []

    def seen_nothing(entry):
        seen_by_last.append(entry.seen)
        return entry if len(seen_by_last) == 1 else msgspec.structs.replace(entry, seen={})

    with _as(services, "_entry", seen_nothing):
        return [liar.wrote(2)]


def signed_by_other_keys(liar: Liar) -> list[Bundle]:
    """Than its passport names."""
    from comity_node.register.keyring import log_signers  # noqa: PLC0415 - the node is entered first

    told, ring = liar.wrote(liar.some()), Keyring.generate("xx")
    text = parse_note(told.checkpoint).text
    signers = log_signers(Origin.parse(Checkpoint.parse(text).origin), 1, ring.log)
    return [replace(told, checkpoint=sign_note(text, *signers).encode())]


def a_receipt_for_what_was_never_written(liar: Liar) -> list[Bundle]:
    """Under its reader's log, with a signature of its reader's that is none."""
    from comity_node.register.keyring import log_signers, mirror_signers  # noqa: PLC0415 - the node is entered first

    told, ring = liar.wrote(1), Keyring.generate("xx")
    origin = Origin(liar.to, liar.channel)
    head = Checkpoint(str(origin), _BEYOND, liar.chance.randbytes(32))
    note = sign_note(head.text(), *log_signers(origin, 1, ring.log)).encode()
    return [replace(told, cosignatures=(*told.cosignatures, give_receipt(note, mirror_signers(1))))]


def meant_for_another(liar: Liar) -> list[Bundle]:
    """A delivery that somebody else is to be charged with."""
    return [replace(liar.wrote(liar.some()), receiver="zz")]


REFUSED = {
    two_histories_of_one_size: {"fork-proven"},
    a_longer_second_history: {"fork-proven"},
    a_shorter_second_history: {"fork-proven"},
    an_entry_changed: {"entries-do-not-match"},
    an_entry_left_out: {"entries-do-not-match"},
    another_content: {"payload-does-not-match"},
    content_kept_back: {"payload-does-not-match"},
    sealed_to_nobody_else: {"payload-does-not-match"},
    claims_the_unseen: {"claims-the-unseen"},
    claims_to_have_seen_less: {"claims-the-unseen"},
    signed_by_other_keys: {"bad-checkpoint", "bad-signature"},
    a_receipt_for_what_was_never_written: {"bad-receipt", "bad-checkpoint", "bad-signature"},
    meant_for_another: {"not-for-us"},
}
SORTS = {one.__name__: one for one in REFUSED}


# --- orders ---------------------------------------------------------------------------------------------


def lie(sort: str, channel: str, to: str, seed: int) -> dict:
    """Make up a lie; gives its deliveries, and how the last of them must be refused."""
    liar = Liar(channel, to, random.Random(seed))
    told = SORTS[sort](liar)
    return {"told": [_text(one) for one in told], "refused_as": sorted(REFUSED[SORTS[sort]])}


def judge(told: list[str], by: str, show: str = "") -> dict:
    """Take deliveries in as they come, then undo all of it.

    Args:
        told: The deliveries.
        by: Whose log they are of.
        show: A party to whom a delivery of ours is made up at the end, with what we then signed for.

    Returns:
        What became of each (empty: it was taken); whether the last, if it was refused, changed nothing; the
        proofs of misconduct that are then held, the keys to judge them by, and the delivery of ours.
    """
    from django.db import transaction  # noqa: PLC0415 - the node is entered first

    from comity_node.register import models, queries  # noqa: PLC0415 - as above
    from comity_node.register.packing import pack  # noqa: PLC0415 - as above

    bundles = [read_bundle(base64.b64decode(one)) for one in told]
    became, unchanged, shown = [], True, ""
    with transaction.atomic():
        for bundle in bundles:
            before = _heads(bundle.channel)
            became.append(_taken(bundle))
            unchanged = not became[-1] or before == _heads(bundle.channel)
        logs = {log.party: log for log in queries.channel_logs(bundles[-1].channel)}
        if show:
            own = next(log for log in logs.values() if log.ours)
            shown = _text(pack(own, logs[show]))
        proofs = [bytes(one.proof).decode() for one in models.Misconduct.objects.filter(log=logs[by])]
        transaction.set_rollback(True)
    return {
        "became": became,
        "unchanged": unchanged,
        "proofs": proofs,
        "keys": _keys(logs[by]),
        "shown": shown,
    }


def _taken(bundle: Bundle) -> str:
    """Take a delivery in, and sign for it; gives the code of its refusal."""
    from comity_node.wire.receiving import receive  # noqa: PLC0415 - the node is entered first

    try:
        assert receive(bundle).answer, "a delivery that is taken is signed for"
    except ComityError as refused:
        return refused.code
    return ""


def _heads(channel: str) -> list[tuple]:
    from comity_node.register import queries  # noqa: PLC0415 - the node is entered first

    return [(log.size, bytes(log.checkpoint), log.receipted) for log in queries.channel_logs(channel)]


def _keys(log) -> list[dict]:
    from comity_node.register import rotations  # noqa: PLC0415 - the node is entered first

    return [
        {"keys": [str(key) for key in logs], "since": told["since"], "until": told["until"]}
        for logs, _, told in rotations.pairs(log)
    ]


def _text(bundle: Bundle) -> str:
    return base64.b64encode(bundle.encode()).decode()
