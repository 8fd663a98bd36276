"""Passing on what a counterpart gave: barred by its marking or its limits, until it allows that use.

Follows: docs/spec/evidence.md, Passing on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

from comity import custody
from comity.errors import ComityError
from comity.lifecycle.courses import CONCERNS
from comity.lifecycle.stated import values
from comity.markings import UNREADABLE, Marking, barred
from comity.names import EntryRef
from comity_node.evidence.errors import NotToBePassedOn
from comity_node.evidence.models import CustodyStep, Exhibit, Holding
from comity_node.register import payloads, queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.markings import Use

_USES: Final[Mapping[Use, str]] = {"court": "into a court file", "onward": "to anybody else"}
# The limits that bar a use, and the other uses that permit it, by the codes of the custody table.
_LIMITS: Final[Mapping[Use, frozenset[str]]] = {
    "court": frozenset({"not_before_a_court"}),
    "onward": frozenset({"not_passed_on", "for_the_request_only", "kept_confidential"}),
}
_PERMITS: Final[Mapping[Use, frozenset[str]]] = {
    "court": frozenset({"before_a_court", "made_public"}),
    "onward": frozenset({"passed_on", "made_public"}),
}


def check_hand_over(exhibit: Exhibit, said: custody.HandOver) -> None:
    """See to it that an exhibit received goes nowhere its provider has barred.

    Raises:
        NotToBePassedOn: It does, or nobody says where it goes, and the provider has not allowed that use.
    """
    if exhibit.provider == settings.NODE.party or said.to == "within":
        return
    use: Use = "onward" if said.to == "onward" else "court"  # not said: the graver
    _check(exhibit, use, said.permission)


def check_forwarding(channel: str, sha256: str, permission: str) -> None:
    """See to it that a file received under a bar is not given to another party.

    Raises:
        NotToBePassedOn: Its provider barred it, and has not allowed that use.
    """
    same = Exhibit.objects.filter(sha256=sha256, receiver=settings.NODE.party).exclude(channel=channel)
    for exhibit in same:
        _check(exhibit, "onward", permission)


def marking(exhibit: Exhibit) -> Marking:
    """As its provider announced it; what cannot be read is held as RED."""
    try:
        return custody.read(
            payloads.payload(queries.entry(EntryRef.parse(exhibit.entry))), custody.Announcement
        ).marking
    except ComityError:
        return UNREADABLE


def _check(exhibit: Exhibit, use: Use, permission: str) -> None:
    limits = (_in_words(one) for one in exhibit.limits if one in _LIMITS[use])
    mark = barred(marking(exhibit), use) or next(limits, "")
    if mark and not _permits(exhibit, use, permission):
        wrong = "; the entry named does not allow it on this exhibit" if permission else ""
        raise NotToBePassedOn(
            f"nothing was recorded: {exhibit.provider} marked {exhibit.ref} {mark}, and it may not go "
            f"{_USES[use]} without permission{wrong}"
        )


def _permits(exhibit: Exhibit, use: Use, permission: str) -> bool:
    """Whether its provider allowed such a use of the exhibit; by the entry named, where one is."""
    allowed = CustodyStep.objects.filter(
        channel=exhibit.channel, ref=exhibit.ref, act="use_allowed", party=exhibit.provider, irregular=""
    )
    named = allowed.filter(entry=permission) if permission else allowed
    ours = Holding.objects.filter(channel=exhibit.channel, ref=exhibit.ref, party=settings.NODE.party)
    to_us = {code for holding in ours for code in holding.allowed}  # whatever another was allowed
    permits = _PERMITS[use] & to_us
    return any(step.stated.get("use") in permits and _concerns_us(step) for step in named)


def _concerns_us(step: CustodyStep) -> bool:
    return settings.NODE.party in (values(step.stated, CONCERNS) or (settings.NODE.party,))


def _in_words(limit: str) -> str:
    return f"“{limit.replace('_', ' ')}”"
