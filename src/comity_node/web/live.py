"""Word to open pages that the record has grown, as server-sent events.

Events carry what stands in the open header anyway: channel, reference, kind; that an official is called is
said without a word of what for. The page then asks for its parts at its own address, under the reader's own
rights. A stream ends with its reader's session. Each open page holds one thread of the server; their number
is limited (docs/adr/0009).
"""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from comity_node.duty import queries as duty
from comity_node.officials.access import require
from comity_node.register import growth, news
from comity_node.web import readings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest

    from comity_node.officials.models import Official
    from comity_node.officials.request import OfficialRequest
    from comity_node.register.growth import Version
    from comity_node.web.readings import Reading

_HEARTBEAT: Final = 15.0
_RETRY_MILLISECONDS: Final = 2000
# What is stored while a page is made up: its time is taken a little before it can be read by others.
_IN_THE_MAKING: Final = timedelta(milliseconds=250)
_LONGEST_MAKING: Final = timedelta(minutes=5)
_NO_CALLS: Final = (0, 0)
_pages = threading.BoundedSemaphore(settings.NODE.limits.live_pages)


@require_GET
def live(request: OfficialRequest) -> HttpResponseBase:
    """Stream one event for each entry and receipt from now on, or from where the browser left off."""
    require(request.user, "record.read")
    asked_at = _instant(request.GET.get("since", ""))
    since = _since(request, asked_at)
    if not _pages.acquire(blocking=False):
        return HttpResponse(
            "too many live pages: this one is refreshed by hand", status=503, headers={"Retry-After": "30"}
        )
    session = getattr(request, "session", None)
    key = session.session_key or "" if session is not None else ""
    stream = _Stream(since, request.user, key, called=duty.latest(request.user, asked_at))
    response = StreamingHttpResponse(stream, content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _since(request: OfficialRequest, asked_at: datetime | None) -> Version:
    """From where a page is told: where its browser left off, or when it was made up, or now."""
    left_off = _position(request.headers.get("Last-Event-ID", ""))
    if left_off is not None:
        return min(left_off, growth.version())  # a node restored from a backup knows less than the page
    return growth.version_at(asked_at - _IN_THE_MAKING) if asked_at else growth.version()


class _Stream:
    """The events of one page; gives its place back when the browser goes."""

    def __init__(self, since: Version, reader: Official, session: str, *, called: tuple[int, int]) -> None:
        """``session``: the reader's: the stream ends with it; ``called``: what the page shows of calls."""
        self._since = since
        self._reader, self._session = reader, session
        self._called = called
        self._looked = time.monotonic()
        self._events = self._all()

    def __iter__(self) -> Iterator[bytes]:
        return self._events

    def close(self) -> None:
        """Called by the server when the response ends, however it ends."""
        self._events.close()  # type: ignore[attr-defined]  # a generator
        _pages.release()

    def _all(self) -> Iterator[bytes]:
        yield f"retry: {_RETRY_MILLISECONDS}\n\n".encode()
        while not news.has_ended():
            heard = news.heard()
            reading = readings.read(heard, oldest=_HEARTBEAT / 2)
            yield from self._news(reading)
            yield from self._calls(reading)
            if time.monotonic() - self._looked >= _HEARTBEAT:
                self._looked = time.monotonic()
                if not self._is_signed_in():
                    yield b"event: ended\ndata: {}\n\n"
                    return
            # A connection kept while waiting would be one open file for each page.
            connection.close()
            if news.wait(heard, seconds=_HEARTBEAT) == heard:
                yield b"event: still\ndata: {}\n\n"

    def _calls(self, reading: Reading) -> Iterator[bytes]:
        """Word that the reader is called, or that what they were called for was seen elsewhere."""
        called = reading.calls.get(self._reader.pk, _NO_CALLS)
        if called != self._called:
            self._called = called
            yield b"event: call\ndata: {}\n\n"

    def _is_signed_in(self) -> bool:
        if not self._session:
            return True
        return Session.objects.filter(session_key=self._session, expire_date__gt=timezone.now()).exists()

    def _news(self, reading: Reading) -> Iterator[bytes]:
        """One event for each thing that happened; nothing where it was read before this page was made."""
        if reading.version <= self._since:
            return
        entry, receipt = reading.version
        for channel, ref, kind in reading.happened(self._since):
            data = json.dumps({"channel": channel, "ref": ref, "kind": kind})
            yield f"id: {entry}-{receipt}\nevent: entry\ndata: {data}\n\n".encode()
        self._since = reading.version


def noting_when(
    answer: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware that notes when a page was asked for: what is stored from then on may not be on it."""

    def noted(request: HttpRequest) -> HttpResponseBase:
        request.asked_at = timezone.now()  # type: ignore[attr-defined]  # ours
        return answer(request)

    return noted


def address(request: HttpRequest) -> str:
    """Where an open page hears of news, of those between its making and its listening too."""
    asked_at = getattr(request, "asked_at", None) or timezone.now()
    return f"{reverse('web:live')}?since={int(asked_at.timestamp() * 1000)}"


def _instant(text: str) -> datetime | None:
    """When the page was asked for; None where it does not say, or so long ago that it asks for all anew."""
    if not (text.isascii() and text.isdecimal() and len(text) < 15):
        return None
    asked_at = datetime.fromtimestamp(int(text) / 1000, UTC)
    return asked_at if timedelta() <= timezone.now() - asked_at <= _LONGEST_MAKING else None


def _position(text: str) -> Version | None:
    entry, dash, receipt = text.partition("-")
    if not dash or not all(
        part.isascii() and part.isdecimal() and len(part) < 19 for part in (entry, receipt)
    ):
        return None
    return int(entry), int(receipt)
