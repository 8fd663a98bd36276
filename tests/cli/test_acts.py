"""Acts by command: what is said goes through the checks of the page, and is read before it is signed."""

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
def house(db: None) -> None:
    """Cora and Cyril of party aa, of different offices."""
    from comity_node.officials import people  # noqa: PLC0415 - Django is not set up before

    for login, office in (("cora", "ministry"), ("cyril", "prosecution")):
        people.add_office(office, names={"en": office.title()})
        people.add_official(
            login, display_name=login, office=office, roles=["coordinator", "case officer"], password=PASSWORD
        )


@pytest.fixture
def boris(house: None) -> Any:
    """The central authority of bb, in an open channel with us, with one request to us."""
    from tests.node.assistance.conftest import lodges  # noqa: PLC0415 - as above
    from tests.node.counterpart import open_channel  # noqa: PLC0415 - as above

    other = open_channel()
    lodges(other, "bb-2026-0001")
    return other


def run(*words: object, answer: str = "", by: str = "cora") -> tuple[int, dict[str, Any], str]:
    """Run a verb with ``--json``: exit code, document, and what was said."""
    result = CliRunner().invoke(
        comity, [*map(str, words), "--json", "--as", by], input=f"{PASSWORD}\n{answer}\n"
    )
    return (
        result.exit_code,
        json.loads(result.stdout) if result.stdout.startswith("{") else {},
        result.stderr,
    )


def act(boris: Any, name: str, *words: object, answer: str = "") -> tuple[int, dict[str, Any], str]:
    """Do an act on the one request."""
    return run("request", "act", boris.channel, "bb-2026-0001", name, *words, answer=answer)


def size(boris: Any) -> int:
    """How many entries we have signed."""
    from comity_node.register import queries  # noqa: PLC0415 - Django is not set up before

    own = queries.own_log(boris.channel)
    assert own is not None
    return own.size


def test_the_exact_text_is_shown_with_its_article_and_signed_on_a_yes(boris: Any) -> None:
    """A terminal is no excuse for signing what one has not read."""
    code, said, shown = act(boris, "acknowledged", answer="y")

    assert (0, "aa.comity/abcdefghijklmnop#1") == (code, said["entry"])
    assert "assistance.request.acknowledged\nchannel abcdefghijklmnop\nreference bb-2026-0001" in shown
    assert "practice: the Central Authority acknowledges every request it takes in hand [?]" in shown


def test_without_a_yes_nothing_is_signed(boris: Any) -> None:
    """Whoever reads the text and sees a slip stops there."""
    before = size(boris)

    code, *_ = act(boris, "acknowledged", answer="n")

    assert (1, before) == (code, size(boris))


def test_who_must_second_is_said_before_the_text_goes_to_them(boris: Any) -> None:
    """The author must know that nothing is on record yet."""
    act(boris, "acknowledged", "--yes")

    code, said, shown = act(
        boris, "executed", "--state", "extent=in whole", "--exhibit", "ab" * 32, answer="y"
    )

    assert (0, "Art. 7(1)") == (code, said["basis"])
    assert "before another official has seconded it" in shown
    assert "ab" * 32 in said["text"]


@pytest.mark.parametrize(
    ("name", "words", "says"),
    [
        ("returned", (), "What is missing or defective"),
        ("returned", ("--state", "reasons=nonsense"), "nonsense"),
        ("consulted", (), "In words"),
        ("acknowledged", ("--exhibit", "ab" * 32), "there is no exhibits to be said here"),
        ("acknowledged", ("--state", "extent=in whole"), "there is no extent to be said here"),
        ("acknowledged", ("--text", "x" * 50_001), "at most 50000 characters"),
    ],
)
def test_what_the_page_would_not_take_the_command_does_not_take(
    boris: Any, name: str, words: tuple[str, ...], says: str
) -> None:
    """One act, one set of checks, whichever way it comes."""
    before = size(boris)

    code, said, _ = act(boris, name, *words, "--yes")

    assert (3, "not-filled-in", before) == (code, said["code"], size(boris))
    assert says in said["error"]


@pytest.mark.parametrize("named", ["aa-2026-x0009", "bb.comity/abcdefghijklmnop#1", "no entry#at all"])
def test_an_exhibit_that_is_not_on_record_is_not_named(boris: Any, named: str) -> None:
    """An act that names an exhibit by a wrong reference would point a court at nothing."""
    act(boris, "acknowledged", "--yes")

    code, said, _ = act(boris, "executed", "--state", "extent=in whole", "--exhibit", named, "--yes")

    assert (3, "exhibit-not-on-record") == (code, said["code"])


def test_an_act_no_procedure_knows_is_answered_with_those_it_knows(boris: Any) -> None:
    """A mistyped act must not look like one that is not allowed."""
    code, said, _ = act(boris, "acknowleged", "--yes")

    assert (3, "not-in-instrument") == (code, said["code"])
    assert "acknowledged" in said["hint"]


