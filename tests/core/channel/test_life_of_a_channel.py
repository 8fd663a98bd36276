"""A stranger reads a channel that was amended and closed as both nodes read it, from the files alone."""

from __future__ import annotations

from comity.channel.verification import verify_export
from comity.instruments import library, texts
from tests.core.channel.exported import CHANNEL, Author, InMemory, conversation, export_of

CHARTER, TREATY, WORLD = (library()[name] for name in ("charter", "us-ru-1999", "untoc-2000"))
CLOSED = {
    "exhibits": "returned",
    "lists": "returned",
    "materials": "returned",
    "carried_out_by": "2026-06-30",
    "obligations": "stay_owed",
}
OPENS = {"instrument": CHARTER.id, "table": CHARTER.digest, "requested": "bb"}


def asks(author: Author, ref: str, text, *, seen: int) -> None:
    """Lodge a request under a text, with so much of the other log in sight."""
    author.writes(
        "assistance.request.lodged",
        ref,
        seen={"bb": seen},
        stated={
            "instrument": text.id,
            "table": text.digest,
            "requested": "bb",
            "types": [text.types[0].id],
        },
    )


def amended() -> tuple[Author, Author]:
    """Two logs in which the treaty was taken away for a convention, and requests lodged around that."""
    anna, boris, _ = conversation()
    anna.writes(
        "channel.amendment.proposed",
        "aa-2026-0002",
        seen={"bb": 2},
        stated={
            **OPENS,
            "instruments": [WORLD.id],
            "tables": [WORLD.digest],
            "taken_away": [TREATY.id],
        },
    )
    boris.writes("channel.amendment.accepted", "aa-2026-0002", re=[f"{anna.origin}#2"], seen={"aa": 3})
    asks(anna, "aa-2026-0003", TREATY, seen=2)  # it crossed the acceptance
    asks(anna, "aa-2026-0004", TREATY, seen=3)
    asks(anna, "aa-2026-0005", WORLD, seen=3)
    return anna, boris


def exported(anna: Author, boris: Author, *, with_the_new_text: bool = True) -> InMemory:
    """Their export, with every text they name or all but the one that was added."""
    files = export_of(anna, boris)
    for file, content in texts()[WORLD.id].items() if with_the_new_text else ():
        files.held[f"instruments/{WORLD.id}/{file}"] = content
    return files


def standings(files: InMemory) -> dict[str, str]:
    """Where each procedure stands, by reference."""
    return {one["ref"]: one["standing"] for one in verify_export(files).standings}


def test_a_stranger_judges_each_request_by_the_charter_its_author_knew() -> None:
    """Otherwise a court would be told of a request that neither side counted, or miss one that both did."""
    found = standings(exported(*amended()))

    assert {
        "aa-2026-0001": "Acknowledged",
        "aa-2026-0002": "Charter amended",
        "aa-2026-0003": "Lodged",
        "aa-2026-0004": "Not begun",
        "aa-2026-0005": "Lodged",
        CHANNEL: "Accepted",
    } == found


def test_a_stranger_sees_that_nothing_was_begun_after_the_closing() -> None:
    """What was begun before goes on in a closed channel; what came after has no effect, and is said so."""
    anna, boris = amended()
    anna.writes("channel.closing.proposed", "aa-2026-0006", seen={"bb": 3}, stated={**OPENS, **CLOSED})
    boris.writes("channel.closing.accepted", "aa-2026-0006", re=[f"{anna.origin}#6"], seen={"aa": 7})
    asks(anna, "aa-2026-0007", WORLD, seen=4)
    boris.writes("assistance.request.acknowledged", "aa-2026-0005", re=[f"{anna.origin}#5"], seen={"aa": 8})
    report = verify_export(exported(anna, boris))
    found = {one["ref"]: one for one in report.standings}

    assert "Channel closed" == found["aa-2026-0006"]["standing"]
    assert ("Not begun", 1) == (found["aa-2026-0007"]["standing"], found["aa-2026-0007"]["irregular"])
    assert "Acknowledged" == found["aa-2026-0005"]["standing"]


def test_a_text_one_side_alone_would_add_decides_nothing() -> None:
    """A proposal nobody accepted is one side's word, whatever it names."""
    anna, boris, _ = conversation()
    added = {"instruments": [WORLD.id], "tables": [WORLD.digest]}
    anna.writes("channel.amendment.proposed", "aa-2026-0002", seen={"bb": 2}, stated={**OPENS, **added})
    asks(anna, "aa-2026-0003", WORLD, seen=2)
    report = verify_export(exported(anna, boris))

    assert "Not begun" == {one["ref"]: one["standing"] for one in report.standings}["aa-2026-0003"]
    assert any("the channel does not rest on it" in one.words() for one in report.not_proven)


def test_without_the_text_that_was_added_the_stranger_says_what_it_cannot_tell() -> None:
    """A request under a text that is not here is not proven to stand anywhere, and the rest still is."""
    files = exported(*amended(), with_the_new_text=False)
    report = verify_export(files)

    assert "Lodged" != {one["ref"]: one["standing"] for one in report.standings}["aa-2026-0005"]
    assert any("the text is not here" in one.words() for one in report.not_proven)
