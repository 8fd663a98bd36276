"""Two nodes that never talk: sticks, interrupted and old ones among them, one-way lines, and paper."""

from __future__ import annotations

import json

import pytest

from comity.channel.bundle import Bundle, read_bundle
from tests.two_nodes.desk import Desk

pytestmark = pytest.mark.two_nodes


@pytest.fixture
def desks(nodes, tmp_path) -> tuple[Desk, Desk]:
    """Both sides at their terminals; no server runs."""
    anna, boris = (Desk(node, tmp_path) for node in nodes)
    return anna, boris


def bundles(desk: Desk, *words: object, code: int = 0) -> dict:
    """A verb of ``comity bundle``."""
    return desk.run("bundle", *words, by="", code=code)


def states(said: dict) -> list[str]:
    """What became of each file."""
    return [one["state"] for one in said["files"]]


def test_everything_crosses_by_stick_and_its_receipts_come_back(nodes, desks, tmp_path) -> None:
    """A channel must live where no wire is allowed, and both sides must hold the same in the end."""
    anna, boris = desks
    stick = tmp_path / "stick"
    ref = anna.drafts()
    anna.signs_with_second("request", "submit", ref)

    out = bundles(anna, "export", "--all", stick)
    seen = bundles(boris, "preview", stick)
    before = nodes[1].sizes()
    taken = bundles(boris, "import", stick)
    back = bundles(anna, "import", stick)
    boris_again = bundles(boris, "import", stick)

    assert 1 == len(out["files"])
    assert [["assistance.request.lodged", ref]] == seen["files"][0]["acts"]
    assert states(seen) == states(taken) == ["new"]
    assert before != nodes[1].sizes(), "the import kept what the preview only looked at"
    assert {"elsewhere", "new"} == set(states(back))
    assert (0, 1) == (back["entries"], back["receipts"])
    assert 0 == boris_again["entries"]
    held = [node.sizes() for node in nodes]
    assert held[0][f"aa.comity/{anna.channel}"] == held[1][f"aa.comity/{anna.channel}"]
    size, receipted = held[0][f"aa.comity/{anna.channel}"]
    assert size == receipted


def test_a_preview_changes_nothing_and_signs_nothing(nodes, desks, tmp_path) -> None:
    """Whoever looks at a stranger's stick has not thereby received it."""
    anna, boris = desks
    anna.signs_with_second("request", "submit", anna.drafts())
    bundles(anna, "export", "--all", tmp_path / "stick")
    before = nodes[1].sizes()

    for _ in range(2):
        assert ["new"] == states(bundles(boris, "preview", tmp_path / "stick"))

    assert before == nodes[1].sizes()


def test_old_sticks_duplicates_and_strangers_files_do_no_harm(nodes, desks, tmp_path) -> None:
    """Sticks lie in drawers, are copied, and carry holiday pictures."""
    anna, boris = desks
    first, second = tmp_path / "first", tmp_path / "second"
    anna.signs_with_second("request", "submit", anna.drafts())
    bundles(anna, "export", "--all", first)
    anna.signs_with_second("request", "submit", anna.drafts())
    bundles(anna, "export", "--all", second)
    (second / "holiday.jpg").write_bytes(b"\xff\xd8\xff" * 1000)
    (second / "notes.txt").write_text("buy milk\n", "utf-8")

    assert 2 == bundles(boris, "import", second, "--no-answer")["entries"]
    old = bundles(boris, "import", first)
    again = bundles(boris, "import", second)

    assert ["held"] == states(old)
    assert {"held", "strange", "elsewhere"} >= set(states(again))
    assert (0, 0) == (again["entries"], again["receipts"])
    assert 2 == bundles(anna, "import", second)["receipts"]


def test_a_part_that_comes_before_its_time_waits_and_a_damaged_one_is_refused(nodes, desks, tmp_path) -> None:
    """Of many files one may be lost or broken: the others are taken, and what is wrong is named."""
    anna, boris = desks
    stick = tmp_path / "stick"
    anna.signs_with_second("request", "submit", anna.drafts())
    bundles(anna, "export", "--all", stick)
    (file,) = stick.iterdir()
    whole = read_bundle(file.read_bytes())
    later = Bundle(
        channel=whole.channel,
        sender="aa",
        receiver="bb",
        start=whole.end + 3,
        checkpoint=whole.checkpoint,
        entries=whole.entries,
        payloads=whole.payloads,
    )
    damaged = bytearray(file.read_bytes())
    damaged[damaged.index(b"age-encryption") + 900] ^= 1
    file.unlink()
    (stick / "damaged.tar").write_bytes(damaged)

    refused = bundles(boris, "import", stick, code=4)
    assert (["refused"], "payload-does-not-match") == (states(refused), refused["files"][0]["code"])
    assert 0 == refused["entries"]

    (stick / "damaged.tar").unlink()
    (stick / "later.tar").write_bytes(later.encode())
    assert ["gap"] == states(bundles(boris, "import", stick))


