"""Giving sealed exhibits to counterparts by range, and opened ones to officials.

Both are sent from disk block by block. A browser is told to save what it gets and never to look inside.

Follows: RFC 9110, 14 (range requests); docs/spec/wire.md, Exhibits by range.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from comity.custody import name_to_save
from comity_node.evidence import services, store
from comity_node.evidence.errors import NoSuchExhibit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from comity_node.evidence.models import Exhibit

    Blocks = Callable[[int, int], Iterator[bytes]]

_RANGE: Final = re.compile(r"bytes=(\d{1,19})-(\d{0,19})|bytes=-(\d{1,19})", re.ASCII)
_HARMLESS: Final = {
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
}


def serve_sealed(request: HttpRequest, name: str, party: str) -> HttpResponseBase:
    """Answer a counterpart that asks for a sealed exhibit, or for a range of it.

    Args:
        request: Authenticated as coming from ``party``; GET or HEAD.
        name: Name of the sealed file, as announced.
        party: Who asks.

    Raises:
        NoSuchExhibit: No exhibit of that name was announced to that party.
    """
    path = services.sealed_file(name, party)
    if path is None:
        raise NoSuchExhibit(f"no exhibit of that name was announced to {party} here")

    def blocks(start: int, length: int) -> Iterator[bytes]:
        return store.blocks(path, start=start, length=length)

    return _serve(request, name, path.stat().st_size, blocks)


def give_range(request: HttpRequest, exhibit: Exhibit, content: Blocks) -> HttpResponseBase:
    """Send the content of an opened exhibit, or a range of it, to a program of our own; GET or HEAD."""
    response = _serve(request, exhibit.sha256, exhibit.size, content)
    response["Content-Disposition"] = _to_be_saved(exhibit)
    return response


def _serve(request: HttpRequest, name: str, size: int, blocks: Blocks) -> HttpResponseBase:
    """Answer with what ``blocks`` gives from a first byte on, as much of it as was asked for."""
    span = _span(request, name, size)
    if span is None:
        content = blocks(0, size) if request.method == "GET" else None
        return _answer(200, {}, length=size, name=name, content=content)
    start, end = span
    if start >= end:
        return _answer(416, {"Content-Range": f"bytes */{size}"}, length=0, name=name)
    headers = {"Content-Range": f"bytes {start}-{end - 1}/{size}"}
    return _answer(206, headers, length=end - start, name=name, content=blocks(start, end - start))


def _span(request: HttpRequest, name: str, size: int) -> tuple[int, int] | None:
    """The first byte asked for and the one after the last; None where that is not a range."""
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    current = request.headers.get("If-Range") in (None, f'"{name}"')
    if request.method != "GET" or match is None or not current:
        return None
    first, last, suffix = match.groups()
    if suffix is not None:
        return max(0, size - int(suffix)), size
    if last and int(last) < int(first):
        return None  # RFC 9110, 14.1.1: not a range at all
    return int(first), min(size, int(last) + 1) if last else size


def _answer(
    status: int, headers: dict[str, str], *, length: int, name: str, content: Iterator[bytes] | None = None
) -> HttpResponseBase:
    fixed = {"Accept-Ranges": "bytes", "ETag": f'"{name}"', "Content-Length": str(length)}
    everything = {**_HARMLESS, **fixed, **headers}
    if content is None:
        return HttpResponse(status=status, headers=everything)
    return StreamingHttpResponse(content, status=status, headers=everything)


def give_opened(exhibit: Exhibit, content: Iterator[bytes]) -> StreamingHttpResponse:
    """Send an opened exhibit to an official, to be saved under a name that can do no harm."""
    headers = {
        **_HARMLESS,
        "Content-Length": str(exhibit.size),
        "Content-Disposition": _to_be_saved(exhibit),
    }
    return StreamingHttpResponse(content, headers=headers)


def _to_be_saved(exhibit: Exhibit) -> str:
    name = name_to_save(exhibit.name, exhibit.ref)
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
