"""Times a counterpart chose: whatever they are, pages show them and rebuilding gives the same rows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comity.tlog.signer import Cosigner, NoteSigner
from comity_node.register.rebuilding import rebuild
from tests.node.counterpart import CHANNEL, Counterpart, open_channel

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
PAGES = ("/", "/channels/", f"/channels/{CHANNEL}/", "/requests/", "/logs/", f"/logs/bb/{CHANNEL}/")


@pytest.mark.django_db
@pytest.mark.parametrize("at", [LONG_AGO, NEVER])
def test_an_entry_of_any_day_is_shown(at, hire, browser) -> None:
    """One entry of theirs must not keep an official here from the list it stands in."""
    boris = open_channel()
    boris.does("assistance.request.lodged", "bb-1", at=at)
    reader = browser(hire("anna", "case officer"))

    answers = {page: reader.get(page).status_code for page in (*PAGES, f"/logs/bb/{CHANNEL}/1/")}

    assert {200} == set(answers.values()), answers
    assert len(set(rebuild())) == 1


class Timeless(Counterpart):
    """A counterpart whose log signs at a time of its choice."""

    at = 0

    @property
    def log_signers(self) -> tuple[NoteSigner, Cosigner]:
        """Who signs its checkpoints."""
        name, pair = str(self.origin), self.keys.log
        return NoteSigner(name, pair.ed25519), Cosigner(name, pair.mldsa44, self.at)


@pytest.mark.django_db
@pytest.mark.parametrize("at", [0, 2**40, 2**63 - 1])
def test_a_checkpoint_signed_at_any_time_is_shown(at, hire, browser) -> None:
    """The log's own ML-DSA-44 signature bears a time, and its author may write what it likes there."""
    boris = open_channel(Timeless())
    boris.at = at
    boris.does("note.sent", "bb-1")

    assert 200 == browser(hire("anna", "case officer")).get(f"/logs/bb/{CHANNEL}/").status_code
