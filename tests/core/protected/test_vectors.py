"""Our own vectors of protected objects, computed here again from the text of the specification alone."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import msgspec
import pytest

from comity import protected
from comity.errors import ComityError
from tests.vectors.protected.generate import texts

FILES = Path(__file__).parents[2] / "vectors" / "protected"
COMMITMENTS = json.loads((FILES / "commitments.json").read_text(encoding="utf-8"))
REVEALS = json.loads((FILES / "reveals.json").read_text(encoding="utf-8"))


def h(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, over leaf hashes, as it is written there."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return h(b"\x01" + root(leaves[:split]) + root(leaves[split:]))


def test_the_vectors_are_those_the_source_makes() -> None:
    """A vector nobody makes any more tells a stranger something else than we do."""
    assert texts() == {file.name: file.read_text(encoding="utf-8") for file in FILES.glob("*.json")}


@pytest.mark.parametrize("one", COMMITMENTS, ids=lambda one: one["name"])
def test_a_stranger_computes_the_same_leaf_from_the_canonical_bytes(one) -> None:
    """Label, salt and bytes, hashed as RFC 6962 hashes an entry."""
    for each in one["objects"]:
        entry = b"comity protected object v1\n" + bytes.fromhex(each["salt"]) + each["canonical"].encode()
        assert h(b"\x00" + entry).hex() == each["leaf"]
        assert (
            json.dumps(each["reveal"]["object"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            == (each["canonical"])
        )


@pytest.mark.parametrize(
    "one", [one for one in COMMITMENTS if one["count"] <= 3], ids=lambda one: one["name"]
)
def test_a_stranger_computes_the_same_root_over_the_sorted_leaves(one) -> None:
    """The order of the leaves is that of their bytes, padding among them."""
    leaves = [bytes.fromhex(each["leaf"]) for each in one["objects"]]
    leaves += [bytes.fromhex(each) for each in one["padding"]]

    assert (one["root"], one["leaves"]) == (root(sorted(leaves)).hex(), len(leaves))


@pytest.mark.parametrize("one", REVEALS, ids=lambda one: one["name"])
def test_a_reveal_holds_or_does_not_as_it_says(one) -> None:
    """Each fault has its own name."""
    stated = protected.Commitment(bytes.fromhex(one["root"]), one["leaves"])

    try:
        protected.check(msgspec.convert(one["reveal"], protected.Reveal), stated)
        found = "holds"
    except ComityError as error:
        found = error.code

    assert one["expect"] == found
