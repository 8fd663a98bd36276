"""What the documents say exists: targets, commands, files, decisions, dependencies, tests."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING

import click
import pytest

from comity.entries import decode
from tests.house.source import ROOT, files, shown, tree
from tools.list_commands import whole_command
from tools.list_errors import errors

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *files("docs", ending=".md"),
]
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
THREAT = re.compile(r"^### (?P<name>[^\n]+)\n\n(?P<body>.+?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
CITED_SPEC = re.compile(r"docs/spec/([a-z-]+\.md)")
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def shell_lines(page: Path) -> list[str]:
    """Return the commands of a page's shell blocks."""
    blocks = SHELL.findall(page.read_text(encoding="utf-8"))
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def resolves(words: list[str]) -> bool:
    """Whether these words, as far as they are verbs, name a command."""
    command: click.Command | None = whole_command()
    while words and isinstance(command, click.Group):
        command = command.commands.get(words.pop(0))
    return command is not None and not isinstance(command, click.Group)


def names_in(path: Path) -> set[str]:
    """Return the functions a test file defines."""
    return {node.name for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)}


def test_every_make_target_is_explained() -> None:
    """A target nobody has written about is one nobody dares to run."""
    said = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

    assert set() == {target for target in TARGETS if f"make {target}" not in said}


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_make_command_shown_is_a_target(page: Path) -> None:
    """What a reader copies from a page must run."""
    shown_targets = {line.split()[1] for line in shell_lines(page) if line.startswith("make ")}

    assert set() == shown_targets - TARGETS


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_comity_command_shown_exists(page: Path) -> None:
    """A verb that was renamed must not live on in the manual."""
    verbs = [line.split()[1:] for line in shell_lines(page) if line.startswith("comity ")]
    if not whole_command().commands:
        pytest.skip("the command has no verbs")

    assert [] == [words for words in verbs if not resolves(words)]


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    """A dead link costs the reader the one thing they came for."""
    links = LINK.findall(COMMENT.sub("", page.read_text(encoding="utf-8")))

    assert [] == [link for link in links if not (page.parent / link).exists()]


def test_every_decision_is_indexed() -> None:
    """A decision that is not in the index is made a second time."""
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text(encoding="utf-8")

    records = [record.name for record in sorted(folder.glob("[0-9]*.md"))]

    assert [] == [name for name in records if f"({name})" not in index]


def test_no_two_decisions_share_a_number() -> None:
    """Code and pages cite a decision by its number alone."""
    numbers = Counter(record.name[:4] for record in (ROOT / "docs" / "adr").glob("[0-9]*.md"))

    assert {} == {number: count for number, count in numbers.items() if count > 1}


def test_every_dependency_has_its_reason() -> None:
    """A library nobody can say the reason of is removed, not kept."""
    record = (ROOT / "docs" / "adr" / "0007-dependencies.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    build = (ROOT / "requirements" / "build.in").read_text(encoding="utf-8").splitlines()
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    wanted += [line for line in build if line and not line.startswith("#")]

    reasons = re.findall(r"^\| ([\w.-]+) \| \S.{10,} \|$", record, re.MULTILINE)

    assert {re.match(r"[\w.-]+", line)[0] for line in wanted} == set(reasons) - {"library"}


def test_every_dependency_is_locked_by_hash() -> None:
    """A version without its hash is whatever a server answers on the day."""
    lock = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")

    pinned = re.findall(r"^([\w.-]+)==\S+ \\$", lock, re.MULTILINE)
    named = re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)

    assert named == pinned
    assert len(named) > 10


def test_error_codes_are_unique_and_explained() -> None:
    """Programs of two parties act on the code: it has one meaning, for good."""
    found = errors(ROOT / "src")

    codes = Counter(error.code for error in found)

    assert {} == {code: count for code, count in codes.items() if count > 1}
    assert [] == [error.name for error in found if not re.fullmatch(r"[a-z]+(-[a-z]+)*", error.code)]
    assert [] == [error.name for error in found if not error.meaning]


def test_every_error_is_listed() -> None:
    """An official who meets a code must find it in the manual."""
    page = (ROOT / "docs" / "spec" / "errors.md").read_text(encoding="utf-8")

    assert [] == [error.code for error in errors(ROOT / "src") if f"| `{error.code}` |" not in page]


def test_every_threat_names_its_attack_its_answer_and_its_test() -> None:
    """A threat without an answer is a worry, and an answer no test has tried is a hope: both must show."""
    threats = THREAT.findall((ROOT / "docs" / "threats.md").read_text(encoding="utf-8"))

    lines = {name: re.findall(r"^- \*\*(.+?):\*\* \S", body, re.MULTILINE) for name, body in threats}

    assert len(lines) > 20
    assert {} == {name: said for name, said in lines.items() if said != ["Attack", "Answer", "Tried by"]}


def test_every_threat_is_tried_by_tests_that_exist() -> None:
    """A named test that is gone would let the page promise what nothing checks."""
    for name, body in THREAT.findall((ROOT / "docs" / "threats.md").read_text(encoding="utf-8")):
        tried = body.split("**Tried by:**")[1]
        named = NAMED_TEST.findall(tried)

        assert named or tried.strip() == "nothing yet", name
        for file, function in named:
            assert (ROOT / file).is_file(), f"{name}: {file}"
            assert not function or function in names_in(ROOT / file), f"{name}: {file}::{function}"


def test_every_specification_the_code_follows_is_written() -> None:
    """Whoever writes another implementation has these pages and nothing else."""
    cited = {
        name
        for path in files("src", ending=".py")
        for name in CITED_SPEC.findall(path.read_text(encoding="utf-8"))
    }

    assert set() == {name for name in cited if not (ROOT / "docs" / "spec" / name).exists()}


def test_the_example_entry_of_the_specification_is_an_entry() -> None:
    """An example is what an implementer copies first."""
    page = (ROOT / "docs" / "spec" / "entries.md").read_text(encoding="utf-8")

    (example,) = re.findall(r"^```json\n(.*)\n```", page, re.MULTILINE)

    assert "assistance.request.acknowledged" == decode(example.encode()).kind
