"""An introduction: a party that two others trust says which keys of one of them it compared, when and how.

It is that party's word and nothing else. It lets the other see whose keys these are said to be; officers
still compare. A party that vouches for two identities under one version of a passport contradicts itself
under its own signatures, and the two statements are a proof anyone can check.

Follows: docs/spec/passport.md, Introductions; docs/adr/0029-introductions.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from comity.channel.passport import MAX_PASSPORT_BYTES, Passport
from comity.errors import BadSignature, ComityError, CounterpartBreach
from comity.forms import learnt
from comity.names import party_code
from comity.tlog.note import parse_note, sign_note

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from comity.tlog.note import Signer
    from comity.tlog.vkey import VerifierKey

FORM: Final = "comity/introduction/v1"
# A passport, every character of which JSON may have to write as two, and what is said of it.
MAX_INTRODUCTION_BYTES: Final = 2 * MAX_PASSPORT_BYTES + 16 * 1024
MAX_CONTRADICTION_BYTES: Final = 4 * MAX_INTRODUCTION_BYTES

How = Literal["in person", "telephone", "video"]


class MalformedIntroduction(CounterpartBreach):
    """An introduction, or a proof that two contradict each other, is not in its form."""

    code = "malformed-introduction"
    default_hint = "ask for the file again, in one piece"


class BadIntroduction(CounterpartBreach):
    """An introduction is not signed by both identity keys of the party it is said to be by."""

    code = "bad-introduction"
    default_hint = "ask its author for it again; if its identity is new, read in its new passport first"


@learnt
class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an introduction says.

    Attributes:
        introducer: Whose word it is.
        to: To whom it is given.
        issued: The day it was given, as 2026-01-31.
        compared: The day on which officers compared fingerprints.
        how: How they were connected.
        version: The version of the passport they compared; later ones followed by its signature.
        passport: The file of the passport in force with the introducer.
    """

    introducer: str
    to: str
    issued: str
    compared: str
    how: How
    version: int
    passport: str


@dataclass(frozen=True, slots=True)
class Introduction:
    """An introduction that its author's identity keys, both of them, have been seen to have signed.

    Attributes:
        note: The file.
        said: What it says.
        passport: The passport of the party that is introduced.
    """

    note: bytes
    said: Said
    passport: Passport

    @property
    def about(self) -> str:
        """Party code of who is introduced."""
        return self.passport.about.party

    @property
    def digest(self) -> str:
        """SHA-256 of the file."""
        return sha256(self.note).hexdigest()

    def contradicts(self, other: Introduction) -> bool:
        """Whether no honest party could have given both.

        With whoever compares, one identity is in force under a version and never another. So one author that
        names two under one version has vouched for keys it did not compare. Files may differ otherwise:
        whoever hands a passport on can add signature lines to it.
        """
        mine, theirs = self.passport, other.passport
        return (
            (self.said.introducer, self.about) == (other.said.introducer, other.about)
            and mine.about.version == theirs.about.version
            and mine.fingerprint != theirs.fingerprint
        )


def is_introduction(data: bytes) -> bool:
    """Whether a file means to be an introduction."""
    return data.startswith(f"{FORM}\n".encode())


def introduce(said: Said, *signers: Signer) -> bytes:
    """Sign an introduction.

    Args:
        said: What it says.
        signers: Both identity keys of the introducer.

    Raises:
        MalformedIntroduction: Something said is not in its form.
    """
    _checked(said)
    return sign_note(f"{FORM}\n{_written(said)}\n", *signers).encode()


def read_introduction(
    data: bytes, identity_of: Callable[[str], Sequence[VerifierKey] | None]
) -> Introduction:
    """Read an introduction and verify that the party it names has signed it.

    Args:
        data: The file.
        identity_of: Gives the identity keys of a party that is believed; None for any other.

    Raises:
        MalformedIntroduction: It has another form, or introduces a party to itself or by itself.
        BadIntroduction: Its author is not believed here, or one of the two signatures is missing or wrong.
        ComityError: The passport in it is none.
    """
    found = stored_introduction(data)
    said = found.said
    keys = tuple(identity_of(said.introducer) or ())
    try:
        is_signed = bool(keys) and parse_note(data).signed_by(keys) == keys
    except BadSignature:
        is_signed = False
    if not is_signed:
        raise BadIntroduction(
            f"the introduction is not signed by both identity keys of {said.introducer} that are known here"
        )
    return found


