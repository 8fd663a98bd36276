"""Finding and keeping by command: what the pages find, list and print."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from comity_node.assistance import saved
from comity_node.officials.models import Official
from tests.cli.test_letters import draft, lodged, run

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["draft", "lodged"]  # the same request on record


def test_a_request_is_found_listed_and_told_by_command(lodged: Any, tmp_path: Path) -> None:
    """Whoever works at a terminal finds the same, and what is written is never written over."""
    anna = Official.objects.get(login="anna")
    saved.save("Ours", QueryDict("direction=ours"), is_shared=False, by=anna)
    table, about = tmp_path / "file.csv", ("request", "chronology", lodged.channel, lodged.ref)

    code, found, _ = run("search", lodged.ref, by="anna")
    _, listed, _ = run("request", "list", "--saved", "Ours", by="anna")
    unknown, _, _ = run("request", "list", "--saved", "Other", by="anna")
    _, told, _ = run(*about, "--on-record", by="anna")
    run(*about, "--output", table, by="anna")
    again, _, _ = run(*about, "--output", table, by="anna")

    assert 0 == code
    assert {"request", "entry"} <= {one["sort"] for one in found["found"]}
    assert [lodged.ref] == [one["ref"] for one in listed["requests"]]
    assert 0 not in (unknown, again)
    assert {"yes"} == {one["on_record"] for one in told["events"]}
    assert lodged.ref in table.read_text(encoding="utf-8-sig")
    json.dumps(told)


def test_a_case_file_is_written_by_command(lodged: Any, tmp_path: Path) -> None:
    """A file for the court needs no browser."""
    made = tmp_path / "file.pdf"

    code, said, _ = run("request", "file", lodged.channel, lodged.ref, "--output", made, by="anna")

    assert 0 == code, said
    assert made.read_bytes().startswith(b"%PDF-")
