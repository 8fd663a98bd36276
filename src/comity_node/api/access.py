"""What a token may see and do: its scopes, its channels, and the powers its official holds at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.http import Http404

from comity_node.api.errors import NothingHere, OutOfScope
from comity_node.officials.access import holds, require

if TYPE_CHECKING:
    from collections.abc import Collection

    from comity_node.api.models import Token
    from comity_node.officials.models import Official

ISSUE: Final = "token.issue"
HOOKS: Final = "hook.manage"
READ: Final = "record.read"
POWERS: Final = {"read": READ, "results": "evidence.open", "draft": "assistance.draft"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a token, and the official it acts for."""

    token: Token

    @property
    def official(self) -> Official:
        """Whose powers count."""
        return self.token.official

    @property
    def only(self) -> Collection[str]:
        """The only channels it sees; empty: every channel of the node."""
        return tuple(self.token.channels)

    def sees(self, channel: str) -> bool:
        """Whether a channel is among those it may see."""
        return not self.token.channels or channel in self.token.channels

    def must_see(self, channel: str) -> None:
        """Stop at a channel the token may not see, in the words for one that is not there.

        Raises:
            NothingHere: It may not.
        """
        if not self.sees(channel):
            raise NothingHere(f"there is no channel {channel} for this token")

    def must_be_in_office(self) -> None:
        """Stop whatever is called for an official who is suspended, has left, or may not read the record.

        Raises:
            NotEmpowered: They may not.
        """
        require(self.official, READ)

    def must_reach(self, scope: str) -> None:
        """Stop a call beyond the token's scopes, or beyond what its official may do now.

        Raises:
            OutOfScope: The token was not issued for it.
            NotEmpowered: The official does not hold the power, or no longer.
        """
        if scope not in self.token.scopes:
            raise OutOfScope(f"the call was not answered: the token lacks the scope {scope}")
        require(self.official, POWERS[scope])


def may_administer(official: Official, power: str) -> None:
    """Hide the management of tokens or hooks from those who may not do it."""
    if not holds(official, power):
        raise Http404
