"""What the sealed payload of each act on a list of protected objects says. All of it is marked TLP:RED.

Follows: docs/spec/protected-objects.md, Documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar

import msgspec

from comity.custody import Disposal
from comity.errors import ComityError
from comity.forms import learnt
from comity.protected.commitment import Commitment, Salted, Tree
from comity.protected.errors import ListNotCommitted, MalformedList
from comity.protected.objects import read_sent, written
from comity.protected.reveal import Reveal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

KINDS: Final = "protected.list"
MOST_REVEALED: Final = 100
_PLAIN: Final = r"\A[^\x00-\x08\x0b-\x1f]*\Z"
_Line = Annotated[str, msgspec.Meta(max_length=300, pattern=_PLAIN)]
_Text = Annotated[str, msgspec.Meta(max_length=20_000, pattern=_PLAIN)]
_Words = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000, pattern=_PLAIN)]
_Hash = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**40)]


@learnt
class Red(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How everything about protected objects is marked: for those it is shown to, and nobody else."""

    tlp: Literal["RED"] = "RED"


@learnt
class _Marked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every act says: that it is marked, and words beside its codes."""

    marking: Red = Red()
    text: _Text = ""


@learnt
class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One object of a list that is shown, with its salt: so that it can be shown to others later."""

    object: dict[str, Any]
    salt: _Hash


@learnt
class Listing(_Marked, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A list as declared or amended (``declared``, ``amended``).

    Attributes:
        title: What the list is called.
        purpose: What it is declared for.
        objects: The objects, where the list is shown.
        padding: Its random leaves, where the list is shown and padded.
    """

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=_PLAIN)]
    purpose: _Words
    objects: tuple[Listed, ...] = ()
    padding: tuple[_Hash, ...] = ()

    def check(self, sort: str, stated: Commitment) -> tuple[Salted, ...]:
        """Satisfy ourselves that what is shown is what was committed to.

        Returns:
            The objects with their salts; none of a list that is not shown.

        Raises:
            MalformedList: An object is not in its one form, or objects are shown that should not be.
            ListNotCommitted: They lead to another root.
        """
        if sort != "shown":
            if self.objects or self.padding:
                raise MalformedList("a list that is only committed to shows objects")
            return ()
        salted = tuple(Salted(read_sent(one.object), bytes.fromhex(one.salt)) for one in self.objects)
        try:
            tree = Tree.over(salted, map(bytes.fromhex, self.padding))
        except ComityError as wrong:
            raise MalformedList(f"the list cannot be read: {wrong}") from wrong
        if tree.commitment != stated:
            raise ListNotCommitted("the objects shown are not those that were committed to")
        return salted


@learnt
class Words(_Marked, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Words beside what an act states; there may be none."""


@learnt
class Revealed(_Marked, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Objects that are shown to have been on the list (``revealed``)."""

    reveals: Annotated[tuple[Reveal, ...], msgspec.Meta(min_length=1, max_length=MOST_REVEALED)]


@learnt
class Question(_Marked, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What somebody asks about: whether it is one of theirs (``consulted``)."""

    values: Annotated[
        tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=_PLAIN)], ...],
        msgspec.Meta(min_length=1, max_length=100),
    ]


@learnt
class Answer(_Marked, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is answered, with what shows it (``answered``)."""

    reveals: Annotated[tuple[Reveal, ...], msgspec.Meta(max_length=MOST_REVEALED)] = ()


@learnt
class Opened(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How often an office opened the list on one day (UTC): offices and days, never persons."""

    office: _Line
    day: Annotated[str, msgspec.Meta(pattern=r"\A\d{4}-\d{2}-\d{2}\Z")]
    times: _Count


@learnt
class Access(_Marked, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who opened the list on our side, by office and day (``access_reported``)."""

    opened: Annotated[tuple[Opened, ...], msgspec.Meta(max_length=10_000)]


@learnt
class Disposed(Disposal, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The certificate that what was shown is returned or destroyed (``returned``, ``destroyed``)."""

    marking: Red = Red()


Document = Listing | Words | Revealed | Question | Answer | Access | Disposed
_Read = TypeVar("_Read", bound=Document)
FORMS: Final[Mapping[str, type[Document]]] = {
    "declared": Listing,
    "amended": Listing,
    "undertaken": Words,
    "undertaken_in_part": Words,
    "undertaking_declined": Words,
    "undertaking_released": Words,
    "revealed": Revealed,
    "proof_accepted": Words,
    "proof_disputed": Words,
    "consulted": Question,
    "answered": Answer,
    "access_asked": Words,
    "access_reported": Access,
    "disposal_asked": Words,
    "disposal_declined": Words,
    "returned": Disposed,
    "destroyed": Disposed,
    "withdrawn": Words,
    "lapsed": Words,
    "closed": Words,
}


def document(said: Document) -> dict[str, Any]:
    """What an act says, as the payload of its entry."""
    return dict(msgspec.json.decode(msgspec.json.encode(said)))


def read(payload: Mapping[str, object] | None, form: type[_Read]) -> _Read:
    """Read the payload of an act.

    Raises:
        MalformedList: There is none, or it does not have the form of this act.
    """
    if payload is None:
        raise MalformedList("an act on a list of protected objects says nothing: it has no document")
    try:
        return msgspec.convert(payload, form)
    except msgspec.ValidationError as error:
        raise MalformedList(f"the document has not the form of this act: {error}") from error


def read_reveals(payload: Mapping[str, object] | None, act: str) -> tuple[Reveal, ...]:
    """The reveals in the payload of an act that reveals, or answers.

    Raises:
        MalformedList: It has not the form of that act.
    """
    said = read(payload, Revealed if act == "revealed" else Answer)
    return said.reveals if isinstance(said, Revealed | Answer) else ()


def listed(salted: Iterable[Salted]) -> tuple[Listed, ...]:
    """Objects with their salts, as a list shows them."""
    return tuple(Listed(object=written(one.object), salt=one.salt.hex()) for one in salted)


def stated(commitment: Commitment) -> dict[str, str]:
    """A commitment as it stands in the open header."""
    return {"root": commitment.root.hex(), "leaves": str(commitment.size)}


def read_stated(said: Mapping[str, str | Sequence[str]]) -> Commitment | None:
    """The commitment an act states; None where it states none that can be one."""
    root, leaves = said.get("root"), said.get("leaves")
    if not isinstance(root, str) or not isinstance(leaves, str):
        return None
    is_size = leaves.isascii() and leaves.isdecimal() and len(leaves) <= 12 and not leaves.startswith("0")
    try:
        raw = bytes.fromhex(root)
    except ValueError:
        return None
    return Commitment(raw, int(leaves)) if is_size and len(raw) == 32 else None
