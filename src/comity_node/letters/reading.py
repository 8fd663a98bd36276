"""Reading a letter back: what is in it, whether one signature covers the whole of it, and whose.

Everything in the file is a stranger's until the certificate's fingerprint is found to be the one its party
told over another path. Nothing is fetched and nothing on this machine is trusted for it.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

import msgspec
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from comity.entries import decode
from comity.errors import ComityError
from comity.keys.certificate import fingerprint
from comity.names import EntryRef
from comity.tlog.merkle import leaf_hash
from comity_node.letters.errors import NotALetter
from comity_node.letters.letter import DATA, ENTRY, PROOF, Data

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pyhanko.pdf_utils.generic import StreamObject
    from pyhanko.sign.validation import EmbeddedPdfSignature

MAX_LETTER_BYTES: Final = 16 * 1024 * 1024
MAX_ATTACHED_BYTES: Final = 16 * 1024 * 1024
_MOST_NODES: Final = 200
_DEEPEST: Final = 64


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as found.

    Attributes:
        holds: It is over exactly the bytes of this file, none of them changed, by the key of its certificate.
        because: What does not hold; empty where it does.
        name: The certificate's own name for its holder: a claim.
        fingerprint: Of the certificate, to be compared with what the party told over another path.
        at: When the signer says it signed.
        in_time: Whether the certificate was good then.
    """

    holds: bool
    because: str
    name: str
    fingerprint: str
    at: datetime | None
    in_time: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds, and what can be said for it."""

    data: Data
    entry: bytes
    proof: bytes
    signed: Signed | None


def read(pdf: bytes) -> Found:
    """Read a letter.

    Raises:
        NotALetter: It is not a PDF, or holds no data of an act in the form of one.
    """
    if len(pdf) > MAX_LETTER_BYTES:
        raise NotALetter(f"the file was not read: it has more than {MAX_LETTER_BYTES} bytes")
    try:
        reader = PdfFileReader(BytesIO(pdf))
        files = _attached(reader)
        signatures = reader.embedded_signatures
    except Exception as fault:  # a stranger's file: the library has no end of ways to stumble on one
        raise NotALetter("the file was not read: it is not a PDF, or a damaged one") from fault
    if DATA not in files:
        raise NotALetter(f"the file was not read: no {DATA} is attached to it")
    try:
        data = msgspec.json.decode(files[DATA], type=Data)
        _must_be_shallow(msgspec.json.decode(files[DATA]))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as fault:
        raise NotALetter(
            f"the file was not read: its {DATA} is not in its form: {str(fault)[:200]}"
        ) from fault
    signed = _signed(pdf, signatures) if signatures else None
    return Found(data, files.get(ENTRY, b""), files.get(PROOF, b""), signed)


def _must_be_shallow(value: object) -> None:
    """Refuse what is nested deeper than any payload of ours: who shows it would run out of stack.

    Raises:
        msgspec.ValidationError: It is.
    """
    layer = [value]
    for _ in range(_DEEPEST):
        layer = [
            inner
            for one in layer
            for inner in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        ]
        if not layer:
            return
    raise msgspec.ValidationError(f"it is nested more than {_DEEPEST} deep")


def disagreements(found: Found) -> Iterator[str]:
    """Where the parts of a file contradict one another: each alone would be believed."""
    data = found.data
    if data.draft:
        if data.entry or found.entry:
            yield "it says that it is a draft, and names an entry"
        return
    try:
        entry, ref = decode(found.entry), EntryRef.parse(data.entry)
    except ComityError:
        yield "the entry attached is not one, or the data name none"
        return
    if leaf_hash(found.entry).hex() != data.leaf_hash:
        yield "the entry attached has another hash than the data say"
    said = (data.kind, data.ref, data.at, data.author, data.channel, data.stated)
    if said != (entry.kind, entry.ref, entry.at, ref.origin.party, ref.origin.channel, dict(entry.stated)):
        yield "the data say of the entry what it does not say itself"


def _signed(pdf: bytes, signatures: list[EmbeddedPdfSignature]) -> Signed:
    """The one signature a letter has; a second one is a change that nobody announced."""
    try:
        return _checked(pdf, signatures)
    except Exception as fault:  # noqa: BLE001 - a stranger's file, as above
        because = f"it cannot be checked: {str(fault)[:120]}"
        return Signed(holds=False, because=because, name="", fingerprint="", at=None, in_time=False)


def _checked(pdf: bytes, signatures: list[EmbeddedPdfSignature]) -> Signed:
    one = signatures[0]
    certificate = one.signer_cert
    trusting_itself = ValidationContext(
        trust_roots=[certificate], allow_fetching=False, revocation_mode="soft-fail"
    )
    status = validate_pdf_signature(one, trusting_itself)
    faults = [
        (len(signatures) > 1, "there is more than one signature"),
        (not status.intact, "the signed bytes were changed"),
        (not status.valid, "the signature is not by the key of its certificate"),
        (status.coverage != SignatureCoverageLevel.ENTIRE_FILE, "it does not cover the whole file"),
        (not _is_filled_with_nothing(pdf, one), "something stands where the signature has room"),
    ]
    because = "; ".join(what for is_so, what in faults if is_so)
    at = one.self_reported_timestamp
    lasts = certificate["tbs_certificate"]["validity"]
    return Signed(
        holds=not because,
        because=because,
        name=str(certificate.subject.human_friendly)[:300],
        fingerprint=fingerprint(certificate.dump()),
        at=at,
        in_time=at is not None and lasts["not_before"].native <= at <= lasts["not_after"].native,
    )


def _is_filled_with_nothing(pdf: bytes, one: EmbeddedPdfSignature) -> bool:
    """Whether the one gap in what is signed holds the signature, then zeros, and carries nothing else."""
    _start, begins, ends, _rest = one.byte_range
    content: bytes = one.pkcs7_content
    written = content[: _der_length(content)]
    room = ends - begins - 2 - 2 * len(written)
    whole = b"<" + written.hex().encode() + b"0" * room + b">"
    return bool(pdf[begins:ends].lower() == whole)


def _der_length(content: bytes) -> int:
    """How many bytes the first object takes, by its own word (X.690, 8.1.3)."""
    short = content[1]
    if short < 0x80:
        return 2 + short
    width = short & 0x7F
    return 2 + width + int.from_bytes(content[2 : 2 + width])


def _attached(reader: PdfFileReader) -> dict[str, bytes]:
    """The files attached to a document, by name; of two with one name the first."""
    found: dict[str, bytes] = {}
    names = reader.root.get("/Names")
    nodes = [names["/EmbeddedFiles"]] if names is not None and "/EmbeddedFiles" in names else []
    for _ in range(_MOST_NODES):  # a stranger's tree may lead back into itself
        if not nodes:
            break
        node = nodes.pop()
        kids, listed = node.get("/Kids", ()), node.get("/Names", ())
        nodes += [kids[at] for at in range(min(len(kids), _MOST_NODES))]
        for at in range(1, min(len(listed), _MOST_NODES), 2):
            name = str(listed[at].get("/UF") or listed[at].get("/F"))
            if name in (DATA, ENTRY, PROOF) and name not in found:
                found[name] = _content(listed[at]["/EF"]["/F"])
    return found


def _content(stream: StreamObject) -> bytes:
    """A file's bytes, no more of them than a letter has, however little room they take while packed."""
    if stream.get("/Filter") not in ("/FlateDecode", ["/FlateDecode"]):
        return stream.data if len(stream.encoded_data) <= MAX_ATTACHED_BYTES else b""
    content = zlib.decompressobj().decompress(stream.encoded_data, MAX_ATTACHED_BYTES + 1)
    return content if len(content) <= MAX_ATTACHED_BYTES else b""
