"""Who answers for a translation: who made it and how, who checked it, and by whom it is certified.

Follows: docs/spec/requests.md, Translation.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from comity.forms import learnt

if TYPE_CHECKING:
    from collections.abc import Mapping

How = Literal["", "human", "machine", "machine_checked"]
_Text = Annotated[str, msgspec.Meta(max_length=200, pattern=r"\A[^\x00-\x1f]*\Z")]
_Words = Annotated[str, msgspec.Meta(max_length=4000, pattern=r"\A[^\x00]*\Z")]


@learnt
class Authorship(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The authorship of a translation, and its certificate.

    Attributes:
        how: Whether a person or a machine translated, and whether a person checked what the machine wrote.
        office: Which office or bureau translated it.
        translator: Who, by name or number in a register, where that is to be said.
        checked_by: Who compared it with the original.
        certified_by: Who certifies that it is faithful; empty where nobody does.
        capacity: In what capacity: sworn translator, notary, authority.
        certified_on: The day of the certificate.
        certificate: Its reference or its words.
    """

    how: How = ""
    office: _Text = ""
    translator: _Text = ""
    checked_by: _Text = ""
    certified_by: _Text = ""
    capacity: _Text = ""
    certified_on: _Text = ""
    certificate: _Words = ""

    def flaws(self) -> list[tuple[str, str]]:
        """What does not fit together: the field, and what is wrong with it."""
        certified = bool(self.certified_by)
        found = {
            ("checked_by", "say who checked what the machine translated"): self.how == "machine_checked"
            and not self.checked_by,
            ("certified_by", "a certificate needs the name of whoever certifies"): not certified
            and bool(self.capacity or self.certified_on or self.certificate),
            ("capacity", "say in what capacity it is certified"): certified and not self.capacity,
            ("certified_on", "say on which day it was certified"): certified
            and not _is_day(self.certified_on),
        }
        return [flaw for flaw, is_so in found.items() if is_so]

    @property
    def is_named(self) -> bool:
        """Whether anybody answers for it."""
        return bool(self.office or self.translator or self.certified_by)

    @property
    def is_certified(self) -> bool:
        """Whether somebody certifies it, in a capacity and on a day."""
        return bool(self.certified_by) and not self.flaws()

    @property
    def is_checked(self) -> bool:
        """Whether a person answers for the words."""
        return self.is_certified or bool(self.checked_by) or self.how == "human"


def read_authorship(document: object) -> tuple[Authorship, bool]:
    """Read the authorship of a translation in a payload.

    Returns:
        The authorship, and whether it could be read. What cannot be read names nobody.
    """
    if document is None:
        return Authorship(), True
    try:
        read = msgspec.convert(document, Authorship)
    except msgspec.ValidationError:
        return Authorship(), False
    return (read, True) if not read.flaws() else (Authorship(), False)


def authorship_document(made: Authorship) -> Mapping[str, str]:
    """The authorship as a part of a payload: what is not said is left out."""
    return {name: value for name, value in msgspec.structs.asdict(made).items() if value}


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        return date.fromisoformat(text).isoformat() == text
    return False
