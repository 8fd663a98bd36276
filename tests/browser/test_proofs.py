"""A proof leaves one authority as a file, and holds at the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.conftest import Case

pytestmark = [pytest.mark.browser, pytest.mark.two_nodes]


def test_a_proof_taken_away_is_verified_by_the_other_side(case: Case) -> None:
    """What one side can show of an entry, the other side's node must confirm; a changed one it must not."""
    channel = case.channel.strip("/").split("/")[-1]
    anna, boris = case.anna, case.boris
    proof = anna.context.request.get(f"{anna.address}/logs/aa/{channel}/1/proof").body()
    changed = proof.replace(b"index 1", b"index 0")

    for given, verdict in ((proof, "Verified: every check holds"), (changed, "Not verified")):
        boris.open("/verify/")
        boris.give("File", {"name": "entry.tlog-proof", "mimeType": "text/plain", "buffer": given})
        boris.press("Verify")

        assert verdict in boris.said
