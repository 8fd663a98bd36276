"""Who may see counterparts and passports. Those who may not are told that there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from comity_node.counterparts import queries

if TYPE_CHECKING:
    from comity_node.counterparts.models import Counterpart, Introduction, Passport
    from comity_node.officials.models import Official


def reader(official: Official) -> None:
    """Let an official on who may read about counterparts; 404 otherwise."""
    if not official.has_perm("counterpart.read"):
        raise Http404


def passport(official: Official, pk: int) -> Passport:
    """Return one passport the official may read; 404 if there is none."""
    reader(official)
    row = queries.passport(pk)
    if row is None:
        raise Http404
    return row


def to_compare(official: Official, pk: int) -> Passport:
    """Return one counterpart's passport the official may hold the ceremony for; 404 otherwise."""
    row = passport(official, pk)
    if row.ours or not official.has_perm("counterpart.confirm"):
        raise Http404
    return row


def to_introduce(official: Official, party: str) -> Counterpart:
    """Return a counterpart that was compared here and that the official may introduce; 404 otherwise."""
    standing = queries.counterpart(party)
    if not official.has_perm("counterpart.confirm") or standing is None:
        raise Http404
    if standing.is_stopped or standing.is_introduced:
        raise Http404
    return standing


def introduction(official: Official, pk: int) -> Introduction:
    """Return one introduction the official may read; 404 if there is none."""
    reader(official)
    row = queries.introduction(pk)
    if row is None:
        raise Http404
    return row
