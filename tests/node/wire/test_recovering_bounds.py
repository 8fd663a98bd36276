"""What a restored node is given back is bounded, however much whoever gives it invents."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from comity.channel.bundle import Bundle
from comity.keys.keyring import Keyring
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import sign_note
from comity.tlog.signer import NoteSigner
from comity_node.register import models, queries
from comity_node.wire.parts import NO_ENTRIES, TooManyReceipts
from comity_node.wire.recovering import recover
from comity_node.wire.recovering_many import _Fetched
from tests.node.register.histories import mirror
from tests.node.wire.test_recovering import _record, act, lost  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def test_receipts_that_do_not_end_are_not_taken_without_end(boris, lost, settings) -> None:  # noqa: F811 - a fixture
    """Whoever gives back could invent ever larger ones, and a node would ask until its memory is full."""
    held, record = lost
    settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, recovered_receipts=40))
    text = Checkpoint(str(queries.own_log(boris.channel).origin), 1, b"0" * 32).text()

    def invents(part):
        assert held.asked < 10, "it is asked without end"
        first = next(known) + 1
        return replace(part, cosignatures=tuple(_invented(text, first + one) for one in range(30)))

    known = count(100, 30)
    held.lies = lambda part: invents(part) if part.start == NO_ENTRIES else part
    with pytest.raises(TooManyReceipts, match="more than 40 receipts"):
        recover(boris.channel, held)

    assert 1 == models.Delivery.objects.filter(incoming=True).count()
    held.lies = lambda part: part
    recover(boris.channel, held)
    assert record == _record(boris)


def test_of_many_neither_are_receipts_of_one_log_taken_without_end(boris, settings) -> None:
    """There they come by whomever, and are judged once all are here as well."""
    settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, recovered_receipts=40))
    asked = []

    class Endless:
        def part(self, log, _start, passed, /):
            asked.append(passed)
            assert len(asked) < 10, "it is asked without end"
            return Bundle(channel=log.channel, sender=log.party, receiver="aa", cosignatures=(b"x",) * 30)

    with pytest.raises(TooManyReceipts, match="more than 40 receipts"):
        _Fetched(mirror(boris), Endless()).all_receipts()

    assert [0, 30] == asked


def _invented(text: str, size: int) -> bytes:
    origin, _size, *rest = text.splitlines()
    signer = NoteSigner("bb.comity/mirror", Keyring.generate("bb").log.ed25519)
    return sign_note("\n".join((origin, str(size), *rest)) + "\n", signer).encode()
