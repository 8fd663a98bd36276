"""What leaves the record to convince others: checkpoints, proofs of entries, proofs of misconduct."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.errors import OurFault
from comity.mirror import stated_at
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import Signature, parse_note
from comity.tlog.proof import TlogProof
from comity_node.register import models
from comity_node.register.queries import NoSuchEntry
from comity_node.register.tree import StoredTree

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from comity.names import EntryRef


class NotYetSigned(OurFault):
    """No checkpoint covers the entry yet."""

    code = "not-yet-signed"


def proof(ref: EntryRef) -> bytes:
    """A tlog-proof file for one entry, in the best-signed checkpoint that covers it.

    A checkpoint the other party has cosigned is preferred: it proves lodging and receipt at once. While it is
    silent, one that a neutral witness has cosigned proves by when the entry was lodged.

    Raises:
        NoSuchEntry: The record holds none there.
        NotYetSigned: No checkpoint covers it.
    """
    log = models.Log.objects.filter(origin=str(ref.origin)).first()
    if log is None or ref.index >= log.size:
        raise NoSuchEntry(f"the record holds no entry {ref}")
    note = parse_note(covering(log, ref.index + 1))
    size = Checkpoint.parse(note.text).size
    leaf = bytes(models.Entry.objects.values_list("leaf", flat=True).get(log=log, index=ref.index))
    return TlogProof(ref.index, StoredTree(log).prove_entry(ref.index, size), note, leaf).encode()


def covering(log: models.Log, size: int) -> bytes:
    """A signed checkpoint of at least so many entries of a log, with every cosignature held for it.

    The smallest that another party receipted and a witness marked; else that one receipted; else that a
    witness marked; else any.

    Raises:
        NotYetSigned: There is none.
    """
    marks = models.WitnessMark.objects.filter(log=log, size__gte=size)
    receipts = models.Receipt.objects.filter(log=log, size__gte=size).order_by("size")
    checkpoints = models.Checkpoint.objects.filter(log=log, size__gte=size).order_by("size")
    covering: list[QuerySet[models.Receipt] | QuerySet[models.Checkpoint]] = [
        receipts.filter(size__in=marks.values("size")),
        receipts,
        checkpoints.filter(size__in=marks.values("size")),
        checkpoints,
    ]
    for rows in covering:
        found = rows.values_list("size", "note").first()
        if found is not None:
            return _marked(log, *found)
    raise NotYetSigned(f"no checkpoint covers entry {size - 1} of {log.origin} yet")


def _marked(log: models.Log, size: int, signed: bytes | memoryview) -> bytes:
    """A checkpoint with the marks of witnesses on exactly that size."""
    note = parse_note(bytes(signed))
    for mark in models.WitnessMark.objects.filter(log=log, size=size).order_by("witness"):
        note = note.with_signatures(map(Signature.parse, mark.lines.splitlines()))
    return note.encode()


def checkpoint(log: models.Log) -> bytes:
    """The newest checkpoint of a log, with every cosignature we hold for exactly that size."""
    note = parse_note(bytes(log.checkpoint))
    for receipt in models.Receipt.objects.filter(log=log, size=log.size):
        note = note.with_signatures(parse_note(bytes(receipt.note)).signatures)
    return note.encode()


def witness_marks(log: models.Log) -> list[models.WitnessMark]:
    """Every witness's mark on a log of ours, the smallest first."""
    return list(models.WitnessMark.objects.filter(log=log).order_by("size", "witness"))


def algorithms(mark: models.WitnessMark) -> str:
    """With what a witness signed its mark."""
    sizes = {len(Signature.parse(line).blob) for line in mark.lines.splitlines()}
    return " + ".join(
        name
        for name, long in (("Ed25519", False), ("ML-DSA-44", True))
        if any((size > 1000) is long for size in sizes)
    )


def misconduct() -> list[models.Misconduct]:
    """Every fork proof held."""
    return list(models.Misconduct.objects.select_related("log").order_by("found_at"))


def at(posix: int) -> datetime | None:
    """An instant of a signature; whoever signs may write a time that no calendar has."""
    return stated_at(posix)
