"""One word, one meaning: the words of docs/glossary.toml hold in code, on pages and in the manual."""

from __future__ import annotations

import ast
import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.house.source import ROOT, files, shown, tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GLOSSARY = tomllib.loads((ROOT / "docs" / "glossary.toml").read_text(encoding="utf-8"))
SAY_INSTEAD = {word: term["say"] for term in GLOSSARY["term"] for word in term["never"]}
EXCEPTIONS = {(row["file"], row["word"]): row["because"] for row in GLOSSARY.get("exception", [])}
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
MARKUP = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%.*?%}|{{.*?}}|<[^>]*>|`[^`]*`", re.DOTALL)


def words(name: str) -> set[str]:
    """Return the words of an identifier or a sentence, in lower case."""
    return {word.lower() for word in WORD.findall(name)}


def names_given(path: Path) -> Iterator[str]:
    """Return the names a file gives: what it merely uses was named by others."""
    yield path.stem
    for node in ast.walk(tree(path)):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def findings() -> Iterator[tuple[str, str]]:
    """Return each banned word with the file that uses it."""
    for path in files("src", ending=".py"):
        for name in names_given(path):
            yield from ((shown(path), word) for word in words(name) & SAY_INSTEAD.keys())
    for path in (*files("src", ending=(".html", ".txt")), *files("docs/manual", ending=".md")):
        text = MARKUP.sub(" ", path.read_text(encoding="utf-8"))
        yield from ((shown(path), word) for word in words(text) & SAY_INSTEAD.keys())


def test_no_banned_synonym_is_used() -> None:
    """Two words for one thing make an official ask which is meant; two things under one word, worse."""
    used = {
        f"{file}: {word!r}: say {SAY_INSTEAD[word]!r}"
        for file, word in findings()
        if (file, word) not in EXCEPTIONS
    }

    assert set() == used


def test_every_exception_is_still_needed() -> None:
    """An exception that outlives its cause would let the synonym come back unseen."""
    assert set() == EXCEPTIONS.keys() - set(findings())


@pytest.mark.parametrize("field", ["say", "meaning", "never"])
def test_every_term_is_complete(field: str) -> None:
    """A term without its meaning explains nothing; one without its list bans nothing."""
    assert [] == [term for term in GLOSSARY["term"] if field not in term]


def test_words_of_an_identifier_are_told_apart() -> None:
    """The ban reads words, not letters: `clientele` is not `client`, `PeerLog` is `peer`."""
    assert {"peer", "log", "http", "clientele"} == words("PeerLog_HTTP_clientele")
