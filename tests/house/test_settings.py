"""Every setting of a node is explained in the manual."""

from __future__ import annotations

import ast
import re

from tests.house.source import ROOT, tree

HOME = ROOT / "src" / "comity_node" / "home" / "node_toml.py"
PARTS = (HOME, HOME.with_name("calling.py"))
MANUAL = ROOT / "docs" / "manual" / "running-a-node.md"
READERS = {"text", "number", "texts", "words", "table", "tables"}


def keys_read() -> set[str]:
    """Return the keys the node asks ``node.toml`` for, by name."""
    return {
        node.args[0].value
        for part in PARTS
        for node in ast.walk(tree(part))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in READERS
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def limits() -> set[str]:
    """Return the names of the limits."""
    classes = (
        node for node in ast.walk(tree(HOME)) if isinstance(node, ast.ClassDef) and node.name == "Limits"
    )
    return {line.target.id for line in next(classes).body if isinstance(line, ast.AnnAssign)}


def test_every_setting_is_explained() -> None:
    """An administrator who cannot find what a setting does leaves it as it is, or guesses."""
    explained = set(re.findall(r"\w+", MANUAL.read_text(encoding="utf-8")))

    asked = keys_read() | limits()

    assert len(asked) > 10
    assert set() == asked - explained


def test_every_setting_explained_is_read() -> None:
    """The node refuses a key it does not know: the manual must not offer one."""
    rows = re.findall(r"^\| `\[*(\w+)\]*` \|", MANUAL.read_text(encoding="utf-8"), re.MULTILINE)
    files_of_the_home = {"secret_key"}

    assert set() == set(rows) - keys_read() - limits() - files_of_the_home
