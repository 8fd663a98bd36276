"""Verify that an object was on a list of protected objects its Party had committed to. No node, no network.

Follows: docs/spec/protected-objects.md, Reveal file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity import protected
from comity.channel.statements import said
from comity.channel.verification import ALWAYS, Report
from comity.channel.verified_parts import proven_entry, verify_proof

if TYPE_CHECKING:
    from comity.tlog.policy import Policy

_STATE_IT: Final = frozenset({f"{protected.KINDS}.declared", f"{protected.KINDS}.amended"})


def verify_reveal(data: bytes, policy: Policy | None = None) -> Report:
    """Verify a reveal that travels alone.

    Args:
        data: The file.
        policy: Whose signatures to believe. Without it the object is only held against the commitment that
            the file gives, and the report says that nothing shows who stated that.

    Raises:
        ComityError: Something does not hold.
    """
    file = protected.read_file(data)
    found = protected.check(file.reveal, file.commitment)
    listed = said(
        "object-was-listed",
        name=found.name,
        sector=found.sector.replace("_", " "),
        entry=file.entry,
        root=file.root,
        leaves=file.size,
    )
    left = [said("rest-of-list-unknown"), said("object-may-differ")]
    if policy is None or not file.proof:
        return Report(proven=[listed], not_proven=[said("commitment-by-nobody"), *left, *ALWAYS])
    _check_stated(file, policy)
    report = verify_proof(file.proof.encode(), policy)
    report.proven.append(listed)
    report.not_proven = [*left, *report.not_proven]
    return report


def _check_stated(file: protected.RevealFile, policy: Policy) -> None:
    """Satisfy ourselves that the entry proven is the one named, and stated this very commitment."""
    proven = proven_entry(file.proof.encode(), policy)
    stated = protected.read_stated(proven.entry.stated)
    if str(proven.ref) != file.entry or proven.entry.kind not in _STATE_IT or stated != file.commitment:
        raise protected.NotOnTheList(
            "nothing is shown: the entry that is proven did not state the commitment the object leads to"
        )
