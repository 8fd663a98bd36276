"""Passing on what a counterpart gave: barred where its marking bars it, until the counterpart permits it.

Follows: docs/spec/evidence.md, Passing on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from comity import custody
from comity.errors import ComityError
from comity.markings import UNREADABLE, Marking, barred
from comity.names import EntryRef
from comity_node.evidence.errors import NotToBePassedOn
from comity_node.evidence.models import Exhibit
from comity_node.register import payloads, queries

if TYPE_CHECKING:
    from comity.markings import Use

_USES = {"court": "into a court file", "onward": "to anybody else"}


def check_hand_over(exhibit: Exhibit, said: custody.HandOver) -> None:
    """See to it that an exhibit received goes nowhere its provider has barred.

    Raises:
        NotToBePassedOn: It does, or nobody says where it goes, and no entry of the provider permits it.
    """
    if exhibit.provider == settings.NODE.party or said.to == "within":
        return
    use: Use = "onward" if said.to == "onward" else "court"  # not said: the graver
    _check(exhibit, use, said.permission)


def check_forwarding(channel: str, sha256: str, permission: str) -> None:
    """See to it that a file received under a bar is not given to another party.

    Raises:
        NotToBePassedOn: Its provider barred it, and no entry of the provider permits it.
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
    mark = barred(marking(exhibit), use)
    if mark and not _permits(exhibit, permission):
        wrong = "; the entry named is none of theirs on this" if permission else ""
        raise NotToBePassedOn(
            f"nothing was recorded: {exhibit.provider} marked {exhibit.ref} {mark}, and it may not go "
            f"{_USES[use]} without permission{wrong}"
        )


def _permits(exhibit: Exhibit, permission: str) -> bool:
    """Whether the entry named is the provider's own, in the same channel, after it gave the exhibit."""
    try:
        named, given = EntryRef.parse(permission), EntryRef.parse(exhibit.entry)
        queries.entry(named)
    except ComityError:
        return False
    return named.origin == given.origin and named.index > given.index
