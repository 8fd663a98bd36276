"""Whether the other side can read the request, and whether both texts match, as far as one can count."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from comity.drafting import identifiers
from comity.drafting.alignment import OMITTED, paragraphs
from comity.drafting.reading import TRANSLATION, some
from comity.drafting.words import languages, letters, primary, share_of_script

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.drafting.reading import Finding, Reading
    from comity.instruments import Authority

_WORDS: Final = 3  # a field with fewer holds identifiers, and is the same in every language
_DENSE: Final = frozenset({"zh", "ja", "ko", "yue"})
_LEAST_SHARE: Final = 0.2  # names and identifiers stay in their own script; text does not
_ENOUGH: Final = 40


def found(reading: Reading) -> Iterable[Finding]:
    """What is wrong with the language of the request, or with its translation."""
    request = reading.request
    own, other = primary(request.language), primary(request.translation_language)
    wanted = {primary(one) for one in chain.from_iterable(to.languages for to in _addressed(reading))}
    prose = [name for name, text in reading.texts.items() if is_prose(text)]
    given = {name for name, text in reading.translated.items() if text.strip()} if other else set()
    if wanted and own not in wanted and prose and (other not in wanted or not given):
        cited = next(one for one in _addressed(reading) if one.languages)
        yield from reading.found(
            "translation_missing",
            TRANSLATION,
            rests_on=cited,
            languages=some(sorted(wanted)),
            language=request.language,
        )
        return
    if not given:
        return
    if left_out := [name for name in prose if name not in given]:
        labels = some([reading.fields[name].label for name in left_out])
        yield from reading.found("translation_incomplete", left_out[0], fields=labels)
    yield from _answered_for(reading)
    for name in (name for name in prose if name in given):
        yield from _compared(reading, name, reading.texts[name], reading.translated[name], (own, other))


def _answered_for(reading: Reading) -> Iterable[Finding]:
    """Whether anybody answers for the words of the translation."""
    made = reading.request.authorship
    if made.how == "machine" and not made.is_checked:
        yield from reading.found("translation_unchecked", TRANSLATION)
    elif not made.is_named:
        yield from reading.found("translation_unattributed", TRANSLATION)


def _addressed(reading: Reading) -> list[Authority]:
    """The authorities that would receive it: the contact point in an emergency, the central one otherwise."""
    role = "contact_point" if reading.request.procedure in {"emergency", "preservation"} else "central"
    known = reading.request.authorities
    return [one for one in known if one.role == role] or [one for one in known if one.role == "central"]


def is_prose(text: str) -> bool:
    """Whether a text has words to translate, and not only identifiers."""
    bare = text
    for one in identifiers.exact_in(text):
        bare = bare.replace(one, " ")
    return sum(word.isalpha() and len(word) >= 3 for word in bare.replace(",", " ").split()) >= _WORDS


def _compared(
    reading: Reading, name: str, text: str, translated: str, pair: tuple[str, str]
) -> Iterable[Finding]:
    own, other = pair
    same = own != other and text.split() == translated.split()
    script = languages()[other].script if other in languages() else ""
    is_foreign = bool(script) and letters(translated) >= _ENOUGH
    if (same and letters(text) >= _ENOUGH) or (
        is_foreign and share_of_script(translated, script) < _LEAST_SHARE
    ):
        yield from reading.found("translation_same", name)
        return
    originals, parts = paragraphs(text), paragraphs(translated)
    if left_out := [at for at, part in enumerate(parts, 1) if part == OMITTED]:
        yield from reading.found("translation_gap", name, how=f"paragraph {some(left_out)}")
    elif how := _mismatch(reading, originals, parts, dense=other in _DENSE):
        yield from reading.found("translation_short", name, how=how)
    dropped = identifiers.exact_in(text) ^ identifiers.exact_in(translated)
    if dropped:
        yield from reading.found("translation_drops", name, dropped=some(sorted(dropped)))


def _mismatch(reading: Reading, own: list[str], other: list[str], *, dense: bool) -> str:
    """How two texts differ in extent; empty where they do not."""
    if len(own) != len(other):
        return f"{len(own)} paragraphs against {len(other)}"
    share = reading.catalogue.bound("shortest_dense_percent" if dense else "shortest_share_percent")
    least = reading.catalogue.bound("paragraph_characters")
    short = [
        at
        for at, (original, translated) in enumerate(zip(own, other, strict=True), 1)
        if len(original) >= least and 100 * len(translated) < share * len(original)
    ]
    return f"paragraph {some(short)} is much shorter in translation" if short else ""
