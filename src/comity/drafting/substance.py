"""What a judge of the other side looks for: the link, the law, the authority, the place, the identifier."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from comity.drafting import identifiers
from comity.drafting.reading import TITLE, quoted, some
from comity.drafting.words import letters, pattern, says_nothing, share_of_script, stems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.drafting.reading import Finding, Reading

_ENOUGH: Final = 20  # letters, for a field that gives reasons to give one
_QUOTED: Final = re.compile('[“«"][^“«”»"\n]{40,}[”»"]')
_LONGEST_NUMBER: Final = 6
_GAP: Final = re.compile(r"_{4,}|\.{6,}|…{3,}|<[^\W\d_][^<>@/\n]{2,40}>|\[\s{0,4}\]|\{\{[^{}\n]{0,40}\}\}")
_NUMBER: Final = re.compile(r"\d", re.ASCII)


def link(reading: Reading) -> Iterable[Finding]:
    """Facts and measure, and what connects them."""
    facts, measure = reading.together("facts"), reading.together("measure")
    if not reading.is_listed or not facts or not measure or is_formal(reading):
        return
    given = reading.said("link")
    asked = "\n".join([measure, reading.together("purpose", "identifiers", "addresses", "place", "articles")])
    is_reasoned = any(letters(text) >= _ENOUGH for text in given.values()) or bool(
        pattern("reasons").search("\n".join([asked, *given.values()]))
    )
    again = stems(facts) & stems("\n".join([asked, *given.values()]))
    is_shared = len(again) >= reading.catalogue.bound("shared_words") or bool(
        identifiers.all_in(facts) & identifiers.all_in(asked)
    )
    place = next(iter(reading.said("measure")))
    if not is_reasoned and not is_shared:
        yield from reading.found("no_link_to_facts", place)
    elif not is_reasoned:
        yield from reading.found("thin_link_to_facts", place, how="no reason is given in words")
    elif not is_shared:
        yield from reading.found(
            "thin_link_to_facts", place, how="what is asked for does not come up in the facts"
        )


def is_formal(reading: Reading) -> bool:
    """Whether only something is asked for that is done without weighing the facts, as service."""
    return bool(reading.types) and reading.types <= reading.catalogue.sort["formal"]


def law(reading: Reading) -> Iterable[Finding]:
    """The provisions that were broken, their text and their penalty."""
    texts = reading.said("offences", "law")
    if not texts or not reading.is_listed or is_formal(reading):
        return
    place = next(iter(texts))
    both = "\n".join(texts.values())
    has_text = is_set_out(reading)
    if not _cites(both) and not has_text:
        yield from reading.found("no_law_text", place)
        return
    if not has_text:
        yield from reading.found("law_text_not_given", place)
    if not pattern("penalty").search(both) and not _named(reading):
        yield from reading.found("no_penalty", place)


def is_set_out(reading: Reading) -> bool:
    """Whether the text of the law is there: quoted, long enough to be it, or named among the exhibits."""
    own = "\n".join(reading.said("law").values())
    both = "\n".join(reading.said("offences", "law").values())
    long_enough = reading.catalogue.bound("law_text_characters")
    return bool(_QUOTED.search(both)) or len(own or both) >= long_enough or _named(reading)


def _cites(text: str) -> bool:
    """Whether a number stands beside the word for a provision."""
    for match in pattern("provision").finditer(text):
        if _NUMBER.search(text[max(0, match.start() - _LONGEST_NUMBER) : match.end() + _LONGEST_NUMBER]):
            return True
    return False


def _named(reading: Reading) -> bool:
    return any(pattern("law_text").search(title) for title in reading.request.exhibits)


def dual_criminality(reading: Reading) -> Iterable[Finding]:
    """Where its lack is a ground, and nothing is said of it."""
    ground = reading.ground("no_dual_criminality")
    only_for = reading.catalogue.dual_only_for.get(reading.request.instrument.id, reading.types)
    is_asked = reading.is_coercive and not reading.types.isdisjoint(only_for)
    places = reading.said("offences")
    if (
        ground
        and is_asked
        and places
        and reading.is_listed
        and not pattern("dual").search(reading.everything)
    ):
        yield from reading.found("no_dual_criminality_statement", next(iter(places)), rests_on=ground)


def authority(reading: Reading) -> Iterable[Finding]:
    """Whom it is addressed to, and who asks."""
    known = [one for one in reading.request.authorities if one.role == "central"]
    for name, text in reading.said("addressee").items():
        words, is_latin = stems(text), share_of_script(text, "LATIN") > 0.5
        names = [f"{one.name} {one.office}" for one in known]
        if any((share_of_script(name, "LATIN") > 0.5) != is_latin for name in names):
            continue  # the same name in another script has no letter in it that is the same
        if known and all(words.isdisjoint(stems(name)) for name in names):
            yield from reading.found("wrong_authority", name, known=some([one.name for one in known]))
    if not reading.is_listed:
        return
    for name in reading.ids("author"):
        text = reading.texts[name]
        if text.strip() and (says_nothing(text) or not pattern("authority").search(text)):
            yield from reading.found("no_authority", name, said=quoted(text, 60))


def search(reading: Reading) -> Iterable[Finding]:
    """A search needs a place, and grounds to believe that something is there."""
    if not reading.asks("search"):
        return
    places = reading.ids("place")
    if places and not reading.said("place"):
        yield from reading.found("search_without_place", places[0])
    facts = reading.together("facts", "place", "articles", "measure", "purpose", "link")
    if places and facts and reading.is_listed and not pattern("grounds").search(facts):
        yield from reading.found("search_without_grounds", places[0])


def identifier(reading: Reading) -> Iterable[Finding]:
    """Data of an account, and nothing by which a provider could find it."""
    measure = reading.together("measure")
    if not measure or not (reading.asks("account") or pattern("account").search(measure)):
        return
    if reading.said("identifiers", "addresses", "hashes") or identifiers.all_in(
        reading.together("facts", "measure", "purpose", "link")
    ):
        return
    places = reading.ids("identifiers") or list(reading.said("measure"))
    yield from reading.found("no_identifier", places[0])


def left_open(reading: Reading) -> Iterable[Finding]:
    """Gaps of a template, and enclosures that nobody named."""
    for name, text in {TITLE: reading.title, **reading.texts}.items():
        if gap := _GAP.search(text) or pattern("placeholders").search(text):
            yield from reading.found("placeholder_left", name, said=quoted(gap[0], 40))
    if reading.request.exhibits:
        return
    for name, text in reading.texts.items():
        if spoken := pattern("enclosures").search(text):
            yield from reading.found("enclosure_not_named", name, said=quoted(spoken[0], 40))
            return


def title(reading: Reading) -> Iterable[Finding]:
    """Personal data where everybody reads it."""
    if hit := identifiers.personal(reading.title):
        yield from reading.found("personal_data_in_title", TITLE, said=quoted(hit, 60))
