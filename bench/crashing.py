"""A node that is made to crash: loaded once, forked for every life, killed at a step or from outside.

``python -m bench.crashing HOME`` obeys lines on its standard input and answers each with one line::

    live   fork the node with its courier, its side of the wire, and officials who act
    rest   the same without officials
    look   say whether the life that runs has ended by itself
    kill   end the life that runs, as a power failure would
    clock  set the clock of every life, so many seconds off
    disk   let no file of the life that runs grow beyond so many bytes, as if the disk were full; 0 lifts it
    keys   have an official take the change of the node's keys one step on

``live`` may name a step of the code: the node kills itself the n-th time it reaches it. The production code
knows nothing of it: steps and clock are wrapped in the forked process alone.
"""

from __future__ import annotations

import datetime as dt
import importlib
import itertools
import json
import logging
import mmap
import os
import random
import resource
import signal
import struct
import sys
import threading
import time
import traceback
from contextlib import suppress
from functools import wraps
from pathlib import Path
from socketserver import ThreadingMixIn
from types import SimpleNamespace
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from bench import tormented
from comity.errors import ComityError
from tests.many_nodes import inside as many
from tests.two_nodes import inside

# Every step of acting, delivering, storing, receipting, taking receipts in and changing keys, where it is
# called.
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
    "comity_node.register.mirroring:keep_all",
    "comity_node.register.telling:author_has_receipts",
    "comity_node.wire.receiving:_take",
    "comity_node.wire.receiving:pack",
    "comity_node.wire.exchange:pack",
    "comity_node.wire.exchange:answer_to",
    "comity_node.wire.exchange:receive",
    "comity_node.wire.views:receive",
    "comity_node.wire.line:Line._read",
    "comity_node.wire.exchange:_relay",
    "comity_node.register.mirroring:sort_receipts",
    "comity_node.register.misconduct:compare_notes",
    "comity_node.register.rotations:keep",
    "comity_node.channels.rotating:replace_keyring",
    "comity_node.channels.rotating:_announce",
    "comity_node.channels.rotating:_retire",
    "comity_node.counterparts.own:issue_passport",
    "django.db.backends.sqlite3.base:DatabaseWrapper._commit",
)
JOURNAL = "lodged.txt"
ODD = "odd.txt"
# Below this nothing is taken from the journal of what officials were told: it is the witness of the proof.
_JOURNAL_ROOM = 16_384


class Told:
    """What the lives of a node share with who commands them: how far its clock is off, and when keys turn."""

    _FORM = struct.Struct("dq")

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, self._FORM.size)

    def _read(self) -> tuple[float, int]:
        return self._FORM.unpack(self._shared[:])

    @property
    def off(self) -> dt.timedelta:
        """How far the clock is off."""
        return dt.timedelta(seconds=self._read()[0])

    @property
    def turns(self) -> int:
        """How often keys were to be changed."""
        return self._read()[1]

    def set(self, *, off: float | None = None, turn: bool = False) -> None:
        """Set the clock, or have keys changed."""
        before = self._read()
        self._shared[:] = self._FORM.pack(before[0] if off is None else off, before[1] + turn)


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


