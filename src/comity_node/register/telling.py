"""What a counterpart is known to have been told: of our receipts, and of who else holds what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from comity_node.register import statements

if TYPE_CHECKING:
    from comity_node.register import models


def author_has_receipts(theirs: models.Log, size: int) -> None:
    """The author of a log is known to have our receipts up to this size: they need not be sent again."""
    if theirs.receipt_known < size:
        statements.receipts_known(theirs, size)


def knows_of_others(theirs: models.Log, number: int) -> None:
    """A counterpart was told who else holds what, up to this number of storing."""
    if theirs.told < number:
        statements.told(theirs, number)


def told(theirs: models.Log, count: int) -> int:
    """The size up to which the author has our receipts once it has taken the next ``count`` of them."""
    if not count:
        return theirs.receipt_known
    known = theirs.receipt_known
    found = statements.receipt_notes(theirs, settings.NODE.party, beyond=known, most=count)
    return found[-1][0]
