"""Revealing one object of a list that was committed to, and showing that it was on it.

A reveal is the object, its salt, and the hashes that lead from its leaf to the root its Party stated. As a
file it carries the entry that stated the root as well, with the proof that this entry is in the log of its
author: so a court needs no node to read it.

Follows: docs/spec/protected-objects.md, Reveal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec

from comity.errors import ComityError, MalformedProof, NotIncluded
from comity.forms import learnt
from comity.protected.commitment import Commitment, Salted
from comity.protected.errors import MalformedReveal, NotOnTheList
from comity.protected.objects import ProtectedObject, read_sent, written
from comity.tlog.merkle import MAX_PROOF, verify_inclusion

if TYPE_CHECKING:
    from comity.protected.commitment import Tree

FORM: Final = "comity.protected-reveal/1"
MOST_BYTES: Final = 256 * 1024  # of a file: an object, a proof, an entry and its proof
_Hash = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
_Size = Annotated[int, msgspec.Meta(ge=1, le=2**40)]
_Index = Annotated[int, msgspec.Meta(ge=0, le=2**40)]
_Path = Annotated[tuple[_Hash, ...], msgspec.Meta(max_length=MAX_PROOF)]
_Said = Annotated[str, msgspec.Meta(max_length=200, pattern=r"\A[^\x00-\x1f]*\Z")]


@learnt
class Reveal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One object, shown to have been on a list.

    Attributes:
        object: The object in its one form.
        salt: The salt it was hashed with, in hexadecimal.
        index: Where its leaf stands.
        hashes: From the leaf up, in hexadecimal.
    """

    object: dict[str, Any]
    salt: _Hash
    index: _Index
    hashes: _Path

    @property
    def salted(self) -> Salted:
        """The object with its salt.

        Raises:
            MalformedList: It is not written in its one form.
        """
        return Salted(read_sent(self.object), bytes.fromhex(self.salt))


@learnt
class RevealFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A reveal as a file that stands alone.

    Attributes:
        root: The root its Party stated, in hexadecimal.
        size: How many leaves it stated.
        entry: The entry that stated them.
        proof: That entry with the proof that it is in its author's log, as a C2SP tlog-proof; may be empty.
    """

    form: Literal["comity.protected-reveal/1"]
    reveal: Reveal
    root: _Hash
    size: _Size
    entry: _Said
    proof: Annotated[str, msgspec.Meta(max_length=MOST_BYTES)] = ""

    @property
    def commitment(self) -> Commitment:
        """What it says was stated."""
        return Commitment(bytes.fromhex(self.root), self.size)

    def encode(self) -> bytes:
        """The bytes of the file."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


def reveal(tree: Tree, salted: Salted) -> Reveal:
    """Reveal one object of a list.

    Raises:
        BadObject: The list has no such object.
    """
    index, hashes = tree.prove(salted.leaf)
    return Reveal(
        object=written(salted.object),
        salt=salted.salt.hex(),
        index=index,
        hashes=tuple(one.hex() for one in hashes),
    )


def check(said: Reveal, stated: Commitment) -> ProtectedObject:
    """Satisfy ourselves that an object was on the list a Party committed to.

    Raises:
        MalformedReveal: The object is not in its one form, or the proof has not the length it must have.
        NotOnTheList: The proof leads to another root: another object, another salt, or another list.
    """
    try:
        salted = said.salted
        path = [bytes.fromhex(one) for one in said.hashes]
        verify_inclusion(salted.leaf, said.index, stated.size, path, stated.root)
    except NotIncluded as wrong:
        raise NotOnTheList(
            "the object is not shown to have been on the list: the proof leads to another root"
        ) from wrong
    except MalformedProof as wrong:
        raise MalformedReveal(f"the object was not checked: {wrong}") from wrong
    except ComityError as wrong:
        raise MalformedReveal(f"the object was not read: {wrong}") from wrong
    return salted.object


def is_reveal_file(data: bytes) -> bool:
    """Whether bytes are meant as a reveal."""
    return FORM.encode() in data[:200]


def read_file(data: bytes) -> RevealFile:
    """Read a reveal from a file; nothing is verified yet.

    Raises:
        MalformedReveal: It is too long, or has another form.
    """
    if len(data) > MOST_BYTES:
        raise MalformedReveal(f"a reveal has at most {MOST_BYTES:,} bytes")
    try:
        return msgspec.json.decode(data, type=RevealFile)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise MalformedReveal(f"this is not a reveal: {str(error)[:200]}") from error