def keep_wrong_time(told: Told) -> None:
    """Have everything in this process read the time off a clock that is wrong."""
    import http_message_signatures.signatures as library  # noqa: PLC0415 - the node is entered first
    from django.utils import timezone  # noqa: PLC0415 - as above

    right = timezone.now

    class Wrong(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return dt.datetime.now(tz) + told.off

    timezone.now = lambda: right() + told.off
    library.datetime = SimpleNamespace(datetime=Wrong, timedelta=dt.timedelta, timezone=dt.timezone)


class _Odd(logging.Handler):
    """Keeps what the node writes down as failures of its own, a line each.

    What its database could not do is injected; everything else is not.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(logging.ERROR)
        self._path = path

    def take_over(self) -> None:
        """Be the only one who is told."""
        for name in (None, *logging.root.manager.loggerDict):
            logging.getLogger(name).handlers.clear()
            logging.getLogger(name).propagate = True
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        from django.db import DatabaseError  # noqa: PLC0415 - the node is entered first

        kind, error, trace = record.exc_info or (None, None, None)
        if kind is None or issubclass(kind, DatabaseError):
            return
        places = " < ".join(f"{one.name}:{one.lineno}" for one in reversed(traceback.extract_tb(trace)[-4:]))
        line = f"{record.getMessage()}: {kind.__name__}: {error} ({places})".replace("\n", " ")
        with suppress(OSError), self._path.open("a", encoding="utf-8") as kept:
            kept.write(f"{line}\n")


def run(home: Path, application, told: Told, seed: int | None) -> None:
    """Be the node until killed; with a seed, officials act."""
    from django.conf import settings  # noqa: PLC0415 - the node is entered first

    from comity_node.register import watching  # noqa: PLC0415 - the node is entered first
    from comity_node.wire import courier  # noqa: PLC0415 - the node is entered first

    _Odd(home / ODD).take_over()
    watching.start()
    courier.start()
    if seed is not None:
        Officials(home, told, random.Random(seed)).start()
    place = settings.NODE.listen_host, settings.NODE.listen_port
    server = make_server(*place, application, _Server, _Quiet)
    server.serve_forever()


class Officials(threading.Thread):
    """Lodge request after request, noting each before it is tried and after it stands; take up others'."""

    def __init__(self, home: Path, told: Told, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self._home, self._told, self._chance = home, told, chance

    def run(self) -> None:
        """Until killed."""
        from comity_node.register import queries  # noqa: PLC0415 - the node is entered first

        own = self._home.name
        places = [(log.channel, log.party) for log in queries.all_logs() if log.party != own]
        turned = self._told.turns
        with (self._home / JOURNAL).open("a+", buffering=1, encoding="ascii") as journal:
            journal.seek(0)
            number = sum(line.startswith("tried") for line in journal)
            while True:
                number += 1
                channel, other = self._chance.choice(places)
                ref = f"{own}-2026-{number:06}"
                self._act(journal, ref, lambda c=channel, o=other, r=ref: many.ask(c, r, o))
                if self._chance.random() < 0.3:
                    self._act(None, "", lambda c=channel: tormented.answer(c))
                if turned != (turned := self._told.turns):
                    self._act(None, "", tormented.turn_keys)
                time.sleep(self._chance.uniform(0.02, 0.4))

    def _act(self, journal, ref: str, act) -> None:
        """Have it done; what the node refuses, or its database cannot do, is an answer too."""
        from django.db import DatabaseError  # noqa: PLC0415 - the node is entered first

        said = journal.write if journal else lambda _: None
        with suppress(OSError):
            said(f"tried {ref}\n")
            try:
                act()
            except (ComityError, DatabaseError) as error:
                said(f"failed {ref} {getattr(error, 'code', type(error).__name__)}\n")
            except Exception:
                logging.getLogger("officials").exception("an act failed")
            else:
                said(f"stands {ref}\n")


class Lives:
    """The lives of one node: at most one at a time."""

    def __init__(self, home: Path, application) -> None:
        self._home, self._application = home, application
        self._told = Told()
        self._child = 0

    def obey(self, order: dict) -> bool:
        """Carry out an order; says whether the life that ran had ended by itself."""
        crashed = bool(self._child) and os.waitpid(self._child, os.WNOHANG)[0] == self._child
        if crashed:
            self._child = 0
        match order["do"]:
            case "live" | "rest":
                self._end()
                self._child = self._fork(order)
            case "kill":
                self._end()
            case "clock":
                self._told.set(off=order["off"])
            case "keys":
                self._told.set(turn=True)
            case "disk":
                self._fill(order["largest"])
        return crashed

    def _fork(self, order: dict) -> int:
        child = os.fork()
        if child:
            return child
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if order.get("step"):
            crash_at(order["step"], order["when"], order["nth"])
        keep_wrong_time(self._told)
        try:
            run(self._home, self._application, self._told, order.get("seed"))
        finally:
            os._exit(1)

    def _fill(self, largest: int) -> None:
        if not self._child:
            return
        journal = self._home / JOURNAL
        room = largest and largest + (journal.stat().st_size if journal.exists() else 0) + _JOURNAL_ROOM
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self._child, resource.RLIMIT_FSIZE, (room or hard, hard))

    def _end(self) -> None:
        if self._child:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
            self._child = 0


def main(home: str) -> None:
    """Load the node once, then live and die as told."""
    inside.enter(Path(home))
    lives = Lives(Path(home), load())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        for line in sys.stdin:
            sys.stdout.write(json.dumps({"crashed": lives.obey(json.loads(line))}) + "\n")
            sys.stdout.flush()
    finally:
        lives.obey({"do": "kill"})


if __name__ == "__main__":
    main(sys.argv[1])
