"""Pages of a node that holds a hundred thousand requests, as the official at the counter waits for them."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from bench import nodes
from bench.delivery import signed_in
from bench.report import Row, percentile

if TYPE_CHECKING:
    import httpx

    from bench.report import Scale

_EACH = 20


def measure(scale: Scale) -> list[Row]:
    """The p95 over all runs of the pages an official opens most."""
    count = scale.of(100_000, least=10)
    with nodes.two() as (ours, _, channel):
        ours.does("docket", channel=channel, party="aa", other="bb", first=1, count=count)
        ours.does("settle", channel=channel, within=3600)
        middle = f"aa-2026-{max(1, count // 2):06}"
        with closing(signed_in(ours)) as browser:
            return [
                _row(browser, scale, what, address)
                for what, address in {
                    f"desk, {count:,} requests": "/",
                    "list of requests": "/requests/",
                    "list of requests, filtered": "/requests/?q=000050",
                    "a request": f"/requests/{channel}/{middle}/",
                    "a channel": f"/channels/{channel}/",
                    "a log": f"/logs/aa/{channel}/",
                    "an entry": f"/logs/aa/{channel}/{count // 2}/",
                }.items()
            ]


def _row(browser: httpx.Client, scale: Scale, what: str, address: str) -> Row:
    browser.get(address, follow_redirects=True).raise_for_status()
    times = []
    for _ in range(scale.runs * scale.of(_EACH)):
        begun = time.perf_counter()
        browser.get(address, follow_redirects=True).raise_for_status()
        times.append(time.perf_counter() - begun)
    note = f"p50 {1e3 * percentile(times, 0.5):.0f} ms"
    return Row(
        what=f"{what}, p95", value=1e3 * percentile(times, 0.95), unit="ms", bar=50, least=False, note=note
    )
