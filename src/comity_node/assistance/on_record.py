"""The exhibits of a channel as choices: what an act names is picked, not typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext as _

from comity import custody
from comity.errors import ComityError
from comity.names import EntryRef
from comity_node.assistance.errors import ExhibitNotOnRecord
from comity_node.register import payloads, queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity_node.register.queries import Received

MOST: Final = 30
_ADDED: Final = f"{custody.KINDS}.added"
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class OnRecordField(forms.MultipleChoiceField):
    """The latest exhibits of a channel; its value is a list of exhibits as acts name them."""

    def __init__(self, channel: str) -> None:
        self._named = dict(_exhibits(queries.entries(channel, prefix=_ADDED, last=MOST)))
        super().__init__(
            label=_("Exhibits on record"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(entry, _choice(entry, one["title"])) for entry, one in self._named.items()],
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to choose from."""
        return not self._named

    def clean(self, value: list[str] | None) -> list[dict[str, str]]:
        """The exhibits chosen, each by its digest, its entry and its name."""
        return [self._named[entry] for entry in super().clean(value)]


def named(channel: str, said: str) -> dict[str, str]:
    """An exhibit as acts name it, from its reference, its entry, or its SHA-256 with or without words.

    Raises:
        ExhibitNotOnRecord: The reference or entry adds no exhibit that can be read in this channel.
    """
    if (by_digest := _written(said)) is not None:
        return by_digest
    found = dict(_exhibits(_added(channel, said)))
    if not found:
        raise ExhibitNotOnRecord(
            f"nothing was recorded: no exhibit {said[:120]} is on record in channel {channel[:40]}"
        )
    return next(iter(found.values()))


def _written(said: str) -> dict[str, str] | None:
    """An exhibit written by the digest of its content: it may have crossed by another path."""
    sha256, _mark, title = said.strip().partition(" ")
    return {"sha256": sha256, "entry": "", "title": title.strip()} if _SHA256.fullmatch(sha256) else None


def _added(channel: str, said: str) -> list[Received]:
    """The entry that added an exhibit; several where both sides used one reference, ours first."""
    if "#" not in said:
        added = queries.entries(channel, ref=said, prefix=_ADDED)
        return sorted(added, key=lambda one: not one.ours)
    try:
        one = queries.entry(EntryRef.parse(said))
    except ComityError:
        return []
    return [one] if one.ref.origin.channel == channel and one.entry.kind == _ADDED else []


def joined(chosen: Iterable[dict[str, str]], written: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """What was picked, then what was written out, each named once."""
    by_digest = {one["sha256"] or one["entry"] or one["title"]: one for one in (*chosen, *written)}
    return list(by_digest.values())


def _exhibits(added: Iterable[Received]) -> Iterable[tuple[str, dict[str, str]]]:
    """Each exhibit that can be read, by the entry that added it."""
    for one in added:
        try:
            said = custody.read(payloads.payload(one), custody.Announcement)
        except ComityError:
            continue
        entry = str(one.ref)
        yield entry, {"sha256": said.sha256, "entry": entry, "title": custody.name_to_show(said.name)}


def _choice(entry: str, title: str) -> str:
    party, _mark, rest = entry.partition(".")
    return f"{title} · {party.upper()} {rest.rpartition('#')[2]}"