def test_a_later_day_is_asked_for_of_a_clock_that_runs_and_answered_once(boris: Any) -> None:
    """Whoever mistypes a clock is told which run; nobody agrees to what was not asked."""
    asking = ("--state", "until=2099-03-01", "--text", "The court is closed.", "--yes")

    code, said, _ = act(boris, "extension_asked", "--state", "clock=review_of_postponement", *asking)
    assert (3, "not-filled-in") == (code, said["code"])
    assert "clock takes acknowledging, completeness_check" in said["hint"]
    assert 0 == act(boris, "extension_asked", "--state", "clock=acknowledging", *asking)[0]
    code, said, _ = act(boris, "extension_agreed", "--yes")
    assert (3, "not-allowed-now") == (code, said["code"])
    assert "no later day that the other Party asked for is open" in said["error"]

    boris.does(
        "assistance.request.extension_asked",
        "bb-2026-0001",
        stated={"clock": "acknowledging", "until": "2099-04-01"},
        payload={"text": "Take your time."},
    )
    assert 0 == act(boris, "extension_agreed", "--yes")[0]


def test_an_act_of_the_other_side_is_refused_by_the_table(boris: Any) -> None:
    """Only the requesting Party withdraws its request."""
    code, said, _ = act(boris, "withdrawn", "--yes")

    assert (3, "not-allowed-now") == (code, said["code"])


def test_a_refused_draft_leaves_nothing_behind(boris: Any) -> None:
    """A number is not used up by a slip of the pen."""
    words = ("request", "draft", boris.channel, "--title", "Images", "--type", "documents_items")

    code, said, _ = run(*words, "--field", "no_such_field=x")
    _, listed, _ = run("request", "drafts")

    assert (3, "not-filled-in", []) == (code, said["code"], listed["drafts"])


def test_a_draft_is_written_on_where_it_was_left_and_thrown_away(boris: Any) -> None:
    """What is not said again stays: a field, the title, the translation."""
    words = ("request", "draft", boris.channel, "--title", "Images", "--type", "documents_items")
    _, begun, _ = run(*words, "--field", "purpose=Trial", "--translation-language", "fr")

    _, written, _ = run("request", "write", begun["ref"], "--translated", "purpose=Procès")
    kept, discarded = _draft(begun["ref"]), run("request", "discard", begun["ref"])[0]

    assert ("Images", {"purpose": "Trial"}) == (kept.title, {n: t for n, t in kept.fields.items() if t})
    assert "Procès" == kept.translation["purpose"]
    assert "purpose" not in [gap["field"] for gap in written["lacks"]]
    assert (0, []) == (discarded, run("request", "drafts")[1]["drafts"])


def test_a_sealed_file_waits_until_its_text_was_read(boris: Any, tmp_path: Path) -> None:
    """The seal is made first, because the text to be signed names its hash; then it is announced."""
    from dataclasses import replace  # noqa: PLC0415 - beside the settings it changes

    from django.conf import settings  # noqa: PLC0415 - Django is not set up before

    was, settings.NODE = settings.NODE, replace(settings.NODE, exhibits=tmp_path / "exhibits")
    try:
        file = tmp_path / "letter.txt"
        file.write_bytes(b"Dear colleague")
        refused, _, shown = run("evidence", "add", file, "--channel", boris.channel, answer="n")
        _, waits, _ = run("evidence", "waiting")
        (ref,) = [one["ref"] for one in waits["waiting"]]
        announced, said, _ = run("evidence", "announce", ref, "--yes")
        again, *_ = run("evidence", "discard", ref)
    finally:
        settings.NODE = was

    assert 1 == refused
    assert '"sha256"' in shown
    assert (0, ref, 3) == (announced, said["ref"], again)


def _draft(ref: str) -> Any:
    from comity_node.assistance.models import Draft  # noqa: PLC0415 - Django is not set up before

    return Draft.objects.get(ref=ref)


def test_a_draft_says_what_sends_such_requests_back(boris: Any) -> None:
    """Whoever writes at a terminal is told as much as whoever writes on a page."""
    words = ("request", "draft", boris.channel, "--title", "Images", "--type", "documents_items")

    _, begun, _ = run(*words, "--field", "ip_port_time=192.0.2.7, port 443, 3 May 2026 14:05")
    _, listed, _ = run("request", "drafts")
    _, mended, _ = run(
        "request", "write", begun["ref"], "--field", "ip_port_time=192.0.2.7:443 3 May 2026 14:05 UTC"
    )

    (found,) = begun["defects"]
    assert ("no_time_zone", "returns", "ip_port_time") == (found["id"], found["severity"], found["field"])
    assert [1] == [row["sent_back_for"] for row in listed["drafts"]]
    assert [] == mended["defects"]
