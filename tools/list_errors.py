"""Write docs/spec/errors.md from the error classes in src; with --check, only compare.

Reads the source, imports nothing: the node's errors are listed without starting a node.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "spec" / "errors.md"
FAMILIES = ("OurFault", "CounterpartBreach")
HEADING = """# Errors

Every failure has a permanent code. Programs read the code (`--json` and HTTP answers carry it); people read
the message, which says what did not happen and by which rule, and the hint, which says what can be done now.

- **ours**: we asked for something the protocol or the instrument does not allow. Nothing was recorded.
- **theirs**: what arrived from outside breaks the protocol. It was refused whole and changed nothing.

A code is never given a second meaning; a code that falls out of use stays reserved.
This page is written by `make docs`.
"""


@dataclass(frozen=True)
class ErrorClass:
    """One named error, as its source states it."""

    name: str
    module: str
    family: str
    code: str
    meaning: str
    hint: str


def errors(src: Path) -> list[ErrorClass]:
    """Return every named error below ``src``, by module and code."""
    classes = {node.name: (node, module) for module, node in _classes(src)}
    found = []
    for name, (node, module) in classes.items():
        family = _family(name, classes)
        if family and name not in FAMILIES:
            constants = _constants(node)
            hint = constants.get("default_hint", "")
            meaning = _first_paragraph(ast.get_docstring(node) or "")
            found.append(ErrorClass(name, module, family, constants.get("code", ""), meaning, hint))
    return sorted(found, key=lambda error: (error.module, error.code))


def page(found: list[ErrorClass]) -> str:
    """Return the page that lists these errors."""
    parts = [HEADING]
    for module in sorted({error.module for error in found}):
        parts.append(
            f"\n## {module}\n\n| code | whose fault | what it means | what can be done |\n|---|---|---|---|\n"
        )
        for error in found:
            if error.module == module:
                whose = "ours" if error.family == "OurFault" else "theirs"
                parts.append(f"| `{error.code}` | {whose} | {_cell(error.meaning)} | {_cell(error.hint)} |\n")
    return "".join(parts)


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is stale."""
    fresh = page(errors(ROOT / "src"))
    if "--check" in arguments:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == fresh:
            return 0
        print(f"{PAGE.relative_to(ROOT)} is stale: run `make docs`", file=sys.stderr)
        return 1
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


def _classes(src: Path) -> list[tuple[str, ast.ClassDef]]:
    found = []
    for path in sorted(src.rglob("*.py")):
        module = ".".join(path.relative_to(src).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        found += [(module, node) for node in tree.body if isinstance(node, ast.ClassDef)]
    return found


def _family(name: str, classes: dict[str, tuple[ast.ClassDef, str]]) -> str:
    """Return which of the two families a class descends from; nothing if from neither."""
    if name in FAMILIES:
        return name
    if name not in classes:
        return ""
    bases = (base.id for base in classes[name][0].bases if isinstance(base, ast.Name) and base.id != name)
    return next((family for base in bases if (family := _family(base, classes))), "")


def _constants(node: ast.ClassDef) -> dict[str, str]:
    """Return the class's own text constants."""
    constants = {}
    for statement in node.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        if targets and isinstance(targets[0], ast.Name) and statement.value is not None:
            try:
                value = ast.literal_eval(statement.value)
            except ValueError:
                continue
            if isinstance(value, str):
                constants[targets[0].id] = value
    return constants


def _first_paragraph(docstring: str) -> str:
    return " ".join(docstring.split("\n\n", maxsplit=1)[0].split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
