"""What the measurements have a node do, in its own process, by the register's own functions."""

from __future__ import annotations

import json
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from bench.crowd import crowd
from bench.talking import talk_filled, talk_opened, talk_said, talk_unread
from bench.warning import warned
from comity.channel.charter import Coordinator
from comity.entries import By
from comity.instruments import library
from comity.names import EntryRef, Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import parse_note
from comity.tlog.tree import prove_consistency
from comity_node.channels import services as channels
from comity_node.channels.seating import open_logs
from comity_node.counterparts import queries as counterparts
from comity_node.counterparts.own import issue_passport
from comity_node.counterparts.services import hold_ceremony, import_passport
from comity_node.evidence import queries as exhibits
from comity_node.evidence import services as evidence
from comity_node.officials import people
from comity_node.register import news, payloads, proofs, queries, rooms, services
from comity_node.register.acts import Act, Capacity
from comity_node.register.tree import StoredTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KIND = "measurement.noted"
INSTRUMENT = "us-ru-1999"
# A docket is not of one sort: of ten requests five ask for assistance under the treaty.
_OTHER = "ets-185"
_OPENINGS = (
    *((INSTRUMENT, "assistance.request.lodged", {"types": ["testimony"]}),) * 5,
    *((_OTHER, "preservation.request.requested", {}),) * 3,
    (_OTHER, "emergency.request.asked", {}),
    (_OTHER, "information.notice.given", {}),
)
_OFFICE = Capacity("central-authority", "case officer")
_SECOND = Capacity("central-authority", "coordinator")
_SETTLES_WITHIN = 300.0

_NOTED = rooms.Verdict("measurement", "verified", False, "A measurement is noted")
# A room of their own, so that the figure is the record's: requests are measured beside it.
rooms.announce(
    rooms.Room(
        prefix="measurement",
        judge=lambda acts, _party: [_NOTED] * len(acts),
        project=lambda _channel, _refs: None,
        projections=[],
    )
)


def do(verb: str, body: bytes) -> bytes:
    """Do a verb; what goes wrong is said, not raised."""
    close_old_connections()
    try:
        return json.dumps({"done": _VERBS[verb](**json.loads(body))}).encode()
    except Exception:  # noqa: BLE001 - it is the measurement that failed, and it must say how
        return json.dumps({"failed": traceback.format_exc()}).encode()


def passport() -> str:
    """Our passport."""
    return bytes(issue_passport().note).decode()


def trust(passport: str) -> None:
    """Import a passport and compare its fingerprint."""
    official = people.find("admin")
    people.appoint("admin", roles=["coordinator", "case officer"])
    row = import_passport(passport.encode())
    words = counterparts.read(row).fingerprint.words("en")
    hold_ceremony(row, by=official, fingerprint=words, path="in person", with_whom="Boris")


def propose(counterpart: str) -> str:
    """Propose a channel."""
    charter = channels.draft_charter(
        counterparts=[counterpart],
        instruments=[INSTRUMENT, _OTHER],
        purpose="measurement",
        languages=["en"],
        coordinator=Coordinator("central-authority", "coordinator"),
        exercise=True,  # no treaty binds States that do not exist
    )
    open_logs(charter.channel, [channels._trusted(counterpart)], many=False, ours=True)  # noqa: SLF001 - proposing takes two officers
    services.append(channels.proposal(charter), by=_OFFICE, second=_SECOND)
    return charter.channel


def accept(channel: str) -> None:
    """Accept it, once it has come."""
    until = time.monotonic() + 60
    while not queries.entries(channel, prefix="channel.proposed") and time.monotonic() < until:
        time.sleep(0.05)
    coordinator = Coordinator("central-authority", "coordinator")
    act = channels.answering(channel=channel, act="accepted", coordinator=coordinator)
    services.append(act, by=_OFFICE, second=_SECOND)


def settle(channel: str, within: float = _SETTLES_WITHIN) -> float:
    """Wait until everything of ours is receipted; returns the seconds it took."""
    begun = time.perf_counter()
    while True:
        heard = news.heard()
        own = queries.own_log(channel)
        if own is not None and own.size and own.receipted >= own.size:
            return time.perf_counter() - begun
        if time.perf_counter() - begun > within:
            raise TimeoutError(f"{channel} has not settled")
        news.wait(heard, seconds=1.0)


