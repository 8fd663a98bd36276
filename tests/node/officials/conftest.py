"""Anna prepares, Boris seconds, Clara is outside; and a register that records what it is asked to sign."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from comity.names import EntryRef, Origin
from comity_node.officials import services
from comity_node.register.acts import Act
from comity_node.register.rooms import Verdict

CHANNEL = "abcdefghijklmnop"


@dataclass
class Register:
    """A register of one channel, in memory: it judges as it is told and keeps what it signed."""

    second_needed: bool = True
    forbidden: Exception | None = None
    signed: list = field(default_factory=list)

    def verdict(self, _act, _party):
        if self.forbidden:
            raise self.forbidden
        return Verdict(basis="Art. 5", verified="V", second_needed=self.second_needed, sentence="asks for")

    def append(self, act, *, by, second=None):
        self.signed.append((act, by, second))
        return EntryRef(Origin("aa", CHANNEL), len(self.signed) - 1)


@pytest.fixture
def register(monkeypatch):
    """The register the services write to."""
    register = Register()
    monkeypatch.setattr(services.rooms, "verdict", register.verdict)
    monkeypatch.setattr(services.register, "append", register.append)
    return register


@pytest.fixture
def anna(hire):
    """Case officer of aa, who prepares."""
    return hire("anna", "case officer")


@pytest.fixture
def boris(hire):
    """Coordinator of the same party, who seconds."""
    return hire("boris", "coordinator", office="prosecution")


@pytest.fixture
def clara(hire):
    """Analyst of the same party, outside the case."""
    return hire("clara", "analyst")


@pytest.fixture
def act():
    """A request for assistance, ready to be signed."""
    return Act(
        channel=CHANNEL,
        kind="assistance.request.sent",
        ref="aa-2026-0001",
        answers=(EntryRef(Origin("bb", CHANNEL), 3),),
        stated={"instrument": "treaty-1", "reasons": ["one", "two"]},
        payload={"what": "records of one account"},
    )


@pytest.fixture
def prepared(register, anna, act):
    """The act, prepared by Anna."""
    return services.prepare(act, by=anna)
