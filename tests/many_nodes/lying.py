"""What runs inside the home of one of many, and can lie: what no node would send is sent all the same."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace

from tests.many_nodes import inside


def brings(channel: str, author: str, to: str, how: str = "true") -> dict:
    """Deliver a third party's log from its beginning, in its place, as it is or altered."""
    from comity_node.register import bringing, queries  # noqa: PLC0415 - the node is entered first

    log, theirs = queries.log_of(channel, author), queries.log_of(channel, to)
    held, _ = bringing.relayed(log, theirs, 0)
    return _send(ALTERED[how](held, log), to)


def delivers(channel: str, to: str, by: str, of: str = "") -> dict:
    """Deliver our own log with a receipt that is none: by keys of ours, in the name of ``by``."""
    from comity_node.register import packing, queries  # noqa: PLC0415 - the node is entered first

    own, theirs = queries.own_log(channel), queries.log_of(channel, to)
    about = queries.log_of(channel, of or to)
    bundle = packing.pack(own, theirs)
    return _send(replace(bundle, cosignatures=(_receipt(about, by),)), to)


def alleges(channel: str, of: str, how: str) -> dict:
    """Say from now on that a party signed two histories, and show this as the proof."""
    from django.utils import timezone  # noqa: PLC0415 - the node is entered first

    from comity_node.register import models, queries  # noqa: PLC0415 - as above

    log = queries.log_of(channel, of)
    proof = PROOFS[how](log)
    models.Misconduct.objects.create(
        log=log, sha256=hashlib.sha256(proof).hexdigest(), proof=proof, found_at=timezone.now()
    )
    return {}


def refusals(channel: str) -> dict:
    """What this node refused, of whom, and why."""
    from comity_node.register.models import Delivery  # noqa: PLC0415 - the node is entered first

    rows = Delivery.objects.filter(channel__in=(channel, ""), incoming=True)
    return {"refused": [[one.party, one.code] for one in rows]}


def _send(bundle, to: str) -> dict:
    """Post it, as whoever we are; what was answered."""
    from comity.channel.bundle import read_bundle  # noqa: PLC0415 - the node is entered first
    from comity_node.counterparts.queries import trusted  # noqa: PLC0415 - as above
    from comity_node.wire.line import Line, RefusedByCounterpart  # noqa: PLC0415 - as above
    from comity_node.wire.views import bundle_limits  # noqa: PLC0415 - as above

    line = Line(to, trusted(to).address, 2**26)
    try:
        answer = read_bundle(line.deliver(bundle.encode()), bundle_limits())
    except RefusedByCounterpart as refused:
        return {"refused": refused.their_code}
    return {"sender": answer.sender, "entries": len(answer.entries), "payloads": len(answer.payloads)}


def _receipt(log, party: str) -> bytes:
    """A receipt of a log as it stands, by our keys, in the name of another's mirror."""
    from comity.mirror import give_receipt  # noqa: PLC0415 - the node is entered first
    from comity.tlog.signer import Cosigner  # noqa: PLC0415 - as above
    from comity_node.register.keyring import keyring  # noqa: PLC0415 - as above

    pair, name = keyring().mirror, f"{party}.comity/mirror"
    signers = (Cosigner(name, pair.ed25519, 1_767_225_600), Cosigner(name, pair.mldsa44, 1_767_225_600))
    return give_receipt(bytes(log.checkpoint), signers)


def _turned(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def _last(parts: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return (*parts[:-1], _turned(parts[-1], len(parts[-1]) // 2))


def _growth(log) -> bytes:
    """Two checkpoints of one honest log."""
    from comity.mirror import ForkProof  # noqa: PLC0415 - the node is entered first
    from comity_node.register import models  # noqa: PLC0415 - as above
    from comity_node.register.tree import StoredTree  # noqa: PLC0415 - as above

    first = models.Checkpoint.objects.filter(log=log).order_by("size").first()
    proof = StoredTree(log).prove_prefix(first.size, log.size)
    return ForkProof(bytes(first.note), bytes(log.checkpoint), proof).encode()


def _forged(log) -> bytes:
    """Two histories, signed by us in the name of the log."""
    from comity.mirror import ForkProof  # noqa: PLC0415 - the node is entered first
    from comity.tlog.checkpoint import Checkpoint  # noqa: PLC0415 - as above
    from comity.tlog.note import sign_note  # noqa: PLC0415 - as above
    from comity.tlog.signer import Cosigner, NoteSigner  # noqa: PLC0415 - as above
    from comity_node.register.keyring import keyring  # noqa: PLC0415 - as above

    pair = keyring().log
    signers = NoteSigner(log.origin, pair.ed25519), Cosigner(log.origin, pair.mldsa44, 1_767_225_600)
    notes = [
        sign_note(Checkpoint(log.origin, 1, bytes([kind]) * 32).text(), *signers).encode() for kind in (1, 2)
    ]
    return ForkProof(*notes).encode()


def _of_another(log) -> bytes:
    """Two histories of our own log, which prove nothing of anybody else."""
    from comity_node.register import queries  # noqa: PLC0415 - the node is entered first

    return _forged(queries.own_log(log.channel))


ALTERED = {
    "true": lambda held, _log: held,
    "entry": lambda held, _log: replace(held, entries=_last(held.entries)),
    "payload": lambda held, _log: replace(held, payloads=_last(held.payloads)),
    "checkpoint": lambda held, _log: replace(held, checkpoint=_turned(held.checkpoint, -20)),
    "an entry less": lambda held, _log: replace(held, entries=held.entries[:-1], payloads=held.payloads[:-1]),
    "swapped": lambda held, _log: replace(held, entries=held.entries[::-1]),
    "its receipt": lambda held, log: replace(held, cosignatures=(_receipt(log, held.sender),)),
}
PROOFS = {
    "growth": _growth,
    "forged": _forged,
    "of another": _of_another,
    "nonsense": lambda _log: b"{",
    "surrogates": lambda _log: rb'{"v":1,"earlier":"\ud800","later":"\udfff","proof":[]}',
}
inside.inside.ORDERS |= {one.__name__: one for one in (brings, delivers, alleges, refusals)}

if __name__ == "__main__":
    inside.inside.main(*sys.argv[1:])
