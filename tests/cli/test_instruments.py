"""``comity instruments`` as a lawyer runs it: without a node, over what is shipped and over a draft."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from comity.instruments import editions, leaves, library, mermaid, texts
from comity_cli.main import comity

if TYPE_CHECKING:
    from pathlib import Path

MLAT = library()["us-ru-1999"]
EDITIONS = sorted(editions().values(), key=lambda one: one.id)
PROCEDURES = [(one, procedure) for one in EDITIONS for procedure in one.procedures]


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """The treaty in a lawyer's folder, without the patterns it follows."""
    for name, raw in texts()["us-ru-1999"].items():
        if not name.startswith("pattern-"):
            (tmp_path / name).write_bytes(raw)
    return tmp_path


def edit(draft: Path, old: str, new: str, *, file: str = "instrument.toml") -> None:
    """Replace one passage of a draft."""
    text = (draft / file).read_text(encoding="utf-8")
    assert old in text
    (draft / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def ask(*words: object) -> tuple[int, dict[str, Any], str]:
    """Run a verb with ``--json``: exit code, document, and what was said."""
    result = CliRunner().invoke(comity, ["instruments", *map(str, words), "--json"])
    return result.exit_code, json.loads(result.stdout) if result.stdout else {}, result.stderr


def read(*words: object) -> str:
    """Run a verb as people do."""
    result = CliRunner().invoke(comity, ["instruments", *map(str, words)], env={"COLUMNS": "80"})
    assert (0, "") == (result.exit_code, result.stderr)
    return result.stdout


def test_every_instrument_is_listed_with_its_edition_and_its_marks() -> None:
    """How much of a text somebody read is the first thing to know before relying on it."""
    code, said, _ = ask("list")

    assert (0, True) == (code, said["ok"])
    assert list(library()) == [row["id"] for row in said["instruments"]]
    row = next(row for row in said["instruments"] if row["id"] == "us-ru-1999")
    assert (MLAT.digest, str(MLAT.edition_on), "2002-01-31") == (
        row["digest"],
        row["edition_on"],
        row["in_force"],
    )
    assert len(list(leaves(MLAT))) == row["statements"] == sum(row["marks"].values())
    assert all(one.id in read("list") for one in library().values())


def test_a_list_between_two_parties_says_what_governs_and_what_yields() -> None:
    """An officer must not lodge under a fallback by mistake."""
    code, said, _ = ask("list", "--between", "us,ru", "--on", "2026-01-01")
    first = said["instruments"][0]

    assert (0, ["us", "ru"], "2026-01-01") == (code, said["between"], said["on"])
    assert set(library()) == {row["id"] for row in said["instruments"]}
    assert ("us-ru-1999", True, "yes") == (
        first["id"],
        first["footing"]["governs"],
        first["footing"]["binds"],
    )
    assert "governs" in read("list", "--between", "us,ru", "--on", "2026-01-01")


def test_a_treaty_does_not_bind_before_its_day() -> None:
    """What binds two States today says nothing of another year."""
    _, said, _ = ask("list", "--between", "us,ru", "--on", "2001-12-31")

    assert {"us-ru-1999": "no"}.items() <= {
        row["id"]: row["footing"]["binds"] for row in said["instruments"]
    }.items()


@pytest.mark.parametrize(
    "words",
    [("--between", "us"), ("--between", "us,us"), ("--between", "us,RU"), ("--on", "2026-01-01")],
)
def test_a_question_about_anything_but_two_parties_is_wrong_usage(words: tuple[str, ...]) -> None:
    """An answer about other parties than were meant is worse than none."""
    result = CliRunner().invoke(comity, ["instruments", "list", *words])

    assert 2 == result.exit_code


@pytest.mark.parametrize("instrument", EDITIONS, ids=lambda one: f"{one.id}~{one.edition}")
def test_every_instrument_can_be_read_whole(instrument: Any) -> None:
    """What a text leaves unsaid on the screen, its reader takes for not being there."""
    shown = "".join(read("show", instrument.digest).split())

    for leaf in leaves(instrument):
        if not leaf.procedure and leaf.kind not in {"fact", "article", "precedence"}:
            assert leaf.name[:6] in shown, leaf.place
    _, said, _ = ask("show", f"{instrument.id}~{instrument.edition}")
    assert instrument.digest == said["digest"]


def test_a_table_is_no_wider_than_the_terminal() -> None:
    """A line that runs on under the next one cannot be read."""
    tables = read("show", "us-ru-1999").partition("IDENTITY")[2]

    assert 80 >= max(map(len, tables.splitlines()))


@pytest.mark.parametrize(("instrument", "procedure"), PROCEDURES)
def test_every_procedure_can_be_read_whole(instrument: Any, procedure: Any) -> None:
    """One file follows another: only here do the rows of both stand together."""
    said = read("show", instrument.digest, "--procedure", procedure.id)

    assert "\n".join(mermaid(procedure)) in said
    code, document, _ = ask("show", instrument.digest, "--procedure", procedure.id)
    assert (0, [row.name for row in procedure.rows]) == (code, [row["name"] for row in document["rows"]])


def test_what_is_not_there_is_refused_with_what_is() -> None:
    """Whoever mistypes a name needs the list, not a stack."""
    code, said, told = ask("show", "us-ru-1998")
    assert (3, "no-such-instrument") == (code, said["code"])
    assert "us-ru-1999" in told

    code, said, told = ask("show", "us-ru-1999", "--procedure", "extradition")
    assert (3, "not-in-instrument") == (code, said["code"])
    assert "assistance" in told


def test_what_is_shipped_passes_the_checks() -> None:
    """The first thing a doubter runs."""
    code, said, _ = ask("check")

    assert (0, []) == (code, said["findings"])
    assert len(editions()) == len(said["checked"])


def test_a_draft_is_checked_with_the_shipped_patterns(draft: Path) -> None:
    """A lawyer edits one folder and does not copy into it what is shared."""
    code, said, _ = ask("check", draft)

    assert (0, []) == (code, said["findings"])


def test_what_is_wrong_with_a_draft_is_found_and_named(draft: Path) -> None:
    """The exit code is for programs, the place for the lawyer."""
    edit(draft, "number   = 8\n", "number   = 88\n")

    code, said, _ = ask("check", draft)

    assert (1, False) == (code, said["ok"])
    places = {one["place"] for one in said["findings"]}
    citing = {f"us-ru-1999/{leaf.place}" for leaf in leaves(MLAT) if leaf.said.basis == "Art. 8"}
    assert {"us-ru-1999/article 88", *citing} - {"us-ru-1999/article 8"} == places


@pytest.mark.parametrize("file", ["instrument.toml", "assistance.toml", "parties.toml"])
def test_a_draft_out_of_form_is_a_finding_too(draft: Path, file: str) -> None:
    """Whether a table is unsound or cannot even be read, the lawyer asked the same question."""
    (draft / file).write_text("colour = 'red'\n", encoding="utf-8")

    code, said, told = ask("check", draft)

    assert (1, "") == (code, told)
    assert file in said["findings"][0]["finding"]


def test_a_folder_that_holds_no_instrument_is_refused(tmp_path: Path) -> None:
    """Nothing checked must not look like nothing found."""
    code, said, _ = ask("show", tmp_path)

    assert (3, "malformed-instrument") == (code, said["code"])


def test_a_draft_is_compared_with_what_is_shipped(draft: Path) -> None:
    """What a lawyer has changed is what the lawyer signs for."""
    edit(draft, 'edition    = "1"', 'edition    = "2"')
    edit(
        draft,
        'topic    = "Costs"\nbasis    = "Art. 8"\nverified = "P"',
        'topic    = "Costs"\nbasis    = "Art. 8"\nverified = "V"',
    )

    code, said, _ = ask("diff", "us-ru-1999", draft)

    found = {one["place"]: one["keys"] for one in said["differences"]}
    assert (0, 2, 0, 0) == (code, said["changed"], said["added"], said["removed"])
    assert {"verified": {"before": "P", "after": "V"}} == found["article 8"]
    assert "verified: P → V" in read("diff", "us-ru-1999", draft)
    assert "basis or mark changed in 1" in read("diff", "us-ru-1999", draft)


def test_two_alike_are_said_to_be_alike() -> None:
    """Silence could also mean that nothing was compared."""
    assert "both say the same" in read("diff", "us-ru-1999", MLAT.digest)


def test_the_law_is_read_without_django_or_network_libraries() -> None:
    """A lawyer's machine has no node; and what is not loaded cannot be attacked."""
    program = (
        "import sys; from comity_cli.main import main\n"
        "sys.argv = ['comity', 'instruments', 'show', 'us-ru-1999']\n"
        "code = main()\n"
        "loaded = {'django', 'httpx', 'granian', 'sqlite3'} & set(sys.modules)\n"
        "sys.exit(code or (9 if loaded else 0))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=60)

    assert (0, b"") == (done.returncode, done.stderr)


def linked(draft: Path, to: str) -> None:
    """Put a link where a table is read."""
    (draft / "other.toml").symlink_to(to)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda draft: (draft / "other.toml").mkdir(),
        lambda draft: os.mkfifo(draft / "other.toml"),
        lambda draft: linked(draft, "nowhere"),
        lambda draft: linked(draft, "other.toml"),
        lambda draft: linked(draft, "/dev/zero"),
        lambda draft: (draft / "other.toml").write_bytes(b"\x00" * 300_000),
        lambda draft: (draft / "other.toml").write_bytes(bytes(range(256))),
        lambda draft: (draft / "other.toml").write_bytes(b"a = " + b"[" * 999),
        lambda draft: (draft / "other.toml").write_bytes(b"a = " + b"{b = " * 190),
        lambda draft: (draft / "other.toml").write_bytes(b"a = 1\n" * 2),
        lambda draft: (draft / "Other\n.toml").write_bytes(b""),
        lambda draft: [(draft / f"a{n}.toml").write_bytes(b"") for n in range(100)],
        lambda draft: (draft / "parties.toml").write_bytes(b"\x00" * 300_000),
        lambda draft: edit(draft, "[[provision]]", '[["\\u001b[2J"]]', file="assistance.toml"),
        lambda draft: edit(draft, "kind ", "kind = 1\nkind "),
        lambda draft: edit(draft, "[[rule]]", '[[rule]]\nid = "costs"\n[[rule]]'),
    ],
)
def test_a_draft_that_cannot_be_read_is_answered_with_what_is_wrong_and_where(
    draft: Path, spoil: Any
) -> None:
    """A lawyer is told which file to look at; a pipe is never waited for, and no terminal is written on."""
    spoil(draft)

    code, said, told = ask("check", draft)

    assert 1 == code, told
    assert said["findings"]
    every = " ".join(one["finding"] for one in said["findings"])
    assert ".toml" in every
    assert "Traceback" not in every + told
    assert not {"\x1b", "\x00", "\n"} & set(every)


@pytest.mark.parametrize(
    "name", ["instrument.toml", "nothing/at/all", "a\x00/b", "x/" * 3000, "/dev/null", "./"]
)
def test_what_is_no_directory_of_an_instrument_is_said_to_be_none(draft: Path, name: str) -> None:
    """Most often the file itself is named."""
    code, said, told = ask("check", draft / name if name == "instrument.toml" else name)

    assert code in {1, 2, 5}, (code, told)
    assert "Traceback" not in told
    assert said.get("findings") or told
