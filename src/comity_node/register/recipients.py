"""To whom the content of an act is sealed: who is in the channel, and what is shown to who is asked.

Follows: docs/spec/charter.md, Members.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from comity.channel import rotation
from comity.channel.accession import INVITED
from comity.errors import OurFault
from comity.keys.sealing import parse_recipient
from comity.lifecycle.stated import values
from comity_node.register import models, standings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.keys.sealing import Recipient
    from comity_node.register.acts import Act

_INVITED: Final = f"{standings.OPENING}.{INVITED}"


class PartyNotMet(OurFault):
    """Content is to be sealed to a party that was invited and whose passport nobody here has compared."""

    code = "party-not-met"
    default_hint = (
        "import its passport, compare fingerprints over another path, and confirm: comity counterpart confirm"
    )


def must_know_who_is_asked(logs: Sequence[models.Log], acts: Sequence[Act]) -> None:
    """What concerns the channel itself is sealed to who is asked too, and so takes the keys of each of them.

    Raises:
        PartyNotMet: One was invited whose passport nobody here has compared.
    """
    channel = acts[0].channel
    if not logs[0].many or not any(_is_shown_to_asked(act) for act in acts):
        return
    known = standings.opened(channel).seats.now
    unmet = sorted((known.members | known.asked) - {log.party for log in logs})
    if known.founder and unmet:
        raise PartyNotMet(
            f"nothing was recorded: {unmet[0]} was invited, and nobody here has confirmed its fingerprint"
        )


def _is_shown_to_asked(act: Act) -> bool:
    return act.ref == act.channel or act.kind.startswith(f"{rotation.PREFIX}.")


def meant_for(logs: Iterable[models.Log], acts: Iterable[Act]) -> list[list[Recipient]]:
    """To whom the content of each act is sealed, whatever order the logs come in."""
    ordered = sorted(logs, key=lambda log: log.origin)
    return [_recipients(ordered, act) for act in acts]


def _recipients(logs: Sequence[models.Log], act: Act) -> list[Recipient]:
    """To whom an act's content is sealed: who is in the channel.

    What the channel itself is, and by which keys it is signed, is shown to who is asked too: whoever comes in
    must be able to read the record from its beginning.
    """
    shown = {models.Log.Place.MEMBER}
    if _is_shown_to_asked(act):
        shown.add(models.Log.Place.ASKED)
    invited = values(act.stated, "requested") if act.kind == _INVITED else ()
    meant = (log for log in logs if not log.many or log.ours or log.place in shown or log.party in invited)
    return [recipient for log in meant for recipient in _parsed(log.recipients)]


@lru_cache(maxsize=256)  # every act of a channel is sealed to the same few
def _parsed(recipients: str) -> tuple[Recipient, ...]:
    return tuple(parse_recipient(line) for line in recipients.splitlines())
