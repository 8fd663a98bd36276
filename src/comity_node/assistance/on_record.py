"""The exhibits of a channel as choices: what an act names is picked, not typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext as _

from comity import custody
from comity.errors import ComityError
from comity_node.register import payloads, queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity_node.register.queries import Received

MOST: Final = 30
_ADDED: Final = f"{custody.KINDS}.added"


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
