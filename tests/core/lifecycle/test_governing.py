"""By which of several texts a procedure is judged."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from comity.instruments import Instrument, library
from comity.lifecycle import Act, governing
from comity.names import EntryRef, Origin

MLAT = library()["us-ru-1999"]
KINDS = "assistance.request"


def another(name: str) -> Instrument:
    """A text with the same procedure under another name."""
    procedure = MLAT.procedure("assistance")
    statements = tuple(
        replace(one, values=(name,)) if one.id == "instrument" else one for one in procedure.statements
    )
    own = replace(procedure, statements=statements)
    return replace(MLAT, id=name, short=name, digest=name[0] * 64, procedures=(own,))


WORLD = another("fallback")
TEXTS = [MLAT, WORLD]


def act(name: str, index: int, **stated: str) -> Act:
    """An act of the requesting side."""
    return Act(
        ref=EntryRef(Origin("aa", "abcdefghijklmnop"), index),
        party="aa",
        act=name,
        at=datetime(2026, 1, 1, tzinfo=UTC),
        stated={"types": "documents_items", **stated},
        answers=(),
        seen={},
    )


def lodged(text: Instrument, index: int = 0, **changed: str) -> Act:
    """A request lodged under a text."""
    return act("lodged", index, **{"instrument": text.id, "table": text.digest, "requested": "bb", **changed})


@pytest.mark.parametrize("text", TEXTS, ids=lambda one: one.id)
def test_a_request_is_judged_by_the_text_it_was_lodged_under(text: Instrument) -> None:
    """Both Parties signed several; the request names the one it relies on."""
    found = governing(TEXTS, KINDS, [lodged(text), act("withdrawn", 1)])

    assert found is not None
    assert (text.id, text.id) == (found.instrument.id, found.procedure.statement_of["instrument"].values[0])


def test_only_an_act_that_opens_the_request_by_itself_chooses_the_text() -> None:
    """A later or a lame opening would otherwise change the law of a request that stands."""
    lame = lodged(WORLD, requested="aa")
    other = lodged(WORLD, 2)

    for acts in ([lame, lodged(MLAT, 1), other], [act("withdrawn", 0), lodged(MLAT, 1), other]):
        found = governing([WORLD, MLAT], KINDS, acts)
        assert found is not None
        assert "us-ru-1999" == found.instrument.id


@pytest.mark.parametrize(
    "opening",
    [
        lodged(WORLD, table="0" * 64),
        lodged(WORLD, instrument="us-ru-1999"),
        lodged(another("unknown")),
        act("withdrawn", 0),
    ],
)
def test_where_no_act_opens_by_the_text_it_names_the_first_of_the_channel_applies(opening: Act) -> None:
    """Everybody must see alike what is irregular, and why."""
    found = governing(TEXTS, KINDS, [opening])

    assert found is not None
    assert MLAT is found.instrument


def test_kinds_no_text_speaks_of_have_no_table() -> None:
    """They are kept and shown; nothing is judged by a table that is not there."""
    assert governing(TEXTS, "toast.request", [lodged(MLAT)]) is None
    assert governing([], KINDS, [lodged(MLAT)]) is None
