"""One channel as one side keeps it: its own log, its mirror of the other's, the receipts both ways.

Follows: docs/spec/mirror.md, Receipts, Judging an offer; bundle.md, Taking one in; wire.md, Deliveries.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from conformance.peer import entries, notes, sealing, tree
from conformance.peer.bundle import Bundle
from conformance.peer.notes import Refused

if TYPE_CHECKING:
    from conformance.peer.party import Counterpart, Party


class Problem(Refused):
    """A refusal as the wire says it: status, code, and where to send from."""

    def __init__(self, status: int, code: str, detail: str, send_from: int | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.status, self.code, self.detail, self.send_from = status, code, detail, send_from


@dataclass
class Log:
    """A log: its leaves, the sealed content each names, and the receipts given for it, smallest first."""

    leaves: list[bytes] = field(default_factory=list)
    payloads: list[bytes | None] = field(default_factory=list)
    note: bytes = b""
    receipts: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.leaves)

    @property
    def receipted(self) -> int:
        return self.receipts[-1][0] if self.receipts else 0

    def hashes(self, size: int | None = None) -> list[bytes]:
        return [tree.leaf(one) for one in self.leaves[:size]]


@dataclass
class Channel:
    """Our side of a channel."""

    name: str
    us: Party
    other: Counterpart
    own: Log = field(default_factory=Log)
    theirs: Log = field(default_factory=Log)
    misconduct: bool = False

    # --- what we write ------------------------------------------------------------------------------

    def write(self, kind: str, ref: str, content: Any = None, **said: Any) -> bytes:
        """Put an entry on our log, its content sealed to both."""
        sealed = self.seal(content) if content is not None else None
        seen = {self.other.code: self.theirs.size} if self.theirs.size else {}
        return self.put(entries.write(kind, ref, sealed=sealed, **{"seen": seen, **said}), sealed)

    def seal(self, content: Any) -> bytes:
        text = json.dumps(content, ensure_ascii=False).encode()
        return sealing.seal(text, [self.us.identity.recipient, self.other.recipient])

    def put(self, leaf: bytes, sealed: bytes | None = None) -> bytes:
        """Put any leaf on our log, and sign for it."""
        self.own.leaves.append(leaf)
        self.own.payloads.append(sealed)
        self.own.note = self.checkpoint(self.own.size)
        return leaf

    def checkpoint(self, size: int, leaves: list[bytes] | None = None) -> bytes:
        hashes = [tree.leaf(one) for one in (self.own.leaves if leaves is None else leaves)[:size]]
        text = notes.checkpoint_text(f"{self.us.code}.comity/{self.name}", size, tree.root(hashes))
        return notes.sign(text, self.us.log_signers(self.name))

    # --- what we send -------------------------------------------------------------------------------

    def delivery(self, start: int | None = None, receipts_after: int = 0) -> Bundle:
        """Our entries from the last receipt on, and our receipts."""
        start = self.own.receipted if start is None else start
        own = self.own
        return Bundle(
            self.name,
            self.us.code,
            self.other.code,
            start,
            own.note,
            tree.consistency(own.hashes(), start),
            own.leaves[start:],
            [one for one in own.payloads[start:] if one is not None],
            [note for size, note in self.theirs.receipts if size > receipts_after][:32],
        )

    # --- what we take -------------------------------------------------------------------------------

    def take(self, bundle: Bundle) -> None:
        """Take a delivery in, or refuse it whole; then sign for what is held."""
        if (bundle.sender, bundle.receiver, bundle.channel) != (self.other.code, self.us.code, self.name):
            raise Problem(403, "not-for-us", "the delivery is another's, or for another")
        if self.misconduct:
            raise Problem(
                409, "fork-proven", "the log's author signed two histories; nothing more of it is taken"
            )
        receipts = [self._receipt(note) for note in bundle.cosignatures]
        if bundle.checkpoint:
            self._take_entries(bundle)
        held = dict(self.own.receipts)
        self.own.receipts = sorted({**dict(receipts), **held}.items())
        if self.theirs.size > self.theirs.receipted:
            mirror = self.us.keys["mirror"]
            text, _ = notes.parse(self.theirs.note)
            at = int(time.time())
            lines = "".join(one.line(text, at) for one in mirror)
            self.theirs.receipts.append((self.theirs.size, self.theirs.note + lines.encode()))

    def _receipt(self, note: bytes) -> tuple[int, bytes]:
        try:
            text = notes.signed_by(note, [one.vkey for one in self.us.log_signers(self.name)])
            notes.signed_by(note, self.other.keys["mirror"])
            times = set(notes.stamps(note, self.other.keys["mirror"]))
            _origin, size, root = notes.checkpoint(text)
        except (Refused, ValueError) as error:
            raise Problem(422, "bad-receipt", str(error)) from error
        if len(times) != 1 or 0 in times or size > self.own.size or tree.root(self.own.hashes(size)) != root:
            raise Problem(422, "bad-receipt", "a receipt of two times, or of what we do not hold")
        return size, note

    def _take_entries(self, bundle: Bundle) -> None:
        try:
            text = notes.signed_by(bundle.checkpoint, self.other.log_keys(self.name))
            origin, size, root = notes.checkpoint(text)
        except (Refused, ValueError) as error:
            raise Problem(422, "bad-checkpoint", str(error)) from error
        if origin != f"{self.other.code}.comity/{self.name}" or text.count("\n") != 3:
            raise Problem(422, "bad-checkpoint", "a checkpoint of another log, or with further lines")
        held = self.theirs
        if size <= held.size:
            if tree.root(held.hashes(size)) != root:
                self.misconduct = True
                raise Problem(409, "fork-proven", "two histories of one log")
            return
        if bundle.start > held.size:
            raise Problem(409, "send-from", f"{held.size} entries are held", held.size)
        again = held.size - bundle.start
        if bundle.entries[:again] != held.leaves[bundle.start :]:
            raise Problem(409, "send-from", "what is repeated is not what is held", held.size)
        leaves = [*held.leaves, *bundle.entries[again:]]
        if len(leaves) != size or tree.root([tree.leaf(one) for one in leaves]) != root:
            raise Problem(422, "entries-do-not-match", "the entries do not lead to the signed root")
        payloads = self._checked(bundle, again)
        self.theirs = replace(
            held, leaves=leaves, payloads=[*held.payloads, *payloads], note=bundle.checkpoint
        )

    def _checked(self, bundle: Bundle, again: int) -> list[bytes | None]:
        """What the new entries claim and the content they name; returns that content, in their order."""
        named = iter(bundle.payloads)
        seen = entries.decode(self.theirs.leaves[-1])["seen"] if self.theirs.leaves else {}
        found: list[bytes | None] = []
        for place, leaf in enumerate(bundle.entries):
            try:
                entry = entries.decode(leaf)
            except (Refused, ValueError) as error:
                raise Problem(422, "malformed-entry", str(error)) from error
            sealed = next(named, None) if entry["payload"] else None
            if place < again:
                continue
            if entry["payload"]:
                self._match(sealed, entry["payload"])
            self._claims(entry, seen, bundle.start + place)
            seen = entry["seen"]
            found.append(sealed)
        if next(named, None) is not None:
            raise Problem(422, "payload-does-not-match", "more content than entries name")
        return found

    def _match(self, sealed: bytes | None, named: dict[str, Any]) -> None:
        if sealed is None or (len(sealed), hashlib.sha256(sealed).hexdigest()) != (
            named["size"],
            named["sha256"],
        ):
            raise Problem(422, "payload-does-not-match", "content is not what its entry names")
        if len(sealing.stanzas(sealed)) != 2:
            raise Problem(422, "payload-does-not-match", "content is not sealed to both")

    def _claims(self, entry: dict[str, Any], before: dict[str, int], index: int) -> None:
        seen = entry["seen"]
        known = {self.us.code: self.own.size}
        wrong = self.other.code in seen or any(size > known.get(party, 0) for party, size in seen.items())
        shrinks = any(seen.get(party, 0) < size for party, size in before.items())
        for answered in entry["re"]:
            origin, _, number = answered.rpartition("#")
            party, _, channel = origin.partition(".comity/")
            held = index if party == self.other.code else seen.get(party, 0)
            wrong = wrong or (channel == self.name and int(number) >= held)
        if wrong or shrinks:
            raise Problem(422, "claims-the-unseen", "an entry claims what its author cannot have seen")

    # --- what we read -------------------------------------------------------------------------------

    def read(self, index: int) -> tuple[dict[str, Any], Any]:
        """An entry of theirs, and what its content says."""
        sealed = self.theirs.payloads[index]
        content = json.loads(sealing.opened(sealed, self.us.identity)) if sealed else None
        return entries.decode(self.theirs.leaves[index]), content
