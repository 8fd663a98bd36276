"""Every operation of the API: one row each. Calls are answered by this table, and described by it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, get_args

import msgspec

from comity_node.api import (
    asked,
    counted,
    counting,
    drafted,
    reading,
    results,
    shapes,
    talked,
    talking,
    writing,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PLACES: Final[dict[str, Any]] = {
    "channel": asked.ChannelId,
    "party": asked.PartyCode,
    "ref": asked.Reference,
    "act": asked.Name,
    "index": asked.Index,
}
_ANY_INDEX: Final = "0|[1-9][0-9]{0,17}"


@dataclass(frozen=True)
class Operation:
    """One thing a program may do.

    Attributes:
        path: Below the base, with what it names in braces.
        scope: What the token must reach; empty: any token may.
        does: Answers the call.
        answers: The form of the answer; None where there is none, ``bytes`` where it is a file.
        asks: The form of the query.
        says: The form of the body; None where a call has none.
        status: Of a call that was answered.
        media_type: Of a file.
        by_range: Whether a part of it may be asked for.
    """

    method: str
    path: str
    scope: str
    does: Callable[[Any], Any]
    answers: type[shapes.Answer | bytes] | None
    asks: type[asked.Said] = asked.Said
    says: type[asked.Said] | None = None
    status: int = 200
    media_type: str = "application/json"
    by_range: bool = False

    @property
    def id(self) -> str:
        """Its permanent name."""
        return self.does.__name__

    @property
    def summary(self) -> str:
        """What it does, in one sentence."""
        return (self.does.__doc__ or "").split("\n\n")[0].strip()

    @property
    def places(self) -> tuple[str, ...]:
        """What its address names."""
        return tuple(re.findall(r"{(\w+)}", self.path))

    @cached_property
    def address(self) -> re.Pattern[str]:
        """The addresses it answers."""
        named = {name: f"(?P<{name}>{pattern(name)})" for name in PLACES}
        return re.compile(
            re.sub(
                r"{(\w+)}",
                lambda found: named[found[1]],
                re.escape(self.path).replace(r"\{", "{").replace(r"\}", "}"),
            ),
            re.ASCII,
        )


def pattern(name: str) -> str:
    """What a part of an address looks like."""
    meta = next((one for one in get_args(PLACES[name]) if isinstance(one, msgspec.Meta)), None)
    return meta.pattern[1:-1] if meta is not None and meta.pattern else _ANY_INDEX


_CHANNEL: Final = "/channels/{channel}"
_REQUEST: Final = "/requests/{channel}/{ref}"
_ACT: Final = f"{_REQUEST}/acts/{{act}}"
_ENTRY: Final = "/entries/{party}/{channel}/{index}"
_EXHIBIT: Final = "/exhibits/{channel}/{ref}"
_DRAFT: Final = "/drafts/{ref}"
_HAND_OVER: Final = f"{_DRAFT}/hand-over"

OPERATIONS: Final = (
    Operation("GET", "/", "", reading.service, shapes.Service),
    Operation("GET", "/channels", "read", reading.channel_list, shapes.Channels),
    Operation("GET", "/channels/{channel}/ways", "draft", reading.ways, shapes.Ways),
    Operation(
        "GET",
        f"{_CHANNEL}/obligations",
        "read",
        counting.obligations,
        counted.Obligations,
        asks=asked.WantedObligations,
    ),
    Operation(
        "GET",
        f"{_CHANNEL}/figures",
        "read",
        counting.figures_of_channel,
        counted.Figures,
        asks=asked.WantedFigures,
    ),
    Operation(
        "GET",
        f"{_CHANNEL}/figures/entries",
        "read",
        counting.figure_entries,
        counted.FigureEntries,
        asks=asked.WantedFigure,
    ),
    Operation(
        "GET",
        f"{_CHANNEL}/figures/statements",
        "read",
        counting.figure_statements,
        counted.FigureStatements,
        asks=asked.Paged,
    ),
    Operation("GET", f"{_CHANNEL}/offers", "read", talking.offers, talked.Offers, asks=asked.Paged),
    Operation("GET", f"{_CHANNEL}/positions", "read", talking.positions, talked.Positions, asks=asked.Paged),
    Operation(
        "GET",
        f"{_CHANNEL}/resumption",
        "read",
        talking.resumption,
        talked.Resumption,
        asks=asked.WantedResumption,
    ),
    Operation("GET", "/requests", "read", reading.request_list, shapes.Requests, asks=asked.WantedRequests),
    Operation("GET", _REQUEST, "read", reading.request, shapes.Request),
    Operation(
        "GET", f"{_REQUEST}/entries", "read", reading.request_entries, shapes.Entries, asks=asked.Paged
    ),
    Operation("GET", _ENTRY, "read", reading.entry, shapes.EntryRead),
    Operation("GET", f"{_ENTRY}/proof", "read", reading.proof, bytes, media_type="text/plain"),
    Operation("GET", "/exhibits", "read", results.exhibit_list, shapes.Exhibits, asks=asked.WantedExhibits),
    Operation("GET", _EXHIBIT, "read", results.exhibit, shapes.Exhibit),
    Operation(
        "GET",
        f"{_EXHIBIT}/content",
        "results",
        results.content,
        bytes,
        media_type="application/octet-stream",
        by_range=True,
    ),
    Operation("GET", "/drafts", "draft", writing.draft_list, drafted.Drafts, asks=asked.Paged),
    Operation("POST", "/drafts", "draft", writing.begin, drafted.Draft, says=asked.NewDraft, status=201),
    Operation("GET", _DRAFT, "draft", writing.draft, drafted.Draft),
    Operation("PATCH", _DRAFT, "draft", writing.write, drafted.Draft, says=asked.DraftChanges),
    Operation("DELETE", _DRAFT, "draft", writing.discard, None, status=204),
    Operation("GET", f"{_DRAFT}/check", "draft", writing.check, drafted.Check),
    Operation("GET", _HAND_OVER, "draft", writing.handed_over, drafted.HandedOver),
    Operation("PUT", _HAND_OVER, "draft", writing.hand_over, drafted.HandedOver, says=asked.HandOver),
    Operation("DELETE", _HAND_OVER, "draft", writing.take_back, None, status=204),
    Operation("GET", _ACT, "draft", writing.prepared, drafted.HandedOver),
    Operation("PUT", _ACT, "draft", writing.prepare, drafted.HandedOver, says=asked.PreparedAct),
    Operation("DELETE", _ACT, "draft", writing.take_back_act, None, status=204),
)
