"""Figures of reciprocity that somebody gives, held against the record.

Figures follow from entries and receipts alone, so nobody has to be believed: whoever has the record counts
again, for the same instant and period, and compares every number and every entry that makes it.

Follows: docs/spec/reciprocity.md, Document.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from comity.errors import CounterpartBreach, MalformedFigures
from comity.reciprocity import Extent, encoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_BYTES: Final = 2**28


class FiguresDiffer(CounterpartBreach):
    """Figures somebody gave are not those the record gives."""

    code = "figures-differ"
    default_hint = "ask whoever gave them for their own export: one more entry or receipt makes other figures"


@dataclass(frozen=True, slots=True)
class ClaimedFigures:
    """A document of figures, as it was given.

    Attributes:
        extent: Of what time it says it is; of the record, all.
        document: All of it.
    """

    extent: Extent
    document: Mapping[str, Any]

    @classmethod
    def parse(cls, data: bytes) -> ClaimedFigures:
        """Read a document of figures, or the answer of ``comity reciprocity --json`` that holds one.

        Raises:
            MalformedFigures: It is neither.
        """
        if len(data) > MAX_BYTES:
            raise MalformedFigures(f"figures have at most {MAX_BYTES:,} bytes")
        try:
            given = msgspec.json.decode(data)
            document = given.get("figures", given)
            as_of, since = datetime.fromisoformat(document["as_of"]), document["since"]
            begins = datetime.fromisoformat(since) if since is not None else None
            extent = Extent(as_of.astimezone(UTC), begins and begins.astimezone(UTC))
            return cls(extent, document)
        except (msgspec.DecodeError, AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise MalformedFigures("the figures given are not a document of figures") from error
        except RecursionError as error:
            raise MalformedFigures("the figures given are nested too deeply") from error

    def must_equal(self, counted: Mapping[str, Any]) -> None:
        """Hold the figures given against those counted.

        Raises:
            FiguresDiffer: They differ; the message names the first place.
        """
        found = msgspec.json.decode(encoded(counted))
        if found != self.document:
            where, given, counts = next(
                _differences("", self.document, found), ("/", "more", "what is there")
            )
            raise FiguresDiffer(
                f"the figures given differ from the record at {where}: they have {given}, it has {counts}"
            )


def _differences(place: str, given: Any, found: Any) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 - any JSON
    if isinstance(given, dict) and isinstance(found, dict):
        for name in sorted(given.keys() | found.keys()):
            yield from _differences(f"{place}/{name[:40]}", given.get(name), found.get(name))
    elif isinstance(given, list) and isinstance(found, list) and len(given) == len(found):
        for index, (one, other) in enumerate(zip(given, found, strict=True)):
            yield from _differences(f"{place}/{index}", one, other)
    elif given != found:
        yield place or "/", _shown(given), _shown(found)


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON
    return msgspec.json.encode(value).decode("utf-8", "replace")[:80]
