"""Beside every citation: who compared the statement with the authentic text, when, and what the other says.

A comparison takes nothing from a mark and adds nothing to it: the mark says how the text here came about, a
comparison is the word of a Party about it.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity_node.assistance.comparing import by_statement, comparisons
from comity_node.register.citing import cited_at
from comity_node.web import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from comity_node.assistance.comparing import Comparison

    Found = Mapping[tuple[str, str], Sequence[Comparison]]

SHOWN: Final = 2
# What one page was told, once it has asked. Forms are drawn without the request, so it cannot hang on that.
_PAGE: Final[ContextVar[list[Found] | None]] = ContextVar("comparisons of a page", default=None)


def once_a_page(respond: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: whatever a page cites, the record is asked once, and not before it cites an instrument."""

    def middleware(request: HttpRequest) -> HttpResponse:
        before = _PAGE.set([])
        try:
            return respond(request)
        finally:
            _PAGE.reset(before)

    return middleware


def beside(address: str) -> list[Comparison]:
    """The comparisons of what an address cites: what warns first, then the latest; none but on a page.

    Of each party one: that of the statement itself stands before one of the whole text.
    """
    told = _PAGE.get()
    cited = cited_at(address) if told is not None and address else None
    if told is None or cited is None:
        return []
    if not told:
        told.append(by_statement(comparisons()))
    digest, place = cited
    whole = told[0].get((digest, ""), ()) if place else ()
    return _by_party([*told[0].get(cited, ()), *whole])


def _by_party(found: Iterable[Comparison]) -> list[Comparison]:
    """Of those of one party only the first, for each that may answer it."""
    first: dict[tuple[str, str], Comparison] = {}
    for one in found:
        first.setdefault((one.party, one.other), one)
    return sorted(first.values(), key=lambda one: not one.warns)


def says(one: Comparison) -> str:
    """A comparison in a few words."""
    answer = _ANSWERS.get(one.state)
    said = {"party": one.party.upper(), "day": wording.day(one.on) if one.on else "?"}
    if one.agrees:
        whole = _("%(party)s compared the whole text on %(day)s")
        found = _("%(party)s compared it on %(day)s") if one.place else whole
    elif one.place:
        found = _("%(party)s found on %(day)s that it differs from the authentic text")
    else:
        found = _("%(party)s found on %(day)s that the text differs from the authentic one")
    if answer is None:
        return found % said
    return _("%(found)s; %(answer)s") % {"found": found % said, "answer": answer(one.other.upper())}


def others(count: int) -> str:
    """How many comparisons are not shown."""
    return ngettext("and %(n)d other comparison", "and %(n)d other comparisons", count) % {"n": count}


def _agreed(other: str) -> str:
    return _("%(other)s agrees") % {"other": other}


def _disputed(other: str) -> str:
    return _("%(other)s disputes it") % {"other": other}


def _unanswered(other: str) -> str:
    return _("%(other)s has not answered") % {"other": other}


_ANSWERS: Final = {"agreed": _agreed, "disputed": _disputed, "recorded": _unanswered}