def stored_introduction(data: bytes) -> Introduction:
    """Read an introduction whose signatures were verified when it came: its author may have new keys since.

    Raises:
        MalformedIntroduction: It has another form.
        ComityError: The passport in it is none.
    """
    if len(data) > MAX_INTRODUCTION_BYTES:
        raise MalformedIntroduction(f"an introduction has at most {MAX_INTRODUCTION_BYTES:,} bytes")
    try:
        note = parse_note(data)
        said = msgspec.json.decode(_text(note.text), type=Said)
    except (ComityError, msgspec.MsgspecError, RecursionError) as fault:
        raise MalformedIntroduction(f"the file is not an introduction: {fault}") from fault
    if f"{FORM}\n{_written(said)}\n" != note.text:
        raise MalformedIntroduction("the introduction is not written in its one spelling")
    return Introduction(data, said, _checked(said))


def _text(text: str) -> str:
    form, _, document = text.partition("\n")
    if form != FORM:
        raise MalformedIntroduction("it is of a form that is not known here")
    return document.removesuffix("\n")


def _written(said: Said) -> str:
    return msgspec.json.format(msgspec.json.encode(said), indent=1).decode()


def _checked(said: Said) -> Passport:
    """The passport of who is introduced, once everything said fits together."""
    try:
        compared, issued = date.fromisoformat(said.compared), date.fromisoformat(said.issued)
        parties = {party_code(said.introducer), party_code(said.to)}
    except (ValueError, ComityError) as fault:
        raise MalformedIntroduction(f"the introduction was refused: {fault}") from fault
    if (compared.isoformat(), issued.isoformat()) != (said.compared, said.issued) or compared > issued:
        raise MalformedIntroduction("the introduction was refused: its days are not days in their order")
    passport = Passport.parse(said.passport.encode("utf-8", "replace"))
    if len(parties | {passport.about.party}) != len(("introducer", "to", "introduced")):
        raise MalformedIntroduction("the introduction was refused: it takes three different parties")
    if not 0 < said.version <= passport.about.version:
        raise MalformedIntroduction("the introduction was refused: what was compared is not of its passports")
    return passport


@learnt
class _Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    v: Literal[1]
    introducer: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two introductions by one author that cannot both be honest, with the author's passport.

    Attributes:
        introducer: The author's passport: whoever knows its fingerprint needs nothing else.
        first: One introduction.
        second: The other.
    """

    introducer: Passport
    first: Introduction
    second: Introduction

    def encode(self) -> bytes:
        """The proof as a file: JSON in one spelling."""
        texts = (one.note.decode() for one in (self.introducer, self.first, self.second))
        return msgspec.json.encode(_Proof(1, *texts))

    @classmethod
    def parse(cls, data: bytes) -> Contradiction:
        """Read a proof, verify both signatures of both statements, and that they contradict each other.

        Raises:
            MalformedIntroduction: It is no proof, or proves nothing.
            ComityError: A part of it does not verify.
        """
        if len(data) > MAX_CONTRADICTION_BYTES:
            raise MalformedIntroduction(f"such a proof has at most {MAX_CONTRADICTION_BYTES:,} bytes")
        try:
            form = msgspec.json.decode(data, type=_Proof)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
            raise MalformedIntroduction(f"the proof could not be read: {fault}") from fault
        author = Passport.parse(form.introducer.encode("utf-8", "replace"))
        keys = {author.about.party: author.keys["identity"]}
        first, second = (
            read_introduction(text.encode("utf-8", "replace"), keys.get) for text in (form.first, form.second)
        )
        proof = cls(author, first, second)
        if not first.contradicts(second):
            raise MalformedIntroduction("the two introductions do not contradict each other")
        if proof.encode() != data:
            raise MalformedIntroduction("the proof is not written in its one spelling")
        return proof
