"""What a counterpart's node may ask of ours.

Follows: docs/spec/wire.md.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack, contextmanager
from functools import wraps
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from comity.channel.bundle import Limits, read_bundle
from comity.errors import ComityError, CounterpartBreach, MalformedBundle, OurFault, UnknownOrigin
from comity.tlog.encoding import decimal
from comity_node import signatures
from comity_node.counterparts.queries import wire_keys
from comity_node.evidence.errors import NoSuchExhibit
from comity_node.evidence.serving import serve_sealed
from comity_node.register import mirroring, news, queries, returning_many
from comity_node.register.returning import give_back
from comity_node.register.services import NotHeardSinceRestore, RecordSetBack
from comity_node.register.storing import CannotStore, saying_why
from comity_node.wire.receiving import AwaitsAnother, ForkProven, NotForUs, SendFromHere, receive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from comity.channel.bundle import Bundle

BUNDLE_TYPE = "application/vnd.comity.bundle+tar"
_MOST_DIGITS: Final = 18
_AT_ONCE: Final = 8
_PLACES: Final[defaultdict[str, BoundedSemaphore]] = defaultdict(lambda: BoundedSemaphore(_AT_ONCE))


class Busy(OurFault):
    """So many calls of one counterpart are being answered that the next must wait."""

    code = "busy"
    default_hint = "call again in a moment, one call after the other"


_STATUS: dict[type[ComityError], int] = {
    Busy: 503,
    signatures.NotAuthenticated: 401,
    UnknownOrigin: 404,
    NoSuchExhibit: 404,
    NotForUs: 403,
    SendFromHere: 409,
    AwaitsAnother: 409,
    ForkProven: 409,
    MalformedBundle: 400,
    CannotStore: 503,
    NotHeardSinceRestore: 503,
    RecordSetBack: 503,
}


def from_a_counterpart(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let only a confirmed counterpart in; the view gets its party code."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def authenticated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401
        signed_at: datetime | None = None
        response: HttpResponseBase
        place = ExitStack()

        def sent(party: str) -> bytes:
            place.enter_context(_place_for(party))
            _check_announced(request)
            return request.read(settings.NODE.limits.bundle_bytes + 1)

        try:
            party, signed_at, body = signatures.caller(
                str(request.method),
                settings.NODE.address + request.get_full_path(),
                dict(request.headers),
                sent,
                keys=wire_keys(),
            )
            with saying_why():
                response = view(request, *args, party=party, body=body, **kwargs)
        except ComityError as error:
            response = problem(error)
        finally:
            place.close()
        # So that a wrong clock is found out on both sides, whoever's it is, refused or not.
        now = timezone.now()
        response["Comity-Time"] = now.isoformat(timespec="milliseconds")
        if signed_at is not None:
            response["Comity-Skew"] = f"{(signed_at - now).total_seconds():.0f}"
        return response

    return authenticated


def problem(error: ComityError) -> JsonResponse:
    """Say what was refused and what to do, as RFC 9457 problem details."""
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 422)
    document: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(error),
        "code": error.code,
        "hint": error.hint,
    }
    if isinstance(error, SendFromHere):
        document["send_from"] = error.size
    if isinstance(error, AwaitsAnother):
        document["awaits"] = {"party": error.party, "size": error.size}
    return JsonResponse(document, status=status, content_type="application/problem+json")


@require_POST
@from_a_counterpart
def deliver(_request: HttpRequest, *, party: str, body: bytes) -> HttpResponse:
    """Take a delivery and answer with receipts and our own news."""
    taken = receive(_bundle(body, party), party)
    if taken.entries or taken.receipts:
        news.ring()
    return _with_forks(HttpResponse(taken.answer.encode(), content_type=BUNDLE_TYPE), taken.channel)


def _with_forks(answer: HttpResponse, channel: str) -> HttpResponse:
    """Name in an answer the parties that are proven here to have signed two histories."""
    if forked := queries.forked(channel):
        answer["Comity-Forked"] = ",".join(sorted(forked))
    return answer


@contextmanager
def _place_for(party: str) -> Iterator[None]:
    """Work on few calls of one counterpart at once: memory and threads are there for others too.

    Raises:
        Busy: There are as many already.
    """
    places = _PLACES[party]
    if not places.acquire(blocking=False):
        raise Busy(f"the call was not looked at: {_AT_ONCE} of {party} are being answered")
    try:
        yield
    finally:
        places.release()


@require_safe
@from_a_counterpart
def exhibit(request: HttpRequest, name: str, *, party: str, body: bytes) -> HttpResponseBase:  # noqa: ARG001 - empty
    """Give a sealed exhibit, or a range of it, to a counterpart it was announced to."""
    return serve_sealed(request, name, party)


@require_GET
@from_a_counterpart
def misconduct(request: HttpRequest, channel: str, author: str, *, party: str, body: bytes) -> HttpResponse:  # noqa: ARG001 - empty
    """Give the proof that a party of a channel with the caller signed two histories: anybody can check it."""
    logs = {log.party: log for log in queries.channel_logs(channel)}
    proof = queries.fork_proof(logs[author]) if {party, author} <= logs.keys() else None
    if proof is None:
        raise UnknownOrigin(
            f"nothing is proven here of {author[:40]} in a channel {channel[:40]} with {party}"
        )
    return HttpResponse(proof, content_type="application/json")


@require_GET
@from_a_counterpart
def part(request: HttpRequest, channel: str, author: str, *, party: str, body: bytes) -> HttpResponse:  # noqa: ARG001 - empty
    """Give a part of a log of a channel with the caller, its own among them: what an old backup lacks."""
    logs = {log.party: log for log in queries.channel_logs(channel)}
    if {party, author, settings.NODE.party} - logs.keys():
        raise UnknownOrigin(f"{author[:40]} has no log in a channel {channel[:40]} with {party} here")
    start, receipts = _number(request, "start"), _number(request, "receipts")
    if logs[party].many:
        if logs[party].place != logs[party].Place.MEMBER:
            raise UnknownOrigin(f"{party} is not in the channel {channel[:40]} here")
        to = settings.NODE.party if author == party else party
        returned = returning_many.give_back(logs[author], to, start=start, passed=receipts)
        return _with_forks(HttpResponse(returned.encode(), content_type=BUNDLE_TYPE), channel)
    (other,) = (log for log in logs.values() if log.party != author)
    returned = give_back(logs[author], other, start=start, receipts=receipts)
    return HttpResponse(returned.encode(), content_type=BUNDLE_TYPE)


def _number(request: HttpRequest, name: str) -> int:
    """A number of the query, in its one spelling; 0 where there is none."""
    text = request.GET.get(name, "0")
    found = decimal(text) if len(text) <= _MOST_DIGITS else None
    if found is None:
        raise MalformedBundle(f"{name} must be a number of entries, not {text[:20]!r}")
    return found


def _bundle(body: bytes, party: str) -> Bundle:
    """Read a delivery; one that cannot be believed to concern any channel is noted without one."""
    try:
        bundle = read_bundle(body, bundle_limits())
        if bundle.sender != party and not queries.are_of_many(bundle.channel, {party, bundle.sender}):
            raise NotForUs(f"{party} delivered in the name of {bundle.sender}")
    except CounterpartBreach as breach:
        mirroring.note_refusal("", party, breach, incoming=True)
        raise
    return bundle


def bundle_limits() -> Limits:
    """This node's limits, as the core reads them."""
    limits = settings.NODE.limits
    return Limits(bundle=limits.bundle_bytes, entries=limits.bundle_entries, payload=limits.payload_bytes)


def _check_announced(request: HttpRequest) -> None:
    """Refuse a body longer than a bundle may be by what is announced; nothing of it is read."""
    most = settings.NODE.limits.bundle_bytes
    declared = request.headers.get("Content-Length") or "0"
    is_number = declared.isascii() and declared.isdecimal() and len(declared) <= _MOST_DIGITS
    if not is_number or int(declared) > most:
        raise MalformedBundle(
            f"a request of {declared[:20]} bytes was announced; this node takes {most:,} at once"
        )


@require_GET
@login_not_required
def hello(_request: HttpRequest) -> JsonResponse:
    """Say that a Comity node listens here, and nothing about it."""
    return JsonResponse({"comity": 1, "time": timezone.now().isoformat(timespec="milliseconds")})
