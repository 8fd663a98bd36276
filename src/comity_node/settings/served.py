"""What is served with static files: a policy for the one that goes on running when no page is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wsgiref.headers import Headers

_WORKER: Final = "/duty/worker.js"
_POLICY: Final = "default-src 'none'; img-src 'self'"


def under_a_policy(headers: Headers, path: str, _url: str) -> None:
    """Let the worker that shows pushes reach nothing: it is told what to show, and asks for nothing."""
    if path.endswith(_WORKER):
        headers["Content-Security-Policy"] = _POLICY
