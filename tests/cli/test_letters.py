"""Letters by command: made by whoever may, read back by anybody, and never believed unasked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from comity_cli.main import comity

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "correct horse battery staple"


@pytest.fixture
def draft(db: None) -> Any:
    """A draft of Anna's office, in an open channel; Clara administers and reads no case."""
    from comity_node.assistance import services  # noqa: PLC0415 - Django is not set up before
    from comity_node.officials import people  # noqa: PLC0415 - as above
    from tests.node.assistance.conftest import FILLED  # noqa: PLC0415 - as above
    from tests.node.counterpart import CHANNEL, open_channel  # noqa: PLC0415 - as above

    people.add_office("ministry", names={"en": "Ministry"})
    people.add_office("prosecution", names={"en": "Prosecution"})
    staff = {
        login: people.add_official(login, display_name=login, office=office, roles=[role], password=PASSWORD)
        for login, role, office in (
            ("anna", "case officer", "ministry"),
            ("dora", "coordinator", "prosecution"),
            ("clara", "administrator", "ministry"),
        )
    }
    open_channel()
    begun = services.draft(channel=CHANNEL, types=["documents_items"], title="One account", by=staff["anna"])
    return services.save_draft(begun, fields=FILLED, by=staff["anna"])


@pytest.fixture
def lodged(draft: Any) -> Any:
    """The same on record."""
    from comity_node.assistance import services  # noqa: PLC0415 - as above
    from comity_node.officials import services as officials  # noqa: PLC0415 - as above
    from comity_node.officials.models import Official, PreparedAct  # noqa: PLC0415 - as above

    prepared = services.submit(draft, by=draft.author)
    assert isinstance(prepared, PreparedAct)
    officials.second(prepared, by=Official.objects.get(login="dora"))
    return draft


def run(*words: object, by: str = "") -> tuple[int, dict[str, Any], str]:
    """Run a verb with ``--json``: exit code, document, and what was said."""
    as_whom = ["--as", by] if by else []
    result = CliRunner().invoke(comity, [*map(str, words), "--json", *as_whom], input=f"{PASSWORD}\n")
    document = json.loads(result.stdout) if result.stdout.startswith("{") else {}
    return result.exit_code, document, result.output


def letter(about: Any, file: Path, *words: str, by: str = "anna") -> tuple[int, dict[str, Any], str]:
    """Have a letter written."""
    return run("request", "letter", about.channel, about.ref, file, *words, by=by)


def test_a_letter_is_written_and_read_back(lodged: Any, tmp_path: Path) -> None:
    """The form is filled once: what went in comes out, with what can be said for it."""
    file = tmp_path / "letter.pdf"

    code, said, _ = letter(lodged, file, "--language", "fr")
    read_code, found, _ = run("request", "read-letter", file)

    assert (0, True, "fr") == (code, said["signed"], said["language"])
    assert (0, True, False) == (read_code, found["ok"], found["certificate_compared"])
    assert lodged.ref == found["act"]["ref"]
    assert "One account" == found["act"]["payload"]["title"]
    assert ["act.json", "entry.json", "entry.tlog-proof"] == found["attached"]


def test_whose_signature_it_is_must_be_compared(lodged: Any, tmp_path: Path) -> None:
    """A signature that holds proves a key; whose key, the authority says over another path."""
    from comity_node.register.letter_key import fingerprint  # noqa: PLC0415 - as above

    file = tmp_path / "letter.pdf"
    letter(lodged, file)

    silent = CliRunner().invoke(comity, ["request", "read-letter", str(file)])
    right = run("request", "read-letter", file, "--certificate", fingerprint().lower().replace(" ", ":"))
    wrong = run("request", "read-letter", file, "--certificate", "00" * 32)

    assert "Whose it is, is not known" in silent.output
    assert (0, True) == (right[0], right[1]["certificate_compared"])
    assert (1, ["it is signed with another certificate than the one given"]) == (wrong[0], wrong[1]["faults"])


def test_a_changed_letter_is_said_to_be_changed(lodged: Any, tmp_path: Path) -> None:
    """Exit 1, for programs that do not read."""
    file, changed = tmp_path / "letter.pdf", tmp_path / "changed.pdf"
    letter(lodged, file)
    changed.write_bytes(file.read_bytes().replace(b"/Producer", b"/producer", 1) + b" ")

    code, found, _ = run("request", "read-letter", changed)

    assert (1, False) == (code, found["ok"])
    assert "the signature does not hold" in found["faults"][0]


