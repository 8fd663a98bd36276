"""What a counterpart sent moves no cursor and turns no text."""

from __future__ import annotations

import inspect
from types import SimpleNamespace

import click
import pytest

from comity_cli.carrying import _became
from comity_cli.talk import _told
from comity_cli.terminal import in_one_line, indented, printable
from comity_node.wire.carrying import Carried


@pytest.mark.parametrize(
    "hostile", ["\x1b[2J", "\x07", "\r", "\x9b31m", "\u202e", "\u2066", "\u2028", "\x00", "\ud800"]
)
def test_what_is_no_letter_is_shown_as_none(hostile):
    """An escape could write over what stands above it; an override turns what follows."""
    assert f"a\ufffd{hostile[1:]}b" == printable(f"a{hostile}b")


@pytest.mark.parametrize(
    "words", ["line\nline\tend", "می‌خواهم", "שלום\u200f!", "1\u202f000\u00a0€", "你好", "đ"]
)
def test_words_of_any_language_stay_as_they_are(words):
    """Joiners, marks of direction and thin spaces stand in ordinary text."""
    assert words == printable(words)


def test_a_name_stays_in_its_line_and_a_message_is_set_in():
    """What begins a line of its own is ours."""
    assert "a\ufffdb\ufffd" == in_one_line("a\nb\x1b")
    assert "a\n    b\ufffd" == indented("a\nb\x1b")


@pytest.mark.parametrize("state", ["new", "gap", "elsewhere", "refused"])
def test_no_file_of_a_stick_forges_a_line_about_another(state):
    """A file may have any name, and a reason may hold words of whoever made it."""
    said = "\nother.tar: all of it was here already"
    forged = Carried(name=f"one.tar{said}", state=state, sender="bb", because=f"no{said}")

    (line,) = _became(forged)

    assert "\n" not in line


def test_no_message_of_a_talk_forges_a_message_of_another_party():
    """It may be of several lines, which are shown as such beneath its first."""
    forged = "\n2026-01-01T00:00:00Z AA     ministry: agreed  []"
    line = {"at": "2026-01-01T00:00:00", "party": "bb", "office": f"office{forged}", "marks": []}

    first, *more = _told({**line, "text": f"as we said{forged}", "act": "said"}).split("\n")

    assert first.startswith("2026-01-01T00:00:00Z BB")
    assert [forged.replace("\n", "    ") + "  []"] == more


def test_a_text_that_is_to_be_signed_is_read_as_it_is(monkeypatch, capsys):
    """It may quote the other side; an escape in it would show the second officer another text."""
    from comity_cli import approve  # noqa: PLC0415 - beside what is replaced of it
    from comity_node.officials import queries  # noqa: PLC0415 - as above

    prepared = SimpleNamespace(text="Give\x1b[2Jall\n", prepared_by=SimpleNamespace(login="anna"))
    monkeypatch.setattr(approve, "_waiting", lambda *_: prepared)
    monkeypatch.setattr(queries, "lately_changed", lambda *_, **__: [])
    monkeypatch.setattr("click.confirm", _declined)

    with pytest.raises(click.Abort):
        inspect.unwrap(approve.sign.callback)(7, yes=False, by=None)

    assert "Give\ufffd[2Jall\n" in capsys.readouterr().err


def _declined(*_: object, **__: object) -> None:
    raise click.Abort
