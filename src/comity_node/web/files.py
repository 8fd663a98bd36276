"""Files to take away: parts of the record that prove themselves anywhere."""

from __future__ import annotations

from django.http import HttpResponse


def download(data: bytes, name: str) -> HttpResponse:
    """Give a text file to be saved under a name."""
    return HttpResponse(
        data,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
