"""A talk: how soon a message is receipted and on the other's page, and what the ten-thousandth costs."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import httpx

from bench import nodes
from bench.delivery import OpenPage, signed_in
from bench.report import Row, percentile

if TYPE_CHECKING:
    from bench.nodes import Node
    from bench.report import Scale

_PART = {"HX-Request": "true", "HX-Target": "talk-lines"}
_EACH = 20
_WATCHING = 200
_LET_GO = 16


def measure(scale: Scale) -> list[Row]:
    """Everything about one talk between two nodes on loopback."""
    with nodes.two() as (ours, theirs, channel):
        return _Talk(ours, theirs, channel, scale).rows()


class _Talk:
    """Two nodes, a hotline, and how many messages were said in it."""

    def __init__(self, ours: Node, theirs: Node, channel: str, scale: Scale) -> None:
        self.ours, self.theirs, self.channel, self.scale = ours, theirs, channel, scale
        self.ref = str(ours.does("talk_opened", channel=channel))
        ours.does("settle", channel=channel)
        self.said = 0

    def rows(self) -> list[Row]:
        """The first messages, the other's page, ten thousand of them, and two hundred who watch."""
        self._say(3)
        early = self._say(self.scale.of(100, least=4))
        page = self._other_page()
        count = self.scale.of(10_000, least=20)
        self.ours.does("talk_filled", channel=self.channel, ref=self.ref, first=self.said, count=count)
        self.said += count
        self.ours.does("settle", channel=self.channel, within=600)
        self._say(3)
        late = self._say(self.scale.of(100, least=4))
        ratio = percentile(late["spent"], 0.5) / percentile(early["spent"], 0.5)
        first, last = (1e3 * percentile(one["spent"], 0.5) for one in (early, late))
        return [
            *_times("message to receipt", early["receipted"], bar=150),
            *_times("message to the other's open page", page, bar=1000),
            *_times(f"message to receipt after {count:,}", late["receipted"], bar=150),
            Row(
                what=f"processor time of a message after {count:,}, to that of the first",
                value=ratio,
                unit="x",
                bar=1.5,
                least=False,
                note=f"{first:.1f} and {last:.1f} ms",
            ),
            *self._pages(count),
            *self._watched(),
        ]

    def _say(self, count: int) -> dict[str, list[float]]:
        first, self.said = self.said, self.said + count
        said: dict[str, list[float]] = self.ours.does(
            "talk_said", channel=self.channel, ref=self.ref, first=first, count=count
        )
        return said

    def _other_page(self) -> list[float]:
        with OpenPage(self.theirs) as page:
            times = []
            for _ in range(self.scale.of(50, least=2)):
                begun = time.perf_counter()
                self._say(1)
                times.append(page.heard_after(begun))
                time.sleep(0.05)
        return times

    def _pages(self, count: int) -> list[Row]:
        here = f"/talks/{self.channel}/{self.ref}/"
        asked = {
            f"a talk of {count:,} messages": (here, {}),
            "its newest lines alone": (here, _PART),
            "its lines in the middle": (f"{here}?before={count // 2}-aa", {}),
            "search in it": (f"{here}?words=exchange", {}),
        }
        with closing(signed_in(self.theirs)) as browser:
            return [self._page(browser, what, *address) for what, address in asked.items()]

    def _page(self, browser: httpx.Client, what: str, address: str, headers: dict[str, str]) -> Row:
        times = []
        for _ in range(self.scale.runs * _EACH):
            begun = time.perf_counter()
            browser.get(address, headers=headers).raise_for_status()
            times.append(time.perf_counter() - begun)
        return _times(what, times[1:], bar=50)[1]

    def _watched(self) -> list[Row]:
        """So many pages of their node open on the talk, each brought up to date as a browser does."""
        time.sleep(self.scale.of(_LET_GO))  # the page before is let go of at its next heartbeat
        watching = self.scale.of(_WATCHING, least=2)
        here = f"/talks/{self.channel}/{self.ref}/"
        cookies = self.theirs.does("browser")
        pages = [_Watching(self.theirs, cookies, here) for _ in range(watching)]
        try:
            spent, messages = self.theirs.processor_seconds(), self.scale.of(20, least=2)
            times: list[float] = []
            for _ in range(messages):
                begun = time.perf_counter()
                self._say(1)
                time.sleep(1.0)
                times += [one.drawn_after(begun) for one in pages]
            spent = self.theirs.processor_seconds() - spent
            memory = self.theirs.memory()["now"] / 2**20
        finally:
            for one in pages:
                one.close()
        note = f"{1e3 * spent / messages:.0f} ms of processor a message, {memory:.0f} MiB"
        what = f"message to {watching} open pages brought up to date, p95"
        return [
            Row(what=what, value=1e3 * percentile(times, 0.95), unit="ms", bar=1000, least=False, note=note)
        ]


class _Watching:
    """An open page: hears the events, and asks for the lines anew, once at a time."""

    def __init__(self, node: Node, cookies: dict[str, str], address: str) -> None:
        self._http = httpx.Client(base_url=node.address, cookies=cookies, trust_env=False, timeout=None)
        self._address = address
        self._drawn: list[float] = []
        self._heard = threading.Condition()
        self._stream = self._http.stream("GET", "/live")
        self._lines = self._stream.__enter__().iter_lines()
        next(self._lines)
        threading.Thread(target=self._listen, daemon=True).start()

    def drawn_after(self, begun: float) -> float:
        """Seconds from ``begun`` to the first time the lines were drawn after it."""
        with self._heard:
            self._heard.wait_for(lambda: any(at > begun for at in self._drawn), timeout=10)
            return next((at - begun for at in self._drawn if at > begun), 10.0)

    def close(self) -> None:
        """Close the page."""
        self._http.close()

    def _listen(self) -> None:
        try:
            for line in self._lines:
                if line.startswith("event:"):
                    self._http.get(self._address, headers=_PART)
                    with self._heard:
                        self._drawn.append(time.perf_counter())
                        self._heard.notify_all()
        except (httpx.HTTPError, httpx.StreamError, RuntimeError, OSError):
            return


def _times(what: str, times: list[float], *, bar: float) -> list[Row]:
    return [
        Row(what=f"{what}, p50", value=1e3 * percentile(times, 0.5), unit="ms"),
        Row(what=f"{what}, p95", value=1e3 * percentile(times, 0.95), unit="ms", bar=bar, least=False),
    ]