def notes(channel: str, first: int, count: int, batch: int, settled: bool = True) -> dict[str, float]:
    """Note measurements, ``batch`` under one checkpoint; seconds until they stood and were receipted."""
    begun = time.perf_counter()
    for acts in _batches(channel, first, count, batch):
        services.append_all(acts, by=_OFFICE)
    stood = time.perf_counter() - begun
    if settled:
        settle(channel)
    return {"stood": stood, "receipted": time.perf_counter() - begun}


def one_by_one(channel: str, first: int, count: int) -> list[float]:
    """Note measurements one by one, each when the one before was receipted; seconds from act to receipt."""
    times = []
    for (act,) in _batches(channel, first, count, 1):
        begun = time.perf_counter()
        services.append(act, by=_OFFICE)
        settle(channel)
        times.append(time.perf_counter() - begun)
    return times


def at_once(channel: str, first: int, count: int, officers: int) -> dict[str, Any]:
    """As ``one_by_one``, by several officers at once; the seconds it took, and each act's to its receipt."""
    begun = time.perf_counter()
    shares = [range(first + place, first + count, officers) for place in range(officers)]
    with ThreadPoolExecutor(officers) as pool:
        times = [one for share in pool.map(lambda numbers: _each(channel, numbers), shares) for one in share]
    return {"took": time.perf_counter() - begun, "times": times}


def _each(channel: str, numbers: range) -> list[float]:
    times = []
    for number in numbers:
        begun = time.perf_counter()
        ref = services.append(_note(channel, number), by=_OFFICE)
        _receipted(channel, ref.index)
        times.append(time.perf_counter() - begun)
    connection.close()
    return times


def _receipted(channel: str, index: int) -> None:
    """Wait until the counterpart has signed for one entry of ours."""
    until = time.monotonic() + _SETTLES_WITHIN
    while time.monotonic() < until:
        heard = news.heard()
        own = queries.own_log(channel)
        if own is not None and own.receipted > index:
            return
        news.wait(heard, seconds=1.0)
    raise TimeoutError(f"{channel}#{index} has no receipt")


def requests(channel: str, party: str, other: str, first: int, count: int, batch: int) -> dict[str, float]:
    """Lodge requests under the treaty, as ``notes``: judged and projected here, projected there."""
    table = library()[INSTRUMENT].digest
    stated: dict[str, str | list[str]] = {
        "instrument": INSTRUMENT,
        "table": table,
        "requested": other,
        "types": ["testimony"],
    }
    begun = time.perf_counter()
    for start in range(first, first + count, batch):
        acts = [
            Act(
                channel=channel,
                kind="assistance.request.lodged",
                ref=f"{party}-2026-{number:06}",
                stated=stated,
                payload={
                    "title": "Statement of one witness",
                    "language": "en",
                    "fields": {"purpose": "x" * 800},
                },
            )
            for number in range(start, min(start + batch, first + count))
        ]
        services.append_all(acts, by=_OFFICE, second=_SECOND)
    stood = time.perf_counter() - begun
    settle(channel)
    return {"stood": stood, "receipted": time.perf_counter() - begun}


def fill(channel: str, first: int, count: int, batch: int) -> None:
    """Note measurements without content, to make a log long."""
    for start in range(first, first + count, batch):
        numbers = range(start, min(start + batch, first + count))
        services.append_all(
            [Act(channel=channel, kind=KIND, ref=f"note-{one}") for one in numbers], by=_OFFICE
        )


def docket(channel: str, party: str, other: str, first: int, count: int) -> None:
    """Put requests of several procedures on our log without judging each against all before."""
    signatories = By(_OFFICE.office, _OFFICE.capacity, _SECOND)
    for start in range(first, first + count, 500):
        numbers = range(start, min(start + 500, first + count))
        acts = [_opening(channel, f"{party}-2026-{number:06}", number, other) for number in numbers]
        with transaction.atomic():
            log, others = services._own_log_and_others(channel)  # noqa: SLF001 - past the judge, on purpose
            now = timezone.now()
            entries = [services._entry(act, None, signatories, others, now) for act in acts]  # noqa: SLF001 - as above
            services._write(log, entries, [], now)  # noqa: SLF001 - as above
            services.project(channel, [(act.kind, act.ref) for act in acts])


