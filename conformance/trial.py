"""Try a node by the specification: as an honest peer, and as one that lies.

The runner is a party of its own, with keys drawn anew. The node's officers are asked for three things, by
a driver: their passport, to trust ours, and to accept the channel we propose. All else goes over the
wire. Each check names the section of ``docs/spec`` it tries; a node that fails one does not follow that
section, or the section is not clear.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from conformance.peer import calls, entries
from conformance.peer.bundle import Bundle
from conformance.peer.notes import Refused
from conformance.peer.party import Counterpart, Party

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.peer.channel import Channel

PARTY = "x-conformance"
DAY = 86_400


class Driver(Protocol):
    """What the node's officers do for the runner."""

    def passport(self) -> bytes:
        """Give the node's passport."""
        ...

    def trust(self, passport: bytes) -> None:
        """Compare our fingerprint, and confirm it."""
        ...

    def accept(self, channel: str) -> None:
        """Accept a channel that we proposed."""
        ...


class Failed(Exception):
    """The node did not do as the section says."""


@dataclass(frozen=True)
class Result:
    """What a check found."""

    section: str
    says: str
    because: str = ""

    @property
    def passed(self) -> bool:
        return not self.because


def must(holds: object, otherwise: str) -> None:
    """Fail the check unless something holds."""
    if not holds:
        raise Failed(otherwise)


@dataclass
class Trial:
    """One node under trial, and the channel we have with it.

    Attributes:
        url: Where the node is reached: the address of its passport.
        driver: What its officers do.
        instruments: Texts that both know, by name: edition and digest; ``charter`` among them.
        instrument: The one that the channel is to rest on.
    """

    url: str
    driver: Driver
    instruments: Mapping[str, tuple[str, str]]
    instrument: str
    us: Party = field(default_factory=lambda: Party.new(PARTY, "https://conformance.invalid"))
    node: Counterpart = field(init=False)
    channel: Channel = field(init=False)

    # --- calling ------------------------------------------------------------------------------------

    def call(self, method: str, path: str, body: bytes = b"", **signed: Any) -> calls.Answer:
        """A call that we sign, unless ``headers`` are given."""
        url = self.url + path
        headers = signed.pop("headers", None)
        if headers is None:
            headers = calls.signed(
                method, signed.pop("signed_url", url), body, self.us.code, self.us.keys["wire"][0], **signed
            )
        return calls.send(method, url, body, {**headers, "Content-Type": calls.BUNDLE})

    def deliver(self, bundle: Bundle | bytes) -> calls.Answer:
        """Post a delivery."""
        return self.call("POST", "/wire/bundle", bundle if isinstance(bundle, bytes) else bundle.encode())

    def delivered(self, bundle: Bundle) -> Bundle:
        """Post a delivery that must be taken; the answer."""
        answer = self.deliver(bundle)
        must(answer.status == 200, f"answered {answer.status}: {answer.body[:200]!r}")
        return Bundle.parse(answer.body)

    def settle(self) -> None:
        """Exchange until both have everything."""
        for _ in range(6):
            back = self.delivered(self.channel.delivery())
            self.channel.take(back)
            if not back.entries and self.channel.own.receipted == self.channel.own.size:
                return

    def refused(self, answer: calls.Answer, status: int, code: str = "") -> dict[str, Any]:
        """The answer is the problem document of wire.md, Refusals."""
        must(answer.status == status, f"answered {answer.status}, not {status}: {answer.body[:200]!r}")
        kind = answer.headers.get("Content-Type", "")
        must(kind.startswith("application/problem+json"), f"the refusal is {kind}, not a problem document")
        said = json.loads(answer.body)
        must(
            {"type", "title", "status", "detail", "hint", "code"} <= said.keys(),
            "the problem document lacks a member",
        )
        must(said["status"] == status and said["detail"], "the problem document does not say what happened")
        must(not code or said["code"] == code, f"the code is {said['code']}, not {code}")
        must(answer.headers.get("Comity-Time"), "the refusal does not say the node's time")
        return dict(said)

    def lies(self, **changed: Any) -> Bundle:
        """A delivery of one new entry, with a part of it changed; our own log is not touched."""
        copy = self.copy()
        leaf = changed.pop("leaf", None)
        sealed = changed.pop("sealed", copy.seal({"note": "true"}))
        if leaf is None:
            said = changed.pop("said", {})
            leaf = entries.write(
                "note.sent",
                f"{PARTY}-1",
                **{"sealed": sealed, "seen": {self.node.code: copy.theirs.size}, **said},
            )
        copy.put(leaf, sealed)
        return replace(copy.delivery(), **changed)

    def copy(self) -> Channel:
        """The channel as it is, to be lied about."""
        own = self.channel.own
        return replace(
            self.channel,
            own=replace(own, leaves=[*own.leaves], payloads=[*own.payloads], receipts=[*own.receipts]),
        )


@dataclass(frozen=True)
class Check:
    """One thing a node must do, the section that says so, and how it is tried."""

    section: str
    says: str
    tries: Callable[[Trial], None]

    def on(self, trial: Trial) -> Result:
        """Try it."""
        try:
            self.tries(trial)
        except (Failed, Refused, AttributeError, KeyError, ValueError, OSError) as error:
            return Result(self.section, self.says, f"{type(error).__name__}: {error}")
        return Result(self.section, self.says)


BY_PART: dict[str, list[Check]] = defaultdict(list)


def check(section: str, says: str) -> Callable[[Callable[[Trial], None]], Callable[[Trial], None]]:
    """Put a check on the list of its file, in its order."""

    def add(tries: Callable[[Trial], None]) -> Callable[[Trial], None]:
        BY_PART[tries.__module__].append(Check(section, says, tries))
        return tries

    return add
