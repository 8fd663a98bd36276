"""The smallest parts of a page, drawn without a template of their own.

A page holds hundreds of them, and a template rendered for each cost more than everything else on the page.
What they draw depends on nothing but what is given here and the reader's language; those that repeat on every
row are kept, by language.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comity_node.web import marks, wording
from comity_node.web.compared import SHOWN, beside, others, says

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.names import EntryRef
    from comity_node.assistance.comparing import Comparison
    from comity_node.web.marks import Mark

_KEPT: Final = 512  # of each part: of the words of tables and the names of parties there are fewer
_SHOWN_OF_DIGEST: Final = 8
_NOTHING: Final = SafeString("")


@lru_cache(_KEPT)
def icon(name: str) -> SafeString:
    """A sign from the sprite; it never stands without a word."""
    return format_html(
        '<svg class="sign" aria-hidden="true" focusable="false" width="16" height="16">'
        '<use href="{}#{}"></use></svg>',
        static("web/signs.svg"),
        name,
    )


def badge(mark: Mark) -> SafeString:
    """How far a rule has been verified."""
    return format_html(
        '<span class="badge" data-mark="{0}" title="{1}. {2}"><span aria-hidden="true">{0}</span>'
        ' <span class="badge-word">{1}</span><span class="heard">. {2}</span></span>',
        mark.code,
        mark.word,
        mark.meaning,
    )


def article(text: str, verified: str, href: str, at: str = "") -> SafeString:
    """An article with its badge; a verified one has none, and a practice is named as one.

    Beside it stands who compared it with the authentic text: a few, and how many more there are.

    Args:
        text: The article, or ``practice:`` and which.
        verified: Its mark.
        href: Where the rule can be read.
        at: The same, where the page is that very place and does not link to it.
    """
    cited = _article(text, verified, href, get_language())
    found = () if text.startswith(marks.PRACTICE) else beside(href or at)
    return format_html("{} {}", cited, _compared(found)) if found else cited


def _compared(found: Sequence[Comparison]) -> SafeString:
    shown = format_html_join(
        " ",
        '<a class="compared{}" href="{}">{}{}</a>',
        ((" warns" if one.warns else "", one.href, _sign(one), says(one)) for one in found[:SHOWN]),
    )
    more = len(found) - SHOWN
    if more <= 0:
        return shown
    return format_html('{} <span class="compared">{}</span>', shown, others(more))


@lru_cache(_KEPT)
def _article(text: str, verified: str, href: str, _language: str | None) -> SafeString:
    mark = marks.of(verified)
    under, practice, said = text.partition(marks.PRACTICE)
    if practice and (not under or under.endswith(", ")):
        said, mark = said.lstrip(), marks.PRACTICE_MARK
        text = f"{under.removesuffix(', ')}: {said}" if under else said[:1].upper() + said[1:]
    text = text.replace("Art. ", "Art.\u00a0")  # its number must not stand alone on the next line
    linked = format_html('<a href="{}">{}</a>', href, text) if href else text
    return format_html(
        '<span class="article">{} {}</span>', linked, _NOTHING if mark.code == "V" else badge(mark)
    )


def _sign(one: Comparison) -> SafeString:
    if one.warns:
        return icon("warning")
    return icon("done") if one.state == "agreed" else _NOTHING


def chip(label: str, tone: str) -> SafeString:
    """A standing, with the shape of its tone beside it."""
    known = tone if tone in marks.TONES else "open"
    return format_html('<span class="chip" data-tone="{}">{}{}</span>', known, icon(known), label)


def party(code: str, name: str) -> SafeString:
    """A party with its code."""
    return format_html(
        '<span class="party"><span class="party-code">{}</span>{}</span>', code.upper(), _named(name)
    )


def side(ours: bool, code: str, name: str) -> SafeString:
    """Whose something is: ours or theirs, with shape, colour and word."""
    return _side(bool(ours), code, name, get_language())


@lru_cache(_KEPT)
def _side(ours: bool, code: str, name: str, _language: str | None) -> SafeString:
    whose, word = ("ours", _("Ours")) if ours else ("theirs", _("Theirs"))
    return format_html(
        '<span class="side" data-side="{}">{}{}&nbsp;<span class="party-code">{}</span>{}</span>',
        whose,
        icon(whose),
        word,
        code.upper(),
        _named(name),
    )


def _named(name: str) -> SafeString:
    return format_html(" <bdi>{}</bdi>", name) if name else _NOTHING


def entry_ref(ref: EntryRef, href: str) -> SafeString:
    """An entry as people cite it (US 14), with the full reference to copy."""
    code = ref.origin.party.upper()
    if href:
        return format_html('<a class="ref" href="{}" title="{}">{}&nbsp;{}</a>', href, ref, code, ref.index)
    return format_html('<span class="ref" title="{}">{}&nbsp;{}</span>', ref, code, ref.index)


def time(when: datetime | date, *, seconds: bool) -> SafeString:
    """An instant in UTC, with the reader's own hour on demand; a day as a day."""
    day = wording.day(when)
    if not isinstance(when, datetime):
        return format_html('<time datetime="{}">{}</time>', when.isoformat(), day)
    local = wording.readers_hour(when)
    return format_html(
        '<time datetime="{}"{}>{}, <span class="hour">{} UTC</span></time>',
        when.isoformat(),
        format_html(' title="{}"', local) if local else _NOTHING,
        day,
        wording.hour(when, seconds=seconds),
    )


def digest(value: str, algorithm: str) -> SafeString:
    """A hash shortened; the whole of it can be opened, selected and copied."""
    head, tail = value[:_SHOWN_OF_DIGEST], value[-_SHOWN_OF_DIGEST:]
    heard, copy = _digest_words(get_language())
    return format_html(
        '<details class="digest"><summary><span class="heard">{0} </span>'
        '<code aria-hidden="true">{1}…{2}</code>'
        '<span class="heard">{3}</span></summary><div class="digest-whole">'
        '<span class="digest-algorithm">{0}</span> <code dir="ltr">{4}</code>'
        ' <button type="button" class="copy" data-copy="{4}" hidden>{5}{6}</button></div></details>',
        algorithm,
        head,
        tail,
        heard % {"head": head, "tail": tail},
        value,
        icon("copy"),
        copy,
    )


@lru_cache(_KEPT)
def _digest_words(_language: str | None) -> tuple[str, str]:
    return _("beginning %(head)s, ending %(tail)s; open for the whole"), _("Copy")