def _opening(channel: str, ref: str, number: int, other: str) -> Act:
    """What opens the request of this number: every procedure has its share."""
    name, kind, more = _OPENINGS[number % len(_OPENINGS)]
    stated = {"instrument": name, "table": library()[name].digest, "requested": other, **more}
    return Act(channel=channel, kind=kind, ref=ref, stated=stated)


def appended(channel: str, first: int, count: int) -> float:
    """Processor seconds to note one measurement with content, one by one."""
    acts = [_note(channel, number) for number in range(first, first + count)]
    begun = time.thread_time()
    for act in acts:
        services.append(act, by=_OFFICE)
    return (time.thread_time() - begun) / count


def proven(channel: str, count: int) -> float:
    """Processor seconds to make up the proof of one entry, of entries spread over the log."""
    own = queries.own_log(channel)
    assert own is not None
    origin = Origin.parse(own.origin)
    step = max(1, own.size // count)
    begun = time.thread_time()
    for place in range(count):
        proofs.proof(EntryRef(origin, place * step % own.size))
    return (time.thread_time() - begun) / count


def add_exhibit(channel: str, path: str) -> dict[str, object]:
    """Take a file in and announce it; returns how long sealing took, and its reference."""
    begun = time.perf_counter()
    described = {
        "description": "measurement",
        "taken_where": "here",
        "taken_at": "2026-01-01",
        "taken_by": "Anna",
    }
    evidence.add(Path(path), channel=channel, described=described, by=people.find("admin"))
    return {"added": time.perf_counter() - begun}


def receive_exhibits(count: int) -> None:
    """Wait until so many exhibits stand as received whole on this node's record."""
    until = time.monotonic() + _SETTLES_WITHIN
    while True:
        heard = news.heard()
        if exhibits.exhibits().filter(state="received").count() >= count:
            return
        if time.monotonic() > until:
            raise TimeoutError("the exhibit was not received")
        news.wait(heard, seconds=1.0)


def state(channel: str, party: str) -> dict[str, Any]:
    """Where a log stands here: its size, its root, and which measurements its payloads number."""
    log = queries.log_of(channel, party)
    assert log is not None
    last = Checkpoint.parse(parse_note(bytes(log.checkpoint)).text)
    numbers = [
        document["number"]
        for one in queries.entries(channel, prefix=KIND)
        if one.party == party and (document := payloads.payload(one)) is not None
    ]
    return {"size": log.size, "root": last.root.hex(), "numbers": numbers}


def grown(channel: str, party: str, before: int) -> list[str]:
    """The consistency proof from an earlier size of a log to its present one."""
    log = queries.log_of(channel, party)
    assert log is not None
    return [digest.hex() for digest in prove_consistency(StoredTree(log), before, log.size)]


def browser() -> dict[str, str]:
    """The cookie of a browser in which our first official is signed in."""
    official = people.find("admin")
    session = SessionStore()
    session[SESSION_KEY] = str(official.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = official.get_session_auth_hash()
    session.save()
    return {settings.SESSION_COOKIE_NAME: str(session.session_key)}


def _batches(channel: str, first: int, count: int, batch: int) -> Iterator[list[Act]]:
    for start in range(first, first + count, batch):
        yield [_note(channel, number) for number in range(start, min(start + batch, first + count))]


def _note(channel: str, number: int) -> Act:
    payload = {"number": number, "text": "x" * 1000}
    return Act(channel=channel, kind=KIND, ref=f"note-{number}", payload=payload)


_VERBS: dict[str, Callable[..., Any]] = {
    verb.__name__: verb
    for verb in (
        passport,
        trust,
        propose,
        accept,
        settle,
        notes,
        one_by_one,
        at_once,
        fill,
        docket,
        requests,
        appended,
        proven,
        add_exhibit,
        receive_exhibits,
        state,
        grown,
        browser,
        crowd,
        talk_opened,
        talk_said,
        talk_filled,
        talk_unread,
        warned,
    )
}
