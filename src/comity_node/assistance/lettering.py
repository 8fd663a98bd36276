"""What a letter says, from what an act says: parts under the instrument's labels, or boxes of a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language, get_language_info, get_supported_language_variant
from django.utils.translation import gettext as _

from comity_node.assistance.boxes import boxes
from comity_node.assistance.detail import labels
from comity_node.letters.letter import Part, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from comity.instruments import Field, Instrument
    from comity_node.assistance.content import Content
    from comity_node.letters.letter import Layout

READ: Final = "V"


def parts(content: Content, instrument: Instrument) -> tuple[Part, ...]:
    """Every text under its label and article, in the instrument's order; then what it has no label for."""
    return tuple(_fields(content, instrument, leaving_out=()))


def boxed(
    content: Content, instrument: Instrument, chosen: Layout, head: Mapping[str, str]
) -> tuple[Part, ...]:
    """The same as the boxes of a template: empty ones stay, and what no box is for follows after the last."""
    texts, translated = dict(content.texts), dict(content.translation)
    fields = {one.id: one for one in instrument.fields}
    found, placed = [], set[str]()
    for box in boxes(chosen):
        placed.update(box.fields)
        said = [name for name in box.fields if texts.get(name) or translated.get(name)]
        lines = head[box.head].split("\n") if box.head else []
        words = [Words(line, get_language() or "en", is_label=True) for line in lines]
        words += [
            one for name in said for one in _words(content, texts.get(name, ""), translated.get(name, ""))
        ]
        asked = fields.get(box.fields[0]) if box.fields else None
        found.append(
            Part(
                label=_(box.label),
                texts=tuple(words),
                basis=_basis(asked),
                mark=_mark(asked.verified.value) if asked else "",
                number=box.number,
            )
        )
    return (*found, *_fields(content, instrument, leaving_out=placed))


def marks(shown: Iterable[Part], *others: str) -> tuple[str, ...]:
    """What the verification marks on a page mean, those it shows and no others."""
    meaning = {
        "S": _("S: confirmed by a partial or secondary source"),
        "P": _("P: as in sister treaties; this text was not read"),
        "R": _("R: recalled from general knowledge; not read again"),
        "?": _("?: not known, or not settled"),
    }
    used = {*(part.mark for part in shown), *others}
    lines = [text for mark, text in meaning.items() if mark in used]
    return (
        (_("Marks in brackets say how far a citation was verified. %s") % " · ".join(lines),) if lines else ()
    )


def named_in(names: Mapping[str, str], otherwise: str = "") -> str:
    """A name in the reader's language, or in English, or in the first language it has."""
    language = get_language() or "en"
    wanted = (language, language.partition("-")[0], "en")
    return next((names[one] for one in wanted if names.get(one)), next(iter(names.values()), otherwise))


def _fields(content: Content, instrument: Instrument, *, leaving_out: Iterable[str]) -> Iterator[Part]:
    names = {**labels(instrument), "text": "In words"}
    asked = {one.id: one for one in instrument.fields}
    translated = dict(content.translation)
    order = {name: place for place, name in enumerate(asked)}
    for name, text in sorted(content.texts, key=lambda part: order.get(part[0], len(order))):
        if name in leaving_out:
            continue
        yield _part(
            _(names[name]) if name in names else name.replace("_", " ").capitalize(),
            _words(content, text, translated.get(name, "")),
            asked.get(name),
        )
    for name, text in content.translation:
        if name not in dict(content.texts) and name not in leaving_out:
            yield _part(_(names.get(name, name)), _words(content, "", text), asked.get(name))


def _part(label: str, words: list[Words], asked: Field | None) -> Part:
    if asked is None:
        return Part(label, tuple(words))
    return Part(label, tuple(words), asked.basis, _mark(asked.verified.value))


def _words(content: Content, text: str, translated: str) -> list[Words]:
    """Original and translation, that in the reader's language first."""
    if not translated:
        return [Words(text, content.language)]
    if not text:
        return [Words(translated, content.translation_language, _("Translation without an original"))]
    both = [
        Words(text, content.language, _("Original: %s") % _language(content.language)),
        Words(
            translated,
            content.translation_language,
            _("Translation: %s") % _language(content.translation_language),
        ),
    ]
    reader = (get_language() or "en").partition("-")[0]
    is_for_reader = content.translation_language.lower().partition("-")[0] == reader
    return both[::-1] if is_for_reader else both


def _language(tag: str) -> str:
    """The name of a language in the reader's; its tag where the framework knows no name."""
    try:
        return str(get_language_info(get_supported_language_variant(tag))["name_translated"])
    except LookupError:  # none of this node's pages
        try:
            return str(get_language_info(tag.lower())["name_translated"])
        except KeyError:
            return tag or _("not stated")


def _basis(asked: Field | None) -> str:
    """What asks for a box: an article, or the template itself, which need not be named at every box."""
    if asked is None:
        return ""
    return _("template") if asked.basis.startswith("source: T-CY") else asked.basis


def _mark(mark: str) -> str:
    return "" if mark == READ else mark
