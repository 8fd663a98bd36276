"""The witness's server: ``add-checkpoint`` for logs, the last checkpoint of each log for monitors.

It is a WSGI application on the standard library alone. Both prefixes may be the address itself or
``/witness``, where Comity's nodes look for a witness.

Follows: C2SP tlog-witness.
"""

from __future__ import annotations

import re
import sys
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from comity.errors import ComityError
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.witness import (
    MAX_BODY,
    SIZE_CONTENT_TYPE,
    AddCheckpoint,
    Answer,
    add_checkpoint,
    encode_cosignatures,
    encode_size,
)
from comity_cli.faults import exit_code, say_fault
from comity_cli.witnessing import home
from comity_cli.witnessing.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from comity_cli.witnessing.home import WitnessHome

_SUBMIT: Final = re.compile(r"(?:/witness)?/add-checkpoint")
_READ: Final = re.compile(r"(?:/witness)?/([0-9a-f]{64})/checkpoint")
_PLAIN: Final = "text/plain; charset=utf-8"
_DIGITS: Final = re.compile(r"[0-9]{1,10}", re.ASCII)

_Answered = tuple[int, str, bytes]


class Application:
    """One witness, as a WSGI application."""

    def __init__(self, witness: WitnessHome) -> None:
        self._witness = witness
        self._store = Store(witness.store)

    def __call__(self, environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        """Answer one request; whatever it holds, the answer is one the specification has."""
        status, kind, body = self._answer(environ)
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", body.decode()))
        start(f"{status} {HTTPStatus(status).phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, environ: dict[str, Any]) -> _Answered:
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        read = _READ.fullmatch(path)
        allowed = ("GET", "HEAD") if read else ("POST",) if _SUBMIT.fullmatch(path) else ()
        if not allowed:
            return 404, _PLAIN, b""
        if method not in allowed:
            return 405, _PLAIN, ", ".join(allowed).encode()
        if read:
            shown = self._store.shown(read[1])
            return (200, _PLAIN, shown) if shown else (404, _PLAIN, b"")
        return self._submitted(environ)

    def _submitted(self, environ: dict[str, Any]) -> _Answered:
        length = environ.get("CONTENT_LENGTH") or "0"
        if not _DIGITS.fullmatch(length) or int(length) > MAX_BODY:
            return 400, _PLAIN, b""
        body = environ["wsgi.input"].read(int(length))
        answer, size, lines = add_checkpoint(body, self._store, self._cosigners)
        if answer is Answer.OTHER_SIZE:
            return int(answer), SIZE_CONTENT_TYPE, encode_size(size)
        if answer is not Answer.COSIGN:
            return int(answer), _PLAIN, b""
        given = encode_cosignatures(lines)
        self._store.answered(_origin(body), size, given)
        return 200, _PLAIN, given

    def _cosigners(self) -> Any:  # noqa: ANN401 - signers, of two kinds
        return self._witness.cosigners(int(time.time()))


def _origin(body: bytes) -> str:
    return Checkpoint.parse(AddCheckpoint.parse(body).note.text).origin


def load() -> Application:
    """What the server's worker loads: the witness that ``COMITY_WITNESS`` names."""
    try:
        return Application(home.find())
    except ComityError as error:
        say_fault(str(error), hint=error.hint)
        sys.exit(exit_code(error))