def test_a_draft_is_no_letter_yet(draft: Any, tmp_path: Path) -> None:
    """Its data can be read, and whoever reads them is told what they are."""
    file = tmp_path / "draft.pdf"

    code, said, _ = letter(draft, file, "--draft")
    read_code, found, _ = run("request", "read-letter", file)

    assert (0, False) == (code, said["signed"])
    assert (1, ["it is a draft and not signed"]) == (read_code, found["faults"])
    assert found["act"]["draft"]


def test_what_is_attached_is_taken_out_whole(lodged: Any, tmp_path: Path) -> None:
    """``comity verify`` takes the proof from there."""
    file, out = tmp_path / "letter.pdf", tmp_path / "out"
    letter(lodged, file)

    first, *_ = run("request", "read-letter", file, "--take-out", out)
    second, _, said = run("request", "read-letter", file, "--take-out", out)

    assert {"act.json", "entry.json", "entry.tlog-proof"} == {one.name for one in out.iterdir()}
    assert (0, 3) == (first, second)
    assert "letter-exists" in said or "exists" in said


def test_a_letter_never_takes_the_place_of_another_file(lodged: Any, tmp_path: Path) -> None:
    """A signed letter that was sent must not be written over by one that was not."""
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"mine")

    code, *_ = letter(lodged, file)

    assert (3, b"mine") == (code, file.read_bytes())


@pytest.mark.parametrize(
    ("words", "by", "code"),
    [((), "clara", 3), (("--draft",), "clara", 3), (("--language", "tlh"), "anna", 3), ((), "anna", 0)],
    ids=["no power", "no power over drafts", "no language", "as it should be"],
)
def test_who_may_not_read_the_case_gets_no_letter(
    lodged: Any, tmp_path: Path, words: tuple[str, ...], by: str, code: int
) -> None:
    """The shell gives nobody a power, and half a letter is none."""
    done, *_ = letter(lodged, tmp_path / "letter.pdf", *words, by=by)

    assert code == done
    assert (code == 0) == (tmp_path / "letter.pdf").exists()


def test_what_is_no_letter_is_refused_by_name(tmp_path: Path) -> None:
    """Without a node, without a trace."""
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7 nothing")

    code, _, said = run("request", "read-letter", tmp_path / "x.pdf")

    assert 4 == code
    assert "not a PDF" in said


def test_a_strangers_words_do_not_steer_the_terminal(tmp_path: Path) -> None:
    """A file from anywhere is read at a prompt: it must not clear the line that says it does not hold."""
    from datetime import UTC, datetime  # noqa: PLC0415 - only here

    import msgspec  # noqa: PLC0415 - only here

    from comity_node.letters.setting import to_pdf  # noqa: PLC0415 - as above
    from tests.node.letters.test_reading import DATA  # noqa: PLC0415 - as above
    from tests.node.letters.test_setting import a_letter  # noqa: PLC0415 - as above

    evil = '\x1b[2J\u202e"'
    payload = {"title": msgspec.Raw(msgspec.json.encode(evil)), "fields": msgspec.Raw(b"[1]")}
    data = msgspec.structs.replace(DATA, ref=evil, kind=evil, instrument="\n\nVERIFIED", payload=payload)
    files = {"act.json": data.encode().decode()}
    (tmp_path / "x.pdf").write_bytes(to_pdf(a_letter("x", files=files), now=datetime.now(UTC)))

    said = CliRunner().invoke(comity, ["request", "read-letter", str(tmp_path / "x.pdf")])

    assert 1 == said.exit_code
    assert "[U+001B][2J[U+202E]" in said.output
    assert not {"\x1b", "\u202e"}.intersection(said.output)
    assert not any(line.startswith("VERIFIED") for line in said.output.splitlines())


def test_the_passport_verb_shows_the_certificate(lodged: Any, tmp_path: Path) -> None:
    """It is what a counterpart is told over another path."""
    from django.conf import settings  # noqa: PLC0415 - as above

    from comity_node.counterparts import own  # noqa: PLC0415 - as above

    letter(lodged, tmp_path / "letter.pdf")
    place = settings.NODE.path / "passport.toml"
    place.write_text(
        'languages = ["en"]\n[[authorities]]\ncode = "m"\nrole = "central"\npowers = []\nnames = {en = "M"}\n'
    )
    own.issue_passport()
    place.unlink()

    _, shown, _ = run("passport", "show")
    _, found, _ = run("request", "read-letter", tmp_path / "letter.pdf")

    assert shown["letters"] == found["signed"]["fingerprint"]
