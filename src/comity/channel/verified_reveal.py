"""Verify that an object was on a list of protected objects its Party had committed to. No node, no network.

Follows: docs/spec/protected-objects.md, Reveal file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity import protected
from comity.channel.statements import said
from comity.channel.verification import ALWAYS, Report
from comity.channel.verified_parts import proven_entry, verify_proof
from comity.errors import NotSigned

if TYPE_CHECKING:
    from comity.tlog.policy import Policy

_LEFT: Final = (said("rest-of-list-unknown"), said("object-may-differ"))
_STATE_IT: Final = frozenset({f"{protected.KINDS}.declared", f"{protected.KINDS}.amended"})


def verify_reveal(data: bytes, policy: Policy | None = None) -> Report:
    """Verify a reveal that travels alone.

    Args:
        data: The file.
        policy: Whose signatures to believe. Without it the object is only held against the hash that the file
            gives, and the report says that nothing shows who stated that.

    Raises:
        NotSigned: A policy is given, and the file has nothing that could be held against it.
        ComityError: Something does not hold.
    """
    file = protected.read_file(data)
    found = protected.check(file.reveal, file.commitment)
    shown: dict[str, str | int] = {
        "name": found.name,
        "sector": found.sector.replace("_", " "),
        "root": file.root,
        "leaves": file.size,
    }
    if policy is None:
        lacking = "commitment-by-nobody" if file.proof else "commitment-without-proof"
        return Report(
            proven=[said("object-leads-to-hash", **shown)], not_proven=[said(lacking), *_LEFT, *ALWAYS]
        )
    _check_stated(file, policy)
    report = verify_proof(file.proof.encode(), policy)
    report.proven.append(said("object-was-listed", entry=file.entry, **shown))
    report.not_proven = [*_LEFT, *report.not_proven]
    return report


def _check_stated(file: protected.RevealFile, policy: Policy) -> None:
    """Satisfy ourselves that the entry proven is the one named, and stated this very commitment."""
    if not file.proof:
        raise NotSigned(
            "nothing is shown: the file has no proof of the entry that stated the hash",
            hint="ask whoever gave it for the file with its proof; without a policy the object alone is"
            " checked",
        )
    proven = proven_entry(file.proof.encode(), policy)
    stated = protected.read_stated(proven.entry.stated)
    if str(proven.ref) != file.entry or proven.entry.kind not in _STATE_IT or stated != file.commitment:
        raise protected.NotOnTheList(
            "nothing is shown: the entry that is proven did not state the commitment the object leads to"
        )
