"""Files to take away: parts of the record that prove themselves anywhere."""

from __future__ import annotations

from django.http import HttpResponse


def download(data: bytes, name: str, *, kind: str = "text/plain") -> HttpResponse:
    """Give a text file to be saved under a name, and not to be shown."""
    return HttpResponse(
        data,
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
