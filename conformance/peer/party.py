"""A party: its keys, its passport, and what it knows of another by that one's passport.

Follows: docs/spec/passport.md; docs/spec/charter.md, Policy.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from conformance.peer import notes
from conformance.peer.notes import Refused, Signer, Vkey
from conformance.peer.sealing import Identity

FORM = "comity/passport/v1"
USES = {
    "identity": (".comity", (notes.NOTE, notes.NOTE_PQ)),
    "log": (".comity/log", (notes.NOTE, notes.COSIGNED_PQ)),
    "mirror": (".comity/mirror", (notes.COSIGNED, notes.COSIGNED_PQ)),
    "wire": (".comity/wire", (notes.NOTE,)),
}


@dataclass
class Party:
    """Us: what signs and opens."""

    code: str
    address: str
    keys: dict[str, list[Signer]]
    identity: Identity

    @classmethod
    def new(cls, code: str, address: str) -> Party:
        keys = {
            use: [Signer.new(code + ending, kind) for kind in kinds] for use, (ending, kinds) in USES.items()
        }
        return cls(code, address, keys, Identity.new())

    def log_signers(self, channel: str) -> list[Signer]:
        """The log's keys, under the origin of a channel."""
        return [one.renamed(f"{self.code}.comity/{channel}") for one in self.keys["log"]]

    def passport(self) -> bytes:
        """Our signed description."""
        keys = {use: [str(one.vkey) for one in signers] for use, signers in self.keys.items()}
        names = {"en": self.code.upper()}
        about = {
            "party": self.code,
            "version": 1,
            "issued": f"{datetime.now(UTC):%Y-%m-%d}",
            "names": names,
            "languages": ["en"],
            "address": self.address,
            "keys": {**keys, "witness": []},
            "sealing": [self.identity.recipient],
            "authorities": [{"code": "ministry", "names": names, "role": "central", "powers": []}],
            "contacts": [],
        }
        return notes.sign(f"{FORM}\n{spelled(about)}\n", self.keys["identity"])

    def counterpart(self) -> Counterpart:
        """Ourselves, as others know us."""
        return Counterpart.of(self.passport())


@dataclass
class Counterpart:
    """Another, by its passport."""

    code: str
    address: str
    recipient: str
    keys: dict[str, list[Vkey]]

    @classmethod
    def of(cls, passport: bytes) -> Counterpart:
        text, _lines = notes.parse(passport)
        form, _, said = text.partition("\n")
        about = json.loads(said)
        if form != FORM or spelled(about) + "\n" != said:
            raise Refused("a passport is not in its one spelling")
        keys = {use: [Vkey.parse(one) for one in about["keys"][use]] for use in USES}
        for use, (ending, kinds) in USES.items():
            if [(key.name, key.kind) for key in keys[use]] != [
                (about["party"] + ending, kind) for kind in kinds
            ]:
                raise Refused(f"the {use} keys of a passport have not their names and kinds")
        notes.signed_by(passport, keys["identity"])
        return cls(about["party"], about["address"], about["sealing"][0], keys)

    def log_keys(self, channel: str) -> list[Vkey]:
        """The keys of its log in a channel."""
        return [key.renamed(f"{self.code}.comity/{channel}") for key in self.keys["log"]]


def spelled(about: Any, depth: int = 1) -> str:
    """JSON as a passport has it: one space of indentation a level, empty lists and maps on one line."""
    pad, end = " " * depth, " " * (depth - 1)
    if isinstance(about, dict) and about:
        lines = [f"{pad}{json.dumps(key)}: {spelled(value, depth + 1)}" for key, value in about.items()]
        return "{\n" + ",\n".join(lines) + f"\n{end}}}"
    if isinstance(about, list) and about:
        return "[\n" + ",\n".join(pad + spelled(value, depth + 1) for value in about) + f"\n{end}]"
    return json.dumps(about, ensure_ascii=False)


def policy(channel: str, parties: list[Counterpart]) -> str:
    """The policy that the rule of the charter makes of the parties' keys."""
    seated = sorted(parties, key=lambda one: one.code)
    lines = [f"log {key}" for one in seated for key in one.log_keys(channel)]
    groups = []
    for one in seated:
        names = [f"{one.code}-mirror-{place}" for place in range(1, len(one.keys["mirror"]) + 1)]
        lines += [f"witness {name} {key}" for name, key in zip(names, one.keys["mirror"], strict=True)]
        groups.append(f"group {one.code}-mirror {len(names)} {' '.join(names)}")
    groups.append(f"group receipt 1 {' '.join(f'{one.code}-mirror' for one in seated)}")
    return "\n".join([*lines, *groups, "quorum receipt", ""])
