"""Letters as set: hostile text is shown and nothing else, and what no font can show is named."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from comity_node.letters import setting
from comity_node.letters.errors import LetterNotSet, LetterTooLong, NoFont
from comity_node.letters.letter import Letter, Line, Named, Part, Words
from comity_node.letters.setting import to_pdf
from comity_node.letters.wording import breakable, direction, grouped, seen

NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)
PHRASES = (
    "stamp", "continued", "code", "to", "blank", "exhibits", "entry", "signatories", "record", "picture",
    "picture_under", "file:act.json",
)  # fmt: skip
HOSTILE = [
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    "#panic() $ x^2 $ `raw` <label> @ref *b* _i_ = heading",
    "\u202eevil\u202c \x00 \x07 \x1b[2J \ufeff \ue000 \U000e0041",
    "W" * 5_000,
    "a" + "\u0301" * 5_000,
    "-" * 5_000,
    "a\n" * 700,
    '"}], "files": {}}',
    "\u200f" * 2_000,
]


def a_letter(*texts, **changed):
    """A letter that says these texts."""
    said = {
        "language": "en",
        "title": "Records",
        "form_name": "",
        "sender": ("Arland",),
        "addressee": ("Borland",),
        "head": (),
        "parts": tuple(Part("Facts", (Words(text, "en"),)) for text in texts),
        "exhibits": (),
        "signatories": (),
        "record": (),
        "checking": (),
        "notices": (),
        "stamp": "",
        "running": "aa-2026-0001",
        "code": "",
        "picture": "",
        "phrases": dict.fromkeys(PHRASES, "-") | {"page": "{page} of {pages}"},
        "files": {"act.json": "{}"},
    }
    return Letter(**said | changed)


def text_of(pdf, tmp_path):
    """What a reader of PDF finds in it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed")
    (tmp_path / "letter.pdf").write_bytes(pdf)
    command = ["pdftotext", "-layout", tmp_path / "letter.pdf", "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_set_wherever_it_stands(text):
    """A counterpart writes every one of these places, and the letter must come out all the same."""
    everywhere = a_letter(
        text,
        title=text[:200],
        sender=(text,),
        addressee=(text,),
        head=(Line(text, text), Line("Hash", text, code=True)),
        parts=(
            Part(text[:500], (Words(text, text, "Original"), Words(text, "ar", "Translation")), text[:100]),
        ),
        exhibits=(Named(text[:200], "", text[:200]),),
        signatories=(Line("Signed", text),),
        running=text[:64],
    )

    for letter in (everywhere, a_letter(text, form_name=text[:100])):
        assert to_pdf(letter, now=NOW).startswith(b"%PDF-")


def test_nothing_that_was_written_is_evaluated(tmp_path):
    """A typesetter's language can read files; what people wrote is only ever shown."""
    text = text_of(to_pdf(a_letter(HOSTILE[0], HOSTILE[2]), now=NOW), tmp_path)

    assert HOSTILE[0] in text
    assert "$ x^2 $ `raw` <label>" in text
    assert "root:" not in text


def test_no_letter_hides_or_moves_another(tmp_path):
    """A mark that turns the line round could make a sum or an address read otherwise than it was sealed."""
    text = text_of(to_pdf(a_letter("pay \u202e001\u202c now"), now=NOW), tmp_path)

    assert "pay [U+202E]001[U+202C] now" in text


def test_joiners_and_marks_of_a_script_are_left_alone():
    """Without them Persian is misspelled."""
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"

    assert persian == seen(persian)


def test_line_ends_of_every_kind_are_line_ends():
    """Whoever wrote on another system made paragraphs too."""
    assert "a\nb\nc\n\nd" == seen("a\r\nb\rc\u2029d")


def test_a_long_word_breaks_and_loses_nothing():
    """A hash in a narrow column must not run off the page."""
    word = "e\u0301" * 60

    broken = breakable(f"see {word} there")

    assert f"see {word} there" == broken.replace("\u200b", "")
    assert max(map(len, broken.split("\u200b"))) < 30
    assert "\u200b\u0301" not in broken


def test_the_direction_of_a_text_is_that_of_its_first_letter():
    """An address before an Arabic sentence does not turn the sentence round, and the other way about."""
    assert ["rtl", "ltr", "ltr"] == [direction("12. في"), direction("CVE في"), direction("203.0.113.9")]


def test_a_code_is_the_beginning_of_the_hash():
    """It is compared by eye with a page that shows the hash."""
    assert "ABCD EF01" == grouped("abcdef0123456789", groups=2)


@pytest.mark.parametrize(
    ("text", "script", "package"),
    [
        ("查明谁租用了", "Han (Chinese)", "fonts-noto-cjk"),
        ("ወንጀል", "Ethiopic", "fonts-noto-core"),
    ],
)
def test_a_script_without_a_font_is_named_with_what_brings_it(text, script, package):
    """An empty box in a letter to a court is found by the court; here it is found first."""
    with pytest.raises(NoFont) as refused:
        to_pdf(a_letter("plain", text), now=NOW, system=False)

    assert script in str(refused.value)
    assert package in refused.value.hint


def test_the_typesetters_own_fonts_have_latin_cyrillic_and_vietnamese():
    """A node without any font installed writes to most of its counterparts."""
    assert to_pdf(a_letter("Français Español Русский Tiếng Việt đã bị mã hóa"), now=NOW, system=False)


def test_more_than_a_letter_can_hold_is_refused_before_it_is_set():
    """A counterpart may seal a megabyte of line ends, and a page must not take minutes."""
    for much in ("a" * (setting.MOST_LETTERS + 1), "a\n" * setting.MOST_TEXTS):
        with pytest.raises(LetterTooLong):
            to_pdf(a_letter(much), now=NOW)


def test_a_typesetter_that_falls_or_finds_no_end_takes_nothing_with_it(monkeypatch):
    """It is native code over a stranger's text: the node outlives it and says what happened."""

    def falls(*_words, **_options):
        return SimpleNamespace(returncode=-6, stdout=b"")

    def stays(*_words, timeout, **_options):
        raise subprocess.TimeoutExpired("press", timeout)

    for happens in (falls, stays):
        monkeypatch.setattr(subprocess, "run", happens)
        with pytest.raises(LetterNotSet):
            to_pdf(a_letter("x"), now=NOW)
