"""A node that is made to crash: loaded once, forked for every life, killed at a step or from outside.

``python -m bench.crashing HOME`` obeys lines on its standard input and answers each with one line::

    live   fork the node with its courier, its side of the wire, and officials who lodge requests
    rest   the same without new requests
    look   say whether the life that runs has ended by itself
    kill   end the life that runs, as a power failure would

``live`` may name a step of the code: the node kills itself the n-th time it reaches it. The production code
knows nothing of it: the steps are wrapped in the forked process alone.
"""

from __future__ import annotations

import importlib
import itertools
import json
import logging
import os
import random
import signal
import sys
import threading
import time
from functools import wraps
from pathlib import Path
from socketserver import ThreadingMixIn
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from comity.errors import ComityError
from tests.two_nodes import inside

# Every step of acting, delivering, storing, receipting and taking receipts in, where it is called.
STEPS = (
    "comity_node.register.services:_write",
    "comity_node.register.services:advance",
    "comity_node.register.services:store_payloads",
    "comity_node.register.services:project",
    "comity_node.register.mirroring:_store",
    "comity_node.register.mirroring:store_payloads",
    "comity_node.register.mirroring:advance",
    "comity_node.register.mirroring:project",
    "comity_node.register.mirroring:give",
    "comity_node.register.mirroring:give_receipt",
    "comity_node.register.mirroring:keep_receipts",
    "comity_node.register.mirroring:author_has_receipts",
    "comity_node.wire.receiving:_take",
    "comity_node.wire.receiving:pack",
    "comity_node.wire.exchange:pack",
    "comity_node.wire.exchange:read_bundle",
    "comity_node.wire.exchange:receive",
    "comity_node.wire.views:receive",
    "comity_node.wire.line:Line._read",
    "django.db.backends.sqlite3.base:DatabaseWrapper._commit",
)
JOURNAL = "lodged.txt"


def crash_at(step: str, when: str, nth: int) -> None:
    """Have this process killed the n-th time it reaches a step, before or after the step is done."""
    module, _, path = step.partition(":")
    *owners, name = path.split(".")
    owner = importlib.import_module(module)
    for one in owners:
        owner = getattr(owner, one)
    real, reached = getattr(owner, name), itertools.count(1)

    @wraps(real)
    def wrapped(*args, **kwargs):
        falls = next(reached) == nth
        if falls and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(*args, **kwargs)
        if falls:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(owner, name, wrapped)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


def load():
    """Load the node as its web server would; every life is a copy of it."""
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - the node is entered first

    from comity.instruments import library  # noqa: PLC0415 - as above

    for step in STEPS:
        importlib.import_module(step.partition(":")[0])
    importlib.import_module("comity_node.web.urls")
    library()
    return get_wsgi_application()


def run(home: Path, application, *, traffic: bool) -> None:
    """Be the node until killed."""
    from django.conf import settings  # noqa: PLC0415 - the node is entered first

    from comity_node.register import watching  # noqa: PLC0415 - the node is entered first
    from comity_node.wire import courier  # noqa: PLC0415 - the node is entered first

    logging.disable(logging.CRITICAL)
    watching.start()
    courier.start()
    if traffic:
        threading.Thread(target=_lodge, args=(home,), daemon=True).start()
    address = urlsplit(settings.NODE.address)
    server = make_server(address.hostname, address.port, application, _Server, _Quiet)
    server.serve_forever()


def _lodge(home: Path) -> None:
    """Lodge request after request, noting each before it is tried and after it stands."""
    with (home / JOURNAL).open("a+", buffering=1, encoding="ascii") as journal:
        journal.seek(0)
        number = sum(line.startswith("tried") for line in journal)
        while True:
            number += 1
            ref = f"{home.name}-2026-{number:06}"
            journal.write(f"tried {ref}\n")
            try:
                inside.lodge(ref)
            except ComityError as error:
                journal.write(f"failed {ref} {error.code}\n")
            else:
                journal.write(f"stands {ref}\n")
            time.sleep(random.uniform(0.0, 0.15))


def _fork(home: Path, application, order: dict) -> int:
    child = os.fork()
    if child:
        return child
    os.setsid()
    random.seed()
    if order.get("step"):
        crash_at(order["step"], order["when"], order["nth"])
    try:
        run(home, application, traffic=order["do"] == "live")
    finally:
        os._exit(1)


def main(home: str) -> None:
    """Load the node once, then live and die as told."""
    inside.enter(Path(home))
    application = load()
    child = 0
    for line in sys.stdin:
        order = json.loads(line)
        crashed = bool(child) and os.waitpid(child, os.WNOHANG)[0] == child
        if crashed:
            child = 0
        if order["do"] != "look":
            _end(child)
            child = 0 if order["do"] == "kill" else _fork(Path(home), application, order)
        sys.stdout.write(json.dumps({"crashed": crashed}) + "\n")
        sys.stdout.flush()


def _end(child: int) -> None:
    if child:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1])
