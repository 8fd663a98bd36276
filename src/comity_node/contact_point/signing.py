"""Signing the same in several channels: each text is read, each becomes an entry of its own, all or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.names import EntryRef
from comity_node.contact_point import services
from comity_node.officials import powers
from comity_node.officials import services as officials
from comity_node.officials.access import require
from comity_node.officials.telling import tell_done
from comity_node.register import queries as register
from comity_node.register import rooms, standings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity_node.officials.request import OfficialRequest
    from comity_node.register.acts import Act


@dataclass(frozen=True, slots=True)
class Text:
    """One of the texts to be signed."""

    act: Act
    parties: str
    label: str
    article: str
    article_href: str
    verified: str
    second: bool
    shown: str
    is_exercise: bool
    fields: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The exact text."""
        return self.act.text()


def to_be_read(request: OfficialRequest, acts: Sequence[Act], *, title: str, back: str) -> dict[str, Any]:
    """The page with the exact texts to be signed.

    Raises:
        OurFault: One of them is not allowed now, or the official lacks the power.
    """
    capacity = require(request.user, powers.rule(acts[0].kind).sign)
    left_out = {"csrfmiddlewaretoken", "shown", "change"}
    carried = [(name, value) for name, some in request.POST.lists() if name not in left_out for value in some]
    texts = [_text(act) for act in acts]
    return {
        "title": title,
        "texts": texts,
        "hidden": [*carried, *(("shown", one.shown) for one in texts)],
        "second": any(one.second for one in texts),
        "capacity": capacity,
        "back_href": back,
    }


def sign(request: OfficialRequest, acts: Sequence[Act]) -> None:
    """Sign or prepare acts as they were shown, and say what became of them.

    Raises:
        OurFault: One of them is not allowed any more, or the record has moved; nothing was signed.
    """
    shown = request.POST.getlist("shown")
    done = services.sign_all(acts, shown, by=request.user)
    if len(done) == 1:
        tell_done(request, done[0])
        return
    entries = sum(isinstance(one, EntryRef) for one in done)
    if entries:
        said = ngettext(
            "%(n)d entry was signed and recorded.", "%(n)d entries were signed and recorded.", entries
        )
        messages.success(request, said % {"n": entries})
    if waits := len(done) - entries:
        said = ngettext(
            "%(n)d text now waits for a second officer.", "%(n)d texts now wait for a second officer.", waits
        )
        messages.info(request, said % {"n": waits})


def _text(act: Act) -> Text:
    verdict = rooms.verdict(act, settings.NODE.party)
    return Text(
        act=act,
        parties=", ".join(party.upper() for party in register.others(act.channel)),
        label=_(verdict.sentence),
        article=verdict.basis,
        article_href=verdict.href,
        verified=verdict.verified,
        second=verdict.second_needed,
        shown=officials.text_digest(act),
        is_exercise=standings.exercised(act.channel),
        fields=tuple(rooms.facts(act)),
    )
