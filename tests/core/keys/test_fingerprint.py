"""The fingerprint read aloud: both ends hear the same, or notice."""

from __future__ import annotations

import hashlib
import unicodedata
from importlib import resources

import pytest

from comity.errors import BadFingerprint
from comity.keys.fingerprint import LANGUAGES, Fingerprint

HASHES = {
    "en": "2f5eed53a4727b4b",
    "ru": "c9458f1997f6a6e0",
    "fr": "431c1d074225d2b7",
    "es": "0c639b0d58b6e56c",
}
PASSPORT = Fingerprint.of(b"the passport of state A")


def test_a_fingerprint_never_changes() -> None:
    """Two officials compare what two nodes printed, perhaps years and versions apart."""
    mark = Fingerprint.of(b"comity")

    assert "61451 74183 42612 97876 04986 29614 63041 59880 39547 23773 21161 70393" == mark.digits
    assert (
        "whisper visual cluster science blue comic crane health poverty "
        "rule ozone dinner stock setup bone rival advance day"
    ) == mark.words("en")
    assert (
        "щека чудный грубый слепой взять давно деятель махать разговор "
        "синяк посуда задача тепло снова висок середина ансамбль дрожать"
    ) == mark.words("ru-RU")


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_recognised_however_they_are_typed(language: str) -> None:
    """Capitals, accents and spacing are not heard over a telephone."""
    words = PASSPORT.words(language)

    assert 18 == len(words.split())
    for typed in (words, words.upper(), words.title(), words.replace(" ", ",\n "), f"  {words}. "):
        assert PASSPORT.matches(typed)


def test_digits_are_recognised_however_they_are_typed() -> None:
    """Groups are for the ear; a form field may have none."""
    digits = PASSPORT.digits

    assert [5] * 12 == [len(group) for group in digits.split()]
    for typed in (digits, digits.replace(" ", ""), digits.replace(" ", "-"), f" {digits}\n"):
        assert PASSPORT.matches(typed)


def test_a_language_without_a_list_reads_english_words() -> None:
    """An official is never left without something to read."""
    assert PASSPORT.words("en") == PASSPORT.words("vi") == PASSPORT.words("")


def test_two_passports_have_two_fingerprints() -> None:
    """The comparison is there to tell them apart."""
    other = Fingerprint.of(b"the passport of somebody else")

    assert not PASSPORT.matches(other.digits)
    assert not PASSPORT.matches(other.words("ru"))


def test_a_wrong_digit_is_noticed() -> None:
    """A slip of one digit, or two neighbours exchanged, must not look like another passport."""
    digits = PASSPORT.digits.replace(" ", "")

    for place in range(60):
        wrong = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
        with pytest.raises(BadFingerprint, match="check digits"):
            Fingerprint.parse(wrong)
    for place in range(59):
        if digits[place] != digits[place + 1]:
            swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
            with pytest.raises(BadFingerprint):
                Fingerprint.parse(swapped)


def test_a_word_in_no_list_is_named() -> None:
    """The official asks for that one word again, not for all of them."""
    words = PASSPORT.words("en").split()
    words[6] = "qwerty"

    with pytest.raises(BadFingerprint, match="word 7, 'qwerty'"):
        Fingerprint.parse(" ".join(words))


def test_most_misheard_words_are_noticed_by_the_check() -> None:
    """One of 64 slips passes the check of the words; the comparison itself lets none pass."""
    words = PASSPORT.words("en").split()
    noticed = 0

    for other in ("abandon", "zoo", "tiger", "river", "lemon", "oven", "fatal", "crisp"):
        misheard = " ".join([*words[:4], other, *words[5:]])
        assert not PASSPORT.matches(misheard)
        try:
            Fingerprint.parse(misheard)
        except BadFingerprint as refusal:
            noticed += "last word" in str(refusal)

    assert noticed >= 7


@pytest.mark.parametrize(
    "typed", ["", " ", "1", "word", "1" * 61, "9" * 60, "a" * 1001, "слово " * 18, "\uff11" * 60]
)
def test_what_is_not_a_fingerprint_is_refused(typed: str) -> None:
    """Whatever is typed into the field, the official gets a sentence back."""
    with pytest.raises(BadFingerprint):
        Fingerprint.parse(typed)
    assert not PASSPORT.matches(typed)


def test_a_word_list_never_changes() -> None:
    """One word changed, and two officials with two versions would hear different words for one passport."""
    lists = resources.files("comity.keys") / "wordlists"

    hashes = {
        code: hashlib.sha256((lists / f"{code}.words").read_bytes()).hexdigest()[:16] for code in LANGUAGES
    }

    assert HASHES == hashes


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_words_of_a_list_sound_typed_alike(language: str) -> None:
    """Typed without accents and capitals, a word must still be one word of the list."""
    lists = resources.files("comity.keys") / "wordlists"
    words = (lists / f"{language}.words").read_text(encoding="utf-8").split()

    bare = {"".join(char for char in unicodedata.normalize("NFKD", word) if char.isalpha()) for word in words}

    assert 2048 == len(words) == len(bare)
    assert all(word.isalpha() for word in words)
