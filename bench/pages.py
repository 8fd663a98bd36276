"""Pages of a node with a million entries, a hundred thousand of them requests, as officials wait for them."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from bench import nodes
from bench.delivery import signed_in
from bench.report import Row, percentile

if TYPE_CHECKING:
    import httpx

    from bench.nodes import Node
    from bench.report import Scale

_EACH = 20
_FILL_BATCH = 1_000


def measure(scale: Scale) -> list[Row]:
    """The p95 over all runs of the pages an official opens most."""
    requests, entries = scale.of(100_000, least=10), scale.of(1_000_000, least=100)
    with nodes.two() as (ours, _, channel):
        ours.does("docket", channel=channel, party="aa", other="bb", first=1, count=requests)
        ours.does("settle", channel=channel, within=3600)
        ours.does("fill", channel=channel, first=0, count=entries - requests, batch=_FILL_BATCH)
        ours.does("settle", channel=channel, within=3600)
        one = f"{channel}/aa-2026-{max(1, requests // 2):06}"
        log = f"/logs/aa/{channel}"
        with closing(signed_in(ours)) as browser:
            return [
                _row(ours, browser, scale, what, address)
                for what, address in {
                    f"desk, {requests:,} requests, {entries:,} entries": "/",
                    "list of requests": "/requests/",
                    "list of requests, by words": "/requests/?words=000050",
                    "list of requests, open, by basis": "/requests/?standing=open&sort=-basis",
                    "list of requests, open, due first": "/requests/?standing=open&sort=due",
                    "list of requests, of one procedure": "/requests/?procedure=preservation.request",
                    "search, a reference": "/search/?words=2026-000050",
                    "search, what all of them hold": "/search/?words=treaty+central",
                    "search, narrowed down": "/search/?words=central&kinds=preservation.request",
                    "a request": f"/requests/{one}/",
                    "a request's chronology": f"/requests/{one}/chronology/",
                    "a request's record": f"/requests/{one}/correspondence/",
                    "drafts": "/requests/drafts/",
                    "list of exhibits": "/evidence/",
                    "list of channels": "/channels/",
                    "a channel": f"/channels/{channel}/",
                    "figures of a channel, counted before": f"/channels/{channel}/reciprocity/",
                    "obligations of a channel, read before": f"/channels/{channel}/obligations/",
                    "a log": f"{log}/",
                    "a log, in the middle": f"{log}/?page={entries // 100}",
                    "a log, one procedure": f"{log}/?ref={one.rpartition('/')[2]}",
                    "an entry": f"{log}/{requests // 2}/",
                    "its proof": f"{log}/{requests // 2}/proof",
                }.items()
            ]


def _row(node: Node, browser: httpx.Client, scale: Scale, what: str, address: str) -> Row:
    browser.get(address, follow_redirects=True).raise_for_status()
    times, spent = [], node.processor_seconds()
    for _ in range(scale.runs * _EACH):
        begun = time.perf_counter()
        browser.get(address, follow_redirects=True).raise_for_status()
        times.append(time.perf_counter() - begun)
    spent = (node.processor_seconds() - spent) / len(times)
    note = f"p50 {1e3 * percentile(times, 0.5):.0f} ms; {1e3 * spent:.0f} ms of processor time"
    return Row(
        what=f"{what}, p95", value=1e3 * percentile(times, 0.95), unit="ms", bar=50, least=False, note=note
    )
