"""Answering calls of programs: found in the table, believed by its token, read strictly, answered in JSON.

A call comes past everything that is there for browsers (:mod:`comity_node.wire.entrance`): no session counts
here, so no page of a stranger's can have a browser call; and a token opens no page.

Follows: docs/spec/api.md.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from comity.errors import ComityError, OurFault
from comity_node.api import asked, errors, rates, services, shapes
from comity_node.api.access import Caller
from comity_node.api.call import BASE, Call
from comity_node.api.openapi import document
from comity_node.api.operations import OPERATIONS, Operation
from comity_node.assistance.errors import DraftGone, NoSuchRequest
from comity_node.evidence.errors import ExhibitNotHere, NoSuchExhibit, NotToBeUsed
from comity_node.officials.errors import NotEmpowered, TextMoved
from comity_node.register.queries import NoSuchEntry
from comity_node.register.services import NotHeardSinceRestore, RecordSetBack
from comity_node.register.storing import CannotStore, saying_why

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest, HttpResponseBase

LOG: Final = logging.getLogger("comity.api")
DESCRIPTION: Final = "/openapi.json"
_WHOLE: Final = frozenset({"GET", "HEAD"})
_MOST_QUERY: Final = 2_000
_STATUS: Final[tuple[tuple[tuple[type[ComityError], ...], int], ...]] = (
    ((errors.NoToken,), 401),
    ((errors.OutOfScope, NotEmpowered), 403),
    ((errors.NothingHere, NoSuchRequest, NoSuchEntry, NoSuchExhibit), 404),
    ((errors.MethodNotAllowed,), 405),
    ((errors.UnreadableCall,), 400),
    ((errors.CallTooLarge,), 413),
    ((errors.NotJson,), 415),
    ((errors.TooManyCalls,), 429),
    ((errors.HandedOverAlready, errors.NotHandedOver, errors.NotOpenedYet), 409),
    ((DraftGone, TextMoved, ExhibitNotHere, NotToBeUsed), 409),
    ((CannotStore, NotHeardSinceRestore, RecordSetBack), 503),
)


class NodeBroken(OurFault):
    """The node met a fault of its own while it answered; what was begun is undone."""

    code = "node-broken"
    default_hint = "ask the operator for the node's log at this minute"


@csrf_exempt
@login_not_required
def answer(request: HttpRequest) -> HttpResponseBase:
    """Answer a call of a program, whatever it asks."""
    try:
        with translation.override("en"), saying_why():
            return _answer(request)
    except ComityError as error:
        return problem(error)
    except Exception:
        LOG.exception("a call could not be answered")
        return problem(NodeBroken("the call could not be answered: this node met a fault of its own"), 500)


def problem(error: ComityError, status: int = 0) -> HttpResponse:
    """Say what did not happen, why, and what to do now, as RFC 9457 problem details."""
    found = status or next((code for kinds, code in _STATUS if isinstance(error, kinds)), 422)
    said = shapes.Problem(
        type="about:blank",
        title=HTTPStatus(found).phrase,
        status=found,
        detail=str(error),
        code=error.code,
        hint=error.hint,
    )
    response = _json(said, found, "application/problem+json")
    if found == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="comity"'
    if isinstance(error, errors.TooManyCalls):
        response["Retry-After"] = str(rates.RETRY_SECONDS)
    return response


def _answer(request: HttpRequest) -> HttpResponseBase:
    path = request.path_info.removeprefix(BASE) or "/"
    if path == DESCRIPTION and request.method in _WHOLE:
        return HttpResponse(document(), content_type="application/json")
    token = services.bearer(request.headers.get("Authorization", ""))
    with ExitStack() as held:
        held.enter_context(rates.place_for(token))
        services.seen(token)
        response = _answered(path, Caller(token), request)
        if isinstance(response, StreamingHttpResponse):  # it is answered once it is sent
            content = cast("Iterator[bytes]", response.streaming_content)
            response.streaming_content = rates.Holding(content, held.pop_all())
    return response


def _answered(path: str, caller: Caller, request: HttpRequest) -> HttpResponseBase:
    caller.must_be_in_office()
    there = list(_at(path))
    method = "GET" if request.method == "HEAD" else str(request.method)
    found = next(((one, place) for one, place in there if one.method == method), None)
    if found is None:
        return _not_there(path, [one.method for one, _place in there])
    operation, place = found
    if operation.scope:
        caller.must_reach(operation.scope)
    call = Call(caller, place, _said(operation, request), request)
    return _response(operation, _done(operation, call))


def _at(path: str) -> Iterator[tuple[Operation, Mapping[str, str]]]:
    """The operations at an address, each with what the address names."""
    for one in OPERATIONS:
        match = one.address.fullmatch(path)
        if match is not None:
            yield one, match.groupdict()


def _not_there(path: str, methods: list[str]) -> HttpResponse:
    allowed = methods or (["GET"] if path == DESCRIPTION else [])
    if not allowed:
        return problem(errors.NothingHere("there is nothing at this address"))
    response = problem(errors.MethodNotAllowed("the address is not for this method"))
    response["Allow"] = ", ".join(sorted({*allowed, *(["HEAD"] if "GET" in allowed else [])}))
    return response


def _done(operation: Operation, call: Call[Any]) -> Any:  # noqa: ANN401 - what the operation answers
    """Do it; what writes is done whole or not at all."""
    if operation.method == "GET":
        return operation.does(call)
    with transaction.atomic():
        return operation.does(call)


def _response(operation: Operation, done: Any) -> HttpResponseBase:  # noqa: ANN401 - as above
    if isinstance(done, shapes.Answer):
        response = _json(done, operation.status)
        if operation.status == HTTPStatus.CREATED:
            response["Location"] = getattr(done, "href", BASE)
        return response
    if done is None:
        return HttpResponse(status=operation.status)
    file: HttpResponseBase = done
    file["Cache-Control"] = "no-store"
    return file


def _json(said: shapes.Answer, status: int, media_type: str = "application/json") -> HttpResponse:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(msgspec.json.encode(said), status=status, content_type=media_type, headers=headers)


def _said(operation: Operation, request: HttpRequest) -> asked.Said:
    """What a call says: its query where it reads, its body where it writes.

    Raises:
        OurFault: It is too large, not JSON, or not in the form the operation asks for.
    """
    query = _query(request)
    if operation.says is None:
        if _length(request) > 0:
            raise errors.UnreadableCall("the call was not answered: a call of this method has no body")
        return _read(query, operation.asks)
    if query:
        raise errors.UnreadableCall("the call was not answered: a call of this method has no query")
    return _body(request, operation.says)


def _query(request: HttpRequest) -> dict[str, str]:
    """The query, each name once."""
    if len(request.META.get("QUERY_STRING", "")) > _MOST_QUERY:
        raise errors.CallTooLarge(f"the call was not answered: its query has over {_MOST_QUERY:,} characters")
    said = dict(request.GET.lists())
    twice = [name for name, values in said.items() if len(values) > 1]
    if twice:
        raise errors.UnreadableCall("the call was not answered: its query says something twice")
    return {name: values[0] for name, values in said.items()}


def _read(query: Mapping[str, str], form: type[asked.Said]) -> asked.Said:
    try:
        return msgspec.convert(query, type=form, strict=False)
    except (msgspec.ValidationError, ValueError) as error:
        raise errors.UnreadableCall(f"the call was not answered: in the query, {_why(error)}") from error


def _body(request: HttpRequest, form: type[asked.Said]) -> asked.Said:
    if request.content_type != "application/json":
        raise errors.NotJson("the call was not answered: its body is not application/json")
    most = settings.NODE.limits.api_bytes
    if _length(request) > most:
        raise errors.CallTooLarge(f"the call was not answered: it has more than {most:,} bytes")
    sent = request.read(most + 1)
    if len(sent) > most:
        raise errors.CallTooLarge(f"the call was not answered: it has more than {most:,} bytes")
    try:
        said: asked.Said = msgspec.json.decode(sent, type=form)
    except RecursionError as error:
        raise errors.CallTooLarge("the call was not answered: its body is nested too deep") from error
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        raise errors.UnreadableCall(f"the call was not answered: in the body, {_why(error)}") from error
    return said


def _length(request: HttpRequest) -> int:
    """The length announced; where a body comes in chunks, more than none."""
    if request.headers.get("Transfer-Encoding"):
        return 1
    declared = request.headers.get("Content-Length") or "0"
    return int(declared) if declared.isascii() and declared.isdecimal() and len(declared) < 19 else 2**62


def _why(error: Exception) -> str:
    """What is wrong with the form of a call; never long, and never with a control character in it."""
    text = "".join(letter if letter.isprintable() else "\ufffd" for letter in str(error))
    return text[:1].lower() + text[1:300]
