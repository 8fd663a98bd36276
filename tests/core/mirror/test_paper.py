"""A receipt on paper: whatever is typed gives the receipt that was printed, or is named as misread."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import BadReceipt, ComityError
from comity.mirror import PaperReceipt, give_receipt, paper, read_receipt
from comity.mirror.paper import BETWEEN, PaperIncomplete, PaperMisread
from tests.core.mirror.parties import AT, Author

ANNA = Author("aa", seed=32)
ANNA.writes("ours")
ANNA.writes("more")
BORIS = Author("bb", seed=16)
CHECKPOINT = ANNA.checkpoint()
RECEIPT = give_receipt(CHECKPOINT, BORIS.cosigners())
SHEET = PaperReceipt.of(RECEIPT, BORIS.mirror_vkeys)
LINES = SHEET.lines()


def test_a_sheet_gives_the_receipt_that_was_printed() -> None:
    """It must be the very receipt: a clock starts at it."""
    read = PaperReceipt.read("\n".join(LINES))
    whole = read.receipt(CHECKPOINT, BORIS.mirror_vkeys)
    keys = {"log_keys": ANNA.vkeys, "mirror_keys": BORIS.mirror_vkeys}

    receipt = read_receipt(whole, ANNA.origin, **keys)

    assert (2, AT, "bb", str(ANNA.origin)) == (read.size, read.at, read.giver, str(read.origin))
    assert read_receipt(RECEIPT, ANNA.origin, **keys) == receipt


def test_a_page_holds_the_lines_and_two_digits_number_them() -> None:
    """A sheet that runs over pages is mislaid by half."""
    assert len(LINES) <= 66
    assert max(map(len, LINES)) <= 90
    assert [f"{number:02}" for number in range(1, len(LINES) + 1)] == [line[:2] for line in LINES]


def test_lines_may_come_in_any_order_and_as_people_type() -> None:
    """Scanners read codes in the order they are pointed at; people write o for 0 and leave out spaces."""
    shuffled = [*LINES, *LINES[:3]]
    random.Random(4).shuffle(shuffled)
    typed = [line.lower().replace("0", "o").replace("1", "l").replace(" ", "-") for line in shuffled]

    assert PaperReceipt.read(BETWEEN.join(typed)) == SHEET
    assert PaperReceipt.read("\r\n\r\n".join(line.replace(" ", "") for line in shuffled)) == SHEET


@given(
    place=st.integers(0, len(LINES) - 1),
    at=st.integers(3, 80),
    letter=st.sampled_from(string.ascii_uppercase + "23456789"),
)
def test_a_misread_letter_is_named_by_its_line(place: int, at: int, letter: str) -> None:
    """Nobody types four thousand letters again because one was wrong."""
    lines = list(LINES)
    line = lines[place]
    at = min(at, len(line) - 1)
    if line[at] == " " or {line[at], letter} <= {"0", "O"} or {line[at], letter} <= {"1", "I", "L"}:
        return
    if line[at] == letter:
        return
    lines[place] = line[:at] + letter + line[at + 1 :]

    with pytest.raises(PaperMisread, match=line[:2]):
        PaperReceipt.read("\n".join(lines))


def test_lines_that_are_missing_are_named() -> None:
    """Whoever scanned seven codes of eight must learn which one is left."""
    with pytest.raises(PaperIncomplete, match=r"2 of .* lines of the sheet are not there: 7, 40"):
        PaperReceipt.read("\n".join(line for line in LINES if line[:2] not in ("07", "40")))
    with pytest.raises(PaperIncomplete, match="line 1"):
        PaperReceipt.read("\n".join(LINES[1:]))


def test_lines_of_two_sheets_are_not_mixed() -> None:
    """Two receipts in one heap of paper must not make a third."""
    other = PaperReceipt.of(
        give_receipt(ANNA.checkpoint(1), BORIS.cosigners(AT + 5)), BORIS.mirror_vkeys
    ).lines()

    with pytest.raises(PaperMisread, match="two sheets"):
        PaperReceipt.read("\n".join([*LINES, other[5]]))

    mixed = PaperReceipt.read("\n".join([*LINES[:40], *other[40:]]))
    with pytest.raises(ComityError):
        read_receipt(
            mixed.receipt(ANNA.checkpoint(), BORIS.mirror_vkeys),
            ANNA.origin,
            log_keys=ANNA.vkeys,
            mirror_keys=BORIS.mirror_vkeys,
        )


@given(st.text(max_size=400) | st.lists(st.sampled_from(LINES), max_size=12).map("\n".join))
def test_whatever_is_typed_ends_in_an_answer(text: str) -> None:
    """A form takes what people paste; no traceback may come of it."""
    with pytest.raises((PaperMisread, PaperIncomplete)):
        PaperReceipt.read(text)


def test_a_text_longer_than_any_sheet_is_not_read() -> None:
    """A form must not be made to work for an hour."""
    with pytest.raises(PaperMisread, match="at most"):
        PaperReceipt.read("0" * 100_000)


@pytest.mark.parametrize("note", [ANNA.checkpoint(), give_receipt(ANNA.checkpoint(), BORIS.cosigners()[:1])])
def test_half_a_receipt_is_not_put_on_paper(note: bytes) -> None:
    """A sheet that cannot be verified later only wastes a courier's way."""
    with pytest.raises(BadReceipt):
        PaperReceipt.of(note, BORIS.mirror_vkeys)


def test_a_sheet_of_another_form_or_of_no_names_is_refused() -> None:
    """A later form is not guessed at, and names are held against their form."""

    def sheet(head: bytes, body: bytes) -> str:
        data = head + body
        chunks = [data[at : at + 40] for at in range(0, len(data), 40)]
        return "\n".join(paper._line(number, chunk) for number, chunk in enumerate(chunks, 1))

    tail = bytes(paper._TAIL.size)
    with pytest.raises(PaperMisread, match="form 2"):
        PaperReceipt.read(sheet(paper._HEAD.pack(2, 0, 4), b"abcd"))
    with pytest.raises(PaperMisread, match="names no log"):
        PaperReceipt.read(sheet(paper._HEAD.pack(1, 4, 4 + len(tail)), b"a\xffbc" + tail))
    with pytest.raises(PaperMisread, match="of several sheets"):
        PaperReceipt.read(sheet(paper._HEAD.pack(1, 9, 4), b"abcd"))
    with pytest.raises(PaperMisread, match="a size or a time"):
        PaperReceipt.read(sheet(paper._HEAD.pack(1, 0, len(tail)), b"\xff" * len(tail)))