def test_an_import_that_was_interrupted_is_simply_done_again(nodes, desks, tmp_path) -> None:
    """A stick is pulled out in the middle: half a file is refused, and nothing half-taken remains."""
    anna, boris = desks
    stick = tmp_path / "stick"
    anna.signs_with_second("request", "submit", anna.drafts())
    bundles(anna, "export", "--all", stick)
    (file,) = stick.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    before = nodes[1].sizes()

    assert ["refused"] == states(bundles(boris, "import", stick, code=4))
    assert before == nodes[1].sizes()

    file.write_bytes(whole)
    assert ["new"] == states(bundles(boris, "import", stick))
    assert [] == [path.name for path in stick.iterdir() if path.name.startswith(".")], "no draft is left"


def test_behind_a_one_way_line_receipts_return_as_a_file_or_on_paper(nodes, desks, tmp_path) -> None:
    """A diode lets deliveries in and nothing out; the receipt goes by courier, and counts as any other."""
    anna, boris = desks
    stick = tmp_path / "diode"
    anna.signs_with_second("request", "submit", anna.drafts())
    bundles(anna, "export", "--all", stick)
    bundles(boris, "import", stick, "--no-answer")
    log = f"aa.comity/{anna.channel}"
    size, receipted = nodes[0].sizes()[log]
    assert receipted < size

    sheet = boris.run("receipt", "print", boris.channel, by="")
    boris.run("receipt", "print", boris.channel, tmp_path / "sheet.pdf", by="")
    (tmp_path / "typed").write_text("\n".join(sheet["lines"][::-1]), "utf-8")
    entered = anna.run("receipt", "enter", tmp_path / "typed", by="")

    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert ("bb", size, size - receipted) == (entered["giver"], entered["size"], entered["fresh"])
    assert (size, size) == nodes[0].sizes()[log]

    anna.signs_with_second("request", "submit", anna.drafts())
    bundles(anna, "export", "--all", stick)
    bundles(boris, "import", stick, "--no-answer")
    boris.run("receipt", "export", boris.channel, tmp_path / "receipt", by="")
    assert (tmp_path / "receipt").stat().st_size < 16_384
    assert 1 == anna.run("receipt", "import", tmp_path / "receipt", by="")["fresh"]
    assert 0 == anna.run("receipt", "import", tmp_path / "receipt", by="")["fresh"]
    assert (size + 1, size + 1) == nodes[0].sizes()[log]


@pytest.mark.parametrize("form", ["paper", "file"])
def test_a_receipt_that_was_altered_or_is_for_another_is_refused(nodes, desks, tmp_path, form) -> None:
    """What comes alone is verified as what comes with a delivery; a forged one must start no clock."""
    anna, boris = desks
    anna.signs_with_second("request", "submit", anna.drafts())
    bundles(anna, "export", "--all", tmp_path / "stick")
    bundles(boris, "import", tmp_path / "stick", "--no-answer")
    before = nodes[0].sizes()
    given = tmp_path / "receipt"
    if form == "file":
        boris.run("receipt", "export", boris.channel, given, by="")
        given.write_bytes(given.read_bytes()[:-20] + b"AAAAAAAAAAAAAAAAAA=\n")
    else:
        lines = boris.run("receipt", "print", boris.channel, by="")["lines"]
        given.write_text("\n".join(lines[:-1]), "utf-8")
    verb = ("receipt", "import" if form == "file" else "enter", given)

    said = anna.run(*verb, by="", code=4)
    wrong = boris.run(*verb, by="", code=4)

    assert said["code"] in ("bad-signature", "malformed-note", "paper-incomplete", "bad-receipt")
    assert wrong["code"] in ("unknown-origin", "paper-incomplete", "malformed-note")
    assert before == nodes[0].sizes()


def test_a_receipt_on_a_stick_is_taken_with_the_rest(nodes, desks, tmp_path) -> None:
    """Whoever carries a stick does not sort what is on it."""
    anna, boris = desks
    anna.signs_with_second("request", "submit", anna.drafts())
    bundles(anna, "export", "--all", tmp_path / "stick")
    bundles(boris, "import", tmp_path / "stick", "--no-answer")
    boris.run("receipt", "export", boris.channel, tmp_path / "stick" / "receipt", by="")

    seen, taken = (bundles(anna, verb, tmp_path / "stick") for verb in ("preview", "import"))

    assert {"new", "elsewhere"} == set(states(seen)) == set(states(taken))
    assert 1 == taken["receipts"]
    assert json.dumps(seen["files"]) == json.dumps(taken["files"])
