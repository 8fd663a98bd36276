"""One call, read and believed: who calls, about what, saying what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from comity_node.api.asked import Said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from comity_node.api.access import Caller

BASE: Final = "/api/v1"
_Said = TypeVar("_Said", bound=Said)


@dataclass(frozen=True, slots=True)
class Call(Generic[_Said]):
    """A call that has passed every check of form, token, scope and rate.

    Attributes:
        place: What the address names: channel, ref, party, index, act.
        said: What it says, in the form the operation asks for.
    """

    caller: Caller
    place: Mapping[str, str]
    said: _Said
    request: HttpRequest

    @property
    def channel(self) -> str:
        """The channel the address names, which the token may see.

        Raises:
            NothingHere: It may not.
        """
        channel = self.place["channel"]
        self.caller.must_see(channel)
        return channel


def href(*parts: object) -> str:
    """An address of this API."""
    return "/".join((BASE, *map(str, parts)))
