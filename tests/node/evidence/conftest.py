"""Anna and Dora of aa, Clara outside the case, Boris of bb; exhibits of both, on a disk of their own."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from comity import custody
from comity.keys.sealing import Sealer
from comity_node.evidence import services
from comity_node.evidence.models import Exhibit
from comity_node.register.keyring import keyring
from tests.node.counterpart import CHANNEL, open_channel

THEIRS = "bb-2026-x0001"
CONTENT = bytes(range(256)) * 1024  # four pieces when sealed


@pytest.fixture(autouse=True)
def disk(settings, tmp_path):
    """An exhibits directory for each test."""
    settings.NODE = replace(settings.NODE, exhibits=tmp_path / "exhibits")
    return settings.NODE.exhibits


@pytest.fixture
def disk_limit(settings):
    """Set the most bytes an exhibit may have."""

    def limit(most):
        settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, exhibit_bytes=most))

    return limit


@pytest.fixture
def anna(hire):
    """Case officer of aa."""
    return hire("anna", "case officer")


@pytest.fixture
def dora(hire):
    """Coordinator of aa: seconds."""
    return hire("dora", "coordinator", office="prosecution")


@pytest.fixture
def clara(hire):
    """Administrator of aa, outside the case."""
    return hire("clara", "administrator")


@pytest.fixture
def boris(db):
    """The central authority of bb, in an open channel with us."""
    return open_channel()


@pytest.fixture
def added(tmp_path, anna, boris):
    """An exhibit of ours, on record and receipted by Boris."""
    file = tmp_path / "disk image.dd"
    file.write_bytes(CONTENT)
    services.add(file, channel=CHANNEL, described={"description": "Server of the suspect"}, by=anna)
    boris.receipts()
    return Exhibit.objects.get(provider="aa")


class Line:
    """A line to Boris's store: serves sealed bytes, in pieces, and breaks where it is told to."""

    def __init__(self, sealed, *, step=1000, breaks_after=None):
        self.sealed = sealed
        self.step = step
        self.breaks_after = breaks_after
        self.asked = []

    def read(self, name, start):
        """Send from ``start`` on."""
        self.asked.append(start)
        sent = 0
        for place in range(start, len(self.sealed), self.step):
            chunk = self.sealed[place : place + self.step]
            if self.breaks_after is not None and sent + len(chunk) > self.breaks_after:
                yield chunk[: self.breaks_after - sent]
                raise ConnectionError("the line broke")
            sent += len(chunk)
            yield chunk


def seal_for_both(boris, content):
    """Seal content as Boris's node does: the sealed bytes, and what is announced of them."""
    sealer = Sealer([boris.keys.recipient, keyring().recipient])
    sealed = sealer.header + bytes(sealer.seal(content, last=True))
    announced = custody.Announcement(
        object=custody.object_name(sealer.header),
        name="image.dd",
        media_type="application/octet-stream",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        sealed_size=len(sealed),
    )
    return sealed, custody.document(announced)


def announces(boris, document, ref=THEIRS):
    """Have Boris announce an exhibit; give its projection here."""
    boris.does(
        "evidence.exhibit.added",
        ref,
        stated={"requested": "aa", "table": custody.custody().digest},
        payload=document,
    )
    return Exhibit.objects.get(ref=ref)


@pytest.fixture
def theirs(boris):
    """An exhibit of Boris's, announced to us; with its sealed bytes."""
    sealed, document = seal_for_both(boris, CONTENT)
    exhibit = announces(boris, document)
    exhibit.sealed = sealed
    return exhibit
