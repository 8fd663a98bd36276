"""What ``comity channel offers`` and ``comity channel positions`` say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from comity_cli.verb import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator


def offers(channel: str) -> Answer:
    """The offers of both sides, the earliest first."""
    from comity_node.assistance import talks

    rows = list(talks.offer_documents(channel))
    return Answer({"offers": rows}, [_line(row) for row in rows] or ["neither side has made an offer"])


def positions(channel: str) -> Answer:
    """The subjects on which either side holds something."""
    from comity_node.assistance import talks

    rows = list(talks.position_documents(channel))
    lines = [line for row in rows for line in _lines(row)]
    return Answer({"positions": rows}, lines or ["no position is on record"])


def _line(row: dict[str, Any]) -> str:
    return f"{row['by']:6} {row['ref']:18} {row['standing']:28} {row['title']}{_since(row['unanswered'])}"


def _since(said: dict[str, Any] | None) -> str:
    if said is None:
        return ""
    if not said["is_receipted"]:
        return f" (not receipted by {said['party']} yet)"
    since = datetime.fromisoformat(said["since"])
    days = max(0, (datetime.now(UTC) - since).days)
    return f" (not answered by {said['party']} for {days} days, since {since:%Y-%m-%d %H:%M}Z)"


def _lines(row: dict[str, Any]) -> Iterator[str]:
    yield f"{row['ref']:18} {row['title']}"
    for party, held in sorted(row["held"].items()):
        yield f"  {party:6} {held['at'][:16]}Z  {held['entry']}"
