"""What the page of a channel shows of parties that come in later: whom we may invite, and that we were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from comity_node.channels import access, inviting, wording
from comity_node.channels.projecting import table
from comity_node.register import inviting as register
from comity_node.register import queries, standings
from comity_node.register.citing import row_address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from comity.instruments import Row
    from comity_node.channels.models import Channel
    from comity_node.officials.models import Official


@dataclass(frozen=True, slots=True)
class Invited:
    """That we were invited, and by whom; or that we came in so.

    Attributes:
        by: The party that invited us.
        at: When.
        agreed: The parties that agreed to it, the inviting one first.
        entries: How many entries stood in the channel when we were invited.
        is_open: Whether we have yet to answer.
        words: What we can read of the channel, and what not.
    """

    by: str
    at: datetime
    agreed: tuple[str, ...]
    entries: int
    is_open: bool
    words: str


def invited(channel: Channel) -> Invited | None:
    """How we were invited into a channel that was there before us; None where we were from the beginning."""
    known = standings.opened(channel.channel).seats.now if channel.many else None
    act = known.invited.get(settings.NODE.party) if known else None
    if act is None or known is None:
        return None
    opening = register.proposed(channel.channel, str(act.stated.get("accession", "")))
    to = opening.stated.get("requested", ()) if opening else ()
    before = sum(act.seen.values()) + act.ref.index
    return Invited(
        by=act.party,
        at=act.at,
        agreed=(act.party, *([to] if isinstance(to, str) else to)),
        entries=before,
        is_open=settings.NODE.party in known.asked,
        words=wording.will_read(),
    )


def unmet(channel: Channel) -> list[str]:
    """The parties in it or asked whose passports nobody here has compared: nothing of theirs is read."""
    if not channel.many:
        return []
    known = standings.opened(channel.channel).seats.now
    here = {log.party for log in queries.channel_logs(channel.channel)}
    return sorted((known.members | known.asked) - here)


def acts(official: Official, channel: Channel) -> Iterator[dict[str, Any]]:
    """The buttons by which those all agreed to are invited, and what we proposed to one is withdrawn."""
    if not channel.many or channel.state != standings.ACCEPTED:
        return
    rows = {row.act: row for row in table().rows}
    if access.may_answer(official, "invited"):
        for ref, newcomer in register.waiting(channel.channel, settings.NODE.party):
            label = _("Invite %(party)s, as all have agreed") % {"party": newcomer.upper()}
            href = reverse("channels:invite", args=[channel.channel, ref])
            yield _button(label, href, rows["invited"], "primary")
    pending = inviting.asked_by_us(standings.opened(channel.channel))
    if pending and access.may_answer(official, "withdrawn"):
        named = ", ".join(party.upper() for party in pending)
        label = _("Withdraw what was proposed to %(parties)s") % {"parties": named}
        href = reverse("channels:answer", args=[channel.channel, "withdrawn"])
        yield _button(label, href, rows["withdrawn"], "plain")


def _button(label: str, href: str, row: Row, weight: str) -> dict[str, Any]:
    return {
        "label": label,
        "href": href,
        "article": str(row.basis),
        "article_href": row_address(row),
        "verified": row.verified.value,
        "second": _("another official"),
        "because": "",
        "weight": weight,
    }
