"""What the sealed payload of each act of custody says.

Every text is bounded and every number has one spelling; a document of another form is refused whole.

Follows: docs/spec/evidence.md, Documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeVar

import msgspec

from comity.errors import MalformedCustody
from comity.forms import learnt
from comity.keys.sealing import sealed_size
from comity.markings import PAP, TLP, UNREADABLE, Handling, Marking
from comity.names import MAX_INDEX

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_HEADER: Final = 128 * 1024

_NO_NUL: Final = r"\A[^\x00]*\Z"  # a database may hold no NUL in a text
_Line = Annotated[str, msgspec.Meta(max_length=300, pattern=_NO_NUL)]
_Text = Annotated[str, msgspec.Meta(max_length=20_000, pattern=_NO_NUL)]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=1024, pattern=_NO_NUL)]
_Digest = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
_DigestIfAny = Annotated[str, msgspec.Meta(pattern=r"\A(?:[0-9a-f]{64})?\Z")]
_Size = Annotated[int, msgspec.Meta(ge=0, le=MAX_INDEX)]
_Words = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000, pattern=_NO_NUL)]
_Said = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000, pattern=_NO_NUL)]


@learnt
class Announcement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the providing Party says of an exhibit (``added``).

    Attributes:
        object: SHA-256 of the age header and payload nonce: the name of the sealed file on the wire.
        name: File name as it was; never a path.
        media_type: As declared by whoever added it; nothing is concluded from it.
        size: Bytes of the exhibit itself.
        sha256: SHA-256 of the exhibit itself.
        sealed_size: Bytes of the sealed file.
        taken_where: Place of seizure or collection.
        taken_at: When, as the officer states it.
        taken_by: The office that took it.
        request: Reference of the request it answers.
        statement: How it was kept until now.
        tlp: Traffic Light Protocol 2.0: to whom it may go on.
        pap: Permissible Actions Protocol: what may be done with it.
        handling: Europol handling code; H3 is said in ``handling_text``.
        permission: The entry by which the party it came from permits that it is passed on.
    """

    object: _Digest
    name: _Name
    media_type: _Line
    size: _Size
    sha256: _Digest
    sealed_size: _Size
    description: _Text = ""
    taken_where: _Line = ""
    taken_at: _Line = ""
    taken_by: _Line = ""
    request: _Line = ""
    statement: _Text = ""
    tlp: TLP = ""
    pap: PAP = ""
    handling: Handling = ""
    handling_text: _Line = ""
    permission: _Line = ""

    @property
    def marking(self) -> Marking:
        """How it may be passed on; markings that contradict each other are held as RED."""
        said = Marking(tlp=self.tlp, pap=self.pap, handling=self.handling, handling_text=self.handling_text)
        return UNREADABLE if said.flaws() else said

    def __post_init__(self) -> None:
        """Hold the sealed size against the size: nothing but an age header may make the difference."""
        if not 0 < self.sealed_size - sealed_size(self.size) <= LONGEST_HEADER:
            raise ValueError("sealed_size is not the size this exhibit has when sealed")


@learnt
class Arrival(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the receiving Party found (``received``, ``mismatch``).

    Attributes:
        object: The sealed file that arrived.
        size: Bytes of the exhibit; 0 where it could not be opened whole.
        sha256: SHA-256 over them; empty where it could not be opened whole.
        because: What does not match, in words; empty where all does.
    """

    object: _Digest
    size: _Size
    sha256: _DigestIfAny
    because: _Line = ""


@learnt
class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why an exhibit was opened (``opened``)."""

    purpose: _Said


@learnt
class HandOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From whom to whom an exhibit passed (``handed_over``).

    Attributes:
        to: Whether it stays within the authority, goes on to another, or into a court file.
        permission: The entry by which the party it came from permits that.
    """

    released_by: _Said
    received_by: _Said
    purpose: _Said
    seal: _Line = ""
    condition: _Text = ""
    to: Literal["", "within", "onward", "court"] = ""
    permission: _Line = ""


@learnt
class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is said of an exhibit after delivery: asked for, answered, reported, and why."""

    text: _Words


@learnt
class Disposal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The certificate that an exhibit is returned or destroyed (``returned``, ``destroyed``).

    Attributes:
        method: How it was done.
        done_by: The office that did it.
        done_at: When, as the office states it.
        done_where: Where.
        witnessed_by: The office that saw it done.
        copies: What became of copies, excerpts and backups.
    """

    method: _Said
    done_by: _Said
    done_at: _Said
    done_where: _Line = ""
    witnessed_by: _Line = ""
    copies: _Words


Document = Announcement | Arrival | Opening | HandOver | Words | Disposal
_Read = TypeVar("_Read", bound=Document)


FORMS: Final[Mapping[str, type[Document]]] = {
    "added": Announcement,
    "received": Arrival,
    "mismatch": Arrival,
    "opened": Opening,
    "handed_over": HandOver,
    "limits_lifted": Words,
    "use_asked": Words,
    "use_allowed": Words,
    "use_declined": Words,
    "report_asked": Words,
    "use_reported": Words,
    "disposal_asked": Words,
    "disposal_declined": Words,
    "recalled": Words,
    "kept": Words,
    "returned": Disposal,
    "destroyed": Disposal,
    "erased": Words,
}


def document(said: Document) -> dict[str, object]:
    """What an act of custody says, as the payload of its entry."""
    return msgspec.structs.asdict(said)


def read(payload: Mapping[str, object] | None, form: type[_Read]) -> _Read:
    """Read the payload of an act of custody.

    Raises:
        MalformedCustody: There is none, or it does not have the form of this act.
    """
    if payload is None:
        raise MalformedCustody("an act of custody says nothing: it has no document")
    try:
        return msgspec.convert(payload, form)
    except msgspec.ValidationError as error:
        raise MalformedCustody(f"the document of an act of custody has another form: {error}") from error
