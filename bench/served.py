"""A node as ``comity serve`` runs it, with a door through which acts are signed in the node's own process.

An act signed on a page is signed in the process whose courier carries it. A measurement that signed in
another process would measure how often that is looked at.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Start = Callable[..., Any]

DOOR = "/bench/"


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """The node's own application, or a verb of the measurements. Replaced by the worker on loading."""
    raise NotImplementedError


if os.environ.get("COMITY_BENCH_WORKER"):
    from comity_cli.serving import application as _node

    # isort: split
    from bench import inside  # what it imports loads only once the node stands

    def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """The node's own application, or a verb of the measurements."""
        if not environ["PATH_INFO"].startswith(DOOR):
            return _node(environ, start)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        answer = inside.do(environ["PATH_INFO"].removeprefix(DOOR), body)
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
        return [answer]


def main() -> None:
    """Serve the node of ``COMITY_HOME``, with the server and the options of ``comity serve``."""
    from comity_cli.serve import server  # noqa: PLC0415 - the worker does not need it
    from comity_node import home  # noqa: PLC0415 - as above

    os.environ["COMITY_BENCH_WORKER"] = "1"
    server(home.find(), target="bench.served:application").serve()


if __name__ == "__main__":
    sys.exit(main())
