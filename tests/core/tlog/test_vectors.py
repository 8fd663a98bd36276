"""Our own vectors: every file is read, judged, and found as its header says."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.errors import ComityError
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import parse_note
from comity.tlog.policy import Policy
from comity.tlog.proof import TlogProof
from comity.tlog.tile import Tile, decode_entries
from comity.tlog.vkey import VerifierKey
from comity.tlog.witness import AddCheckpoint, parse_cosignatures
from tests.vectors.tlog.generate import vectors

FILES = Path(__file__).parents[2] / "vectors" / "tlog"


def _policy(header):
    return Policy.parse(header["policy"].replace(";", "\n").encode() + b"\n")


def _judge_note(data, header):
    verdict = _policy(header).accept(parse_note(data))
    assert header.get("at", "") == " ".join(map(str, verdict.cosigned_at.values()))


def _judge_proof(data, header):
    TlogProof.parse(data).verify(bytes.fromhex(header["leaf"]), _policy(header))


JUDGES = {
    "note": _judge_note,
    "proof": _judge_proof,
    "submission": lambda data, _: AddCheckpoint.parse(data),
    "answer": lambda data, _: parse_cosignatures(data),
    "policy": lambda data, _: Policy.parse(data),
    "checkpoint": lambda data, _: Checkpoint.parse(data.decode()),
    "vkey": lambda data, _: VerifierKey.parse(data.decode()),
    "tile": lambda data, _: Tile.parse(data.decode()),
    "bundle": lambda data, _: decode_entries(data),
}


@pytest.mark.parametrize("file", sorted(FILES.glob("*.txt")), ids=lambda file: file.stem)
def test_each_vector_is_judged_as_its_header_says(file):
    """Another State's implementation runs the same files, so ours must agree with them first."""
    head, _, data = file.read_bytes().partition(b"\n\n")
    header = dict(line.split(": ", 1) for line in head.decode().split("\n"))

    found = "accepted"
    try:
        JUDGES[header["format"]](data, header)
    except ComityError as error:
        found = error.code

    assert header["expect"] == found


def test_the_generator_makes_these_files_and_no_others():
    """A vector nobody can remake is one nobody can trust."""
    assert vectors() == {file.name: file.read_bytes() for file in FILES.glob("*.txt")}


def test_the_worked_example_of_the_specification_is_the_vector_it_names():
    """An example nobody runs goes stale, and readers copy examples first."""
    page = (FILES.parents[2] / "docs" / "spec" / "tlog.md").read_text(encoding="utf-8")
    proof = (FILES / "proof-without-extra.txt").read_text(encoding="utf-8").partition("\n\n")[2]

    shown = "".join(f"    {line}\n" if line else "\n" for line in proof[:-1].split("\n"))

    assert shown in page
