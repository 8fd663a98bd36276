"""What every source file of the house must be."""

from __future__ import annotations

import ast
import re

from tests.house.source import ALONE, OURS, ROOT, files, shown, tree

MOST_LINES = 400
GENERATED_OR_DATA = ("tests/vectors/", "requirements/", "/migrations/", "/locale/")
HOSTS = re.compile(
    r"(?:^|[/.@\s])(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|yarnpkg\.com|crates\.io|docker\.io|ghcr\.io)"
    r"|--(?:extra-)?index-url\s*[= ]\s*\S",
    re.MULTILINE,
)


def test_no_file_is_longer_than_can_be_held_in_mind() -> None:
    """A file past 400 lines holds two ideas: a reader must be able to keep one whole."""
    sources = files(
        "src", "tests", "tools", "bench", "conformance", "verifier", ending=(".py", ".html", ".css", ".js")
    )

    lengths = {shown(path): path.read_text(encoding="utf-8").count("\n") for path in sources}

    assert {} == {
        name: lines
        for name, lines in lengths.items()
        if lines > MOST_LINES and not any(part in name for part in GENERATED_OR_DATA)
    }


def test_every_test_says_why_it_must_hold() -> None:
    """A failing test is read by somebody who did not write it; its docstring is the duty it guards."""
    silent = [
        f"{shown(path)}::{node.name}"
        for path in files("tests", ending=".py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]

    assert [] == silent


def test_no_file_names_a_registry_host() -> None:
    """Where packages come from is the installing authority's decision, often a mirror of its own."""
    everything = [*files(*OURS), *(ROOT / name for name in ALONE if (ROOT / name).exists())]
    named = [
        shown(path)
        for path in everything
        if path.name != "test_sources.py" and HOSTS.search(path.read_bytes().decode("utf-8", "replace"))
    ]

    assert [] == named


def test_no_private_key_is_kept_with_the_source() -> None:
    """A key in a repository is a key in every clone of it; vectors state seeds instead."""
    marks = ("-----BEGIN " + "PRIVATE KEY", "-----BEGIN " + "OPENSSH", "-----BEGIN " + "EC PRIVATE")
    kept = [
        shown(path)
        for path in files("src", "tools", "bench", "docs", ".ci", "conformance")
        if any(mark in path.read_bytes().decode("utf-8", "replace") for mark in marks)
    ]

    assert [] == kept
