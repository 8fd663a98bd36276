"""What can go wrong with objects of intelligence."""

from __future__ import annotations

from comity.errors import CounterpartBreach


class MalformedBundle(CounterpartBreach):
    """A file is no bundle, or ceases to be one: nothing after that place can be read."""

    code = "malformed-bundle"
    default_hint = "the objects before that place stand; ask its author for the file again"


class MalformedObject(CounterpartBreach):
    """An object is not in the form STIX gives it.

    Attributes:
        reasons: Each thing that is wrong with it, in words.
    """

    code = "malformed-object"
    default_hint = "the object was left out, the others of its bundle were not; tell its author"

    def __init__(self, reasons: tuple[str, ...]) -> None:
        """``reasons``: at least one."""
        super().__init__("; ".join(reasons))
        self.reasons = reasons
