"""One act on several requests: each is judged, shown and signed by itself, and stands or falls alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.translation import gettext as _

from comity.errors import ComityError
from comity_node.assistance import filling, offers, queries
from comity_node.assistance.errors import TooManyAtOnce
from comity_node.officials import powers
from comity_node.officials import services as officials
from comity_node.officials.access import require
from comity_node.officials.telling import told
from comity_node.register import rooms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity_node.assistance.models import Request
    from comity_node.assistance.rows import Listed
    from comity_node.officials.models import Official
    from comity_node.register.acts import Act

MOST: Final = 50
# Acts that say nothing of their own, so that one reading serves for many.
ACTS: Final = ("acknowledged",)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be signed of one request, or why it cannot be.

    Attributes:
        shown: The digest of what is shown; empty where it cannot be signed.
        because: Why not, and what to do; empty where it can.
    """

    request: Listed
    label: str = ""
    article: str = ""
    article_href: str = ""
    verified: str = ""
    second: str = ""
    text: str = ""
    shown: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of them."""

    request: Listed
    entry: str = ""
    waits: bool = False
    because: str = ""


def chosen(names: Sequence[str]) -> list[Request]:
    """The requests that were selected, in the order of the list they were selected in.

    Raises:
        TooManyAtOnce: They are more than one person can read at once.
    """
    if len(names) > MOST:
        raise TooManyAtOnce(
            f"nothing was done: {len(names)} requests are selected, at most {MOST} go at once"
        )
    pairs = [name.partition("/") for name in dict.fromkeys(names)]
    found = [queries.request(channel[:32], ref[:64]) for channel, _slash, ref in pairs]
    return [one for one in found if one is not None]


def propose(rows: Iterable[Request], act: str, *, by: Official) -> list[Proposal]:
    """What would be signed of each, by which article, and who must second it; or why not."""
    return [_proposal(row, act, by) for row in rows]


def sign(rows: Iterable[Request], act: str, shown: Mapping[str, str], *, by: Official) -> list[Outcome]:
    """Sign or prepare each exactly as it was shown; what is refused leaves the others as they are."""
    return [_signed(row, act, shown.get(f"{row.channel}/{row.ref}", ""), by) for row in rows]


def _act(row: Request, act: str, by: Official) -> Act:
    return filling.act(row.channel, row.ref, act, {}, by=by)


def _proposal(row: Request, act: str, by: Official) -> Proposal:
    listed = queries.listed(row)
    try:
        made = _act(row, act, by)
        require(by, powers.rule(made.kind).sign)
        verdict = rooms.verdict(made, settings.NODE.party)
    except ComityError as refused:
        return Proposal(listed, because=told(refused))
    return Proposal(
        request=listed,
        label=_(verdict.sentence),
        article=verdict.basis,
        article_href=verdict.href,
        verified=verdict.verified,
        second=offers.second_officer(made.kind) if verdict.second_needed else "",
        text=made.text(),
        shown=officials.text_digest(made),
    )


def _signed(row: Request, act: str, shown: str, by: Official) -> Outcome:
    listed = queries.listed(row)
    if not shown:
        return Outcome(listed, because=_("It was not among those that could be signed."))
    try:
        done = officials.sign(_act(row, act, by), shown=shown, by=by)
    except ComityError as refused:
        return Outcome(listed, because=told(refused))
    is_entry = hasattr(done, "origin")
    return Outcome(listed, entry=str(done) if is_entry else "", waits=not is_entry)
