"""An alert: how soon it is receipted, heard of on the other's open page, and at the head of their desk."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from bench import nodes
from bench.delivery import OpenPage, signed_in
from bench.report import Row, percentile

if TYPE_CHECKING:
    from bench.nodes import Node
    from bench.report import Scale


def measure(scale: Scale) -> list[Row]:
    """Alerts of the worst between two nodes on loopback, one after another."""
    count = scale.of(50, least=3)
    with nodes.two() as (ours, theirs, channel):
        ours.does("warned", channel=channel, first=0, count=2)
        times = ours.does("warned", channel=channel, first=2, count=count)
        heard, drawn = _on_their_desk(ours, theirs, channel, first=2 + count, count=count)
    return [
        *_times("alert drafted, judged, sealed, signed, stored", [signed for signed, _ in times]),
        *_times("alert to receipt", [receipted for _, receipted in times]),
        *_times("alert to the event on the other's open page", heard, bar=1000),
        *_times("alert to their desk, drawn anew with it", drawn, bar=1000),
    ]


def _on_their_desk(
    ours: Node, theirs: Node, channel: str, *, first: int, count: int
) -> tuple[list[float], list[float]]:
    """Seconds until an open page heard of each alert, and until the desk it then asks for shows it."""
    heard, drawn = [], []
    with OpenPage(theirs) as page, closing(signed_in(theirs)) as browser:
        for number in range(first, first + count):
            page.quiet()
            begun = time.perf_counter()
            ours.does("warned", channel=channel, first=number, count=1)
            heard.append(page.heard_after(begun))
            while f"northern grid, {number}<" not in browser.get("/").text:
                if time.perf_counter() - begun > 10:
                    raise nodes.NodeFailed(f"the desk of {theirs.party} never showed alert {number}")
            drawn.append(time.perf_counter() - begun)
    return heard, drawn


def _times(what: str, times: list[float], *, bar: float | None = None) -> list[Row]:
    return [
        Row(what=f"{what}, p50", value=1e3 * percentile(times, 0.5), unit="ms"),
        Row(what=f"{what}, p95", value=1e3 * percentile(times, 0.95), unit="ms", bar=bar, least=False),
    ]
