"""Write the catalogues of languages anew from the words in the source; with ``--check``, say what they lack.

A catalogue holds the parts of the node named in ``translated.toml`` and the labels of every instrument. A
language that has one is complete in these parts: a word that is not translated there, or a translation of a
word that is gone, is an error. What is in no part is shown in English. To translate more, name more parts; to
add a language, add an empty ``django.po``.

The names an instrument gives to fields, acts and codes are translated as labels. What a treaty says is not:
nobody but its parties makes a text of it.
"""

from __future__ import annotations

import io
import re
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel.messages import Catalog, Message, extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from comity.channel.statements import ENGLISH, NO_TIME, REFUSALS
from comity.custody.table import custody
from comity.drafting import catalogue
from comity.instruments import library
from comity.severity import grades, scales

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from comity.instruments import Instrument, Procedure
    from comity.severity import Scale

SOURCE: Final = Path(__file__).parents[1] / "src"
LOCALE: Final = SOURCE / "comity_node" / "locale"
ROOM: Final = "comity_node/assistance"
PARTS: Final = tuple(
    f"{part['folder']}/{name}"
    for part in tomllib.loads((Path(__file__).parent / "translated.toml").read_text("utf-8"))["part"]
    for name in part["files"]
)
_NO_DATE: Final = datetime(2026, 1, 1, tzinfo=UTC)  # the history knows when
_PLACE: Final = re.compile(r"%\(\w+\)s|%%\w+%%")
_KEYWORDS: Final = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}


def words() -> Catalog:
    """Every word of the parts, in the order of the source."""
    about = {"project": "Comity", "version": "0.1", "last_translator": "Comity", "language_team": "Comity"}
    found = Catalog(
        **about, msgid_bugs_address="Comity", revision_date=_NO_DATE, creation_date=_NO_DATE, fuzzy=False
    )
    for part in PARTS:
        text = (SOURCE / part).read_text("utf-8")
        code = _code(text, part) if part.endswith(".html") else text
        options = {"encoding": "utf-8"}
        for _line, message, _comments, context in extract.extract(
            "python", io.BytesIO(code.encode()), keywords=_KEYWORDS, options=options
        ):
            found.add(message, context=context, locations=[(part, 0)])
    for part, text in _labels():
        found.add(text, locations=[(part, 0)])
    return found


def _code(template: str, name: str) -> str:
    """A template as code in which its words are calls; without the indents, which mean nothing in it."""
    return "\n".join(line.strip() for line in templatize(template, origin=name).splitlines())


def _labels() -> Iterator[tuple[str, str]]:
    """The words in data: the steps, and what the instruments call their parts."""
    steps = tomllib.loads((SOURCE / ROOM / "steps.toml").read_text("utf-8"))["step"]
    yield from ((f"{ROOM}/steps.toml", one[name]) for one in steps for name in ("title", "why"))
    examples = tomllib.loads((SOURCE / ROOM / "examples.toml").read_text("utf-8"))
    yield from ((f"{ROOM}/examples.toml", text) for text in examples.values())
    yield from (
        ("comity/drafting/defects.toml", text)
        for row in catalogue().rows
        for text in (row.says, row.why, row.todo)
    )
    page = tomllib.loads((SOURCE.parent / "verifier" / "words.toml").read_text("utf-8"))
    yield from (("verifier/words.toml", text) for text in page.values())
    yield from (("comity/severity.toml", word) for one in grades() for word in (one.label, one.meaning))
    yield from (("comity/severity.toml", word) for one in scales() for word in (one.name, *_names_in(one)))
    statements = (*ENGLISH.values(), NO_TIME, *REFUSALS.values())
    yield from (("comity/channel/statements.py", text) for text in statements)
    for name, text in (*library().items(), ("custody", custody())):
        kinds = (text.types, text.fields, text.reasons, text.conditions, text.grounds)
        yield from ((name, one.label) for some in kinds for one in some)
        yield from ((name, one.why) for one in text.fields if one.why)
        for procedure in text.procedures:
            yield from ((name, word) for word in procedure.words.values())
            yield from ((name, word) for word in _choices(procedure, named={*library(), *_codes(text)}))
            parts = (procedure.states, procedure.acts, procedure.statements, procedure.clocks)
            yield name, procedure.title
            yield from ((name, one.label) for some in parts for one in some)
            yield from ((name, one.meaning) for one in procedure.states)
            yield from ((name, one.sentence) for one in procedure.acts)


def _names_in(scale: Scale) -> Iterator[str]:
    """What a scale of severity calls its grades."""
    yield from dict.fromkeys(one.scales[scale.code] for one in grades() if scale.code in one.scales)


def _codes(text: Instrument) -> Iterator[str]:
    """The codes that an instrument has a name for."""
    kinds = (text.types, text.fields, text.reasons, text.conditions, text.grounds)
    yield from (one.id for some in kinds for one in some)


def _choices(procedure: Procedure, named: AbstractSet[str]) -> Iterator[str]:
    """What may be stated where it is shown as the words of its code: it has no other name."""
    clocks = {one.id for one in procedure.clocks}
    values = (value for statement in procedure.statements for value in statement.values)
    yield from (one.replace("_", " ") for one in values if one not in {*named, *clocks} and len(one) > 1)


def lacking(catalogue: Catalog, wanted: Catalog) -> list[str]:
    """What a catalogue has not translated, and what it translates for nobody."""
    missing = [one.id for one in wanted if one.id and not _is_translated(catalogue, one)]
    stale = [one.id for one in catalogue if one.id and wanted.get(one.id, one.context) is None]
    other = [one.id for one in catalogue if one.id and not _keeps_places(one)]
    return [
        *(f"not translated: {one!r}" for one in missing),
        *(f"no longer there: {one!r}" for one in stale),
        *(f"not filled in alike: {one!r}" for one in other),
    ]


def _keeps_places(said: Message) -> bool:
    """Whether a translation is filled in from the same values as its original, no more and no fewer."""
    originals, strings = (one if isinstance(one, tuple | list) else (one,) for one in (said.id, said.string))
    places = set(_PLACE.findall(originals[-1]))
    return all(set(_PLACE.findall(one)) == places for one in strings if one)


def _is_translated(catalogue: Catalog, wanted: Message) -> bool:
    held = catalogue.get(wanted.id, wanted.context)
    strings = held.string if held is not None else ""
    return all(strings) if isinstance(strings, tuple | list) else bool(strings)


def renewed(held: Catalog, wanted: Catalog) -> bytes:
    """The catalogue with the words there are now, and the translations it had."""
    for one in wanted:
        if one.id and (before := held.get(one.id, one.context)) is not None:
            one.string = before.string
    wanted.locale, wanted.header_comment = held.locale, f"# Comity in {held.locale.english_name}."
    written = io.BytesIO()
    write_po(written, wanted, width=110, include_lineno=False)
    return written.getvalue()


def main() -> int:
    """Compare or write every catalogue."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    trouble = 0
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        language = path.parts[-3]
        with path.open("rb") as file:
            held = read_po(file, locale=language)
        if "--check" not in sys.argv:
            path.write_bytes(renewed(held, words()))
            with path.open("rb") as file:
                held = read_po(file, locale=language)
        for said in lacking(held, words()):
            trouble = 1
            sys.stderr.write(f"{language}: {said}\n")
    return trouble


if __name__ == "__main__":
    sys.exit(main())
