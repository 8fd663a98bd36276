"""What can be wrong with protected objects, their lists, and what is revealed of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.errors import CounterpartBreach, OurFault

if TYPE_CHECKING:
    from collections.abc import Sequence


class BadObject(OurFault):
    """A protected object is not written as one must be."""

    code = "bad-object"
    default_hint = "docs/manual/protected-objects.md says what each column holds"


class RowsAtFault(OurFault):
    """A list cannot be taken in: rows of it are wrong. Nothing of it was kept."""

    code = "rows-at-fault"
    default_hint = "mend every row that is named, and bring the whole list in again"

    def __init__(self, message: str, *, rows: Sequence[tuple[int, str]], hint: str = "") -> None:
        """Name each row at fault, counted from one without the head, and what is wrong with it."""
        super().__init__(message, hint=hint)
        self.rows = tuple(rows)


class MalformedList(CounterpartBreach):
    """What was sent about a list of protected objects does not have the form of its act."""

    code = "malformed-list"
    default_hint = "ask the other side to send it again; the entry stands as sent"


class ListNotCommitted(CounterpartBreach):
    """The objects shown are not the ones that were committed to: they lead to another root."""

    code = "list-not-committed"
    default_hint = "dispute it on the page of the list: the entry and what it states stand as sent"


class MalformedReveal(CounterpartBreach):
    """What is said to show that an object was on a list does not have the form of a reveal."""

    code = "malformed-reveal"
    default_hint = "ask the other side to reveal the object again"


class NotOnTheList(CounterpartBreach):
    """An object that was revealed was not on the list that was committed to, as far as it is shown."""

    code = "not-on-the-list"
    default_hint = "dispute the proof on the page of the list; nothing shows that the object was on it"
