"""Protected objects that an alert states as affected: chosen on its form, shown to whoever may read lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from comity.names import EntryRef
from comity_node.officials.access import holds
from comity_node.protected_objects import naming, services
from comity_node.protected_objects.access import READ
from comity_node.protected_objects.queries import one as listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from comity_node.officials.models import Official
    from comity_node.protected_objects.naming import Named

    Choices = list[tuple[str, str]]

_BETWEEN: Final = " "


def may_state(official: Official) -> bool:
    """Whether the official may read lists, and so name what is on them."""
    return holds(official, READ)


def sought(words: str, channels: Collection[str], *, by: Official) -> tuple[list[Named], bool]:
    """The objects sought. That something of a list of theirs was read is noted, as when one is opened."""
    found, has_more = naming.find(words, channels)
    for channel, ref in dict.fromkeys((one.channel, one.ref) for one in found if not one.ours):
        row = listed(channel, ref)
        assert row is not None, "something of it was found just now"
        services.open_(row, by=by, why=_("Sought for an alert"), what="search")
    return found, has_more


def choices(found: Iterable[Named]) -> Choices:
    """Objects as a form offers them; what is not known here is offered nowhere."""
    return [(value(one), f"{one.name} · {one.declarer.upper()} {one.ref}") for one in found if one.name]


def chosen(values: Iterable[str]) -> list[Named]:
    """What values of the form name, as far as it is known here."""
    pairs = [tuple(one.split(_BETWEEN, 1)) for one in values if _BETWEEN in one]
    by_channel: dict[str, list[tuple[str, str]]] = {}
    for version, leaf in pairs:
        by_channel.setdefault(_channel(version), []).append((version, leaf))
    return [one for channel, some in by_channel.items() for one in naming.named(some, channel)]


def shown(pairs: Iterable[tuple[str, str]], channel: str, official: Official) -> list[Named] | None:
    """What an alert states, for whoever may read lists; None for others, who learn how many there are."""
    return naming.named(pairs, channel) if may_state(official) else None


def value(one: Named) -> str:
    """An object as the form sends it."""
    return f"{one.version}{_BETWEEN}{one.leaf}"


def as_value(reference: Mapping[str, str]) -> str:
    """An object that a draft names, as the form sends it."""
    return f"{reference['list']}{_BETWEEN}{reference['object']}"


def reference(said: str) -> dict[str, str]:
    """The same as it is sealed."""
    version, leaf = said.split(_BETWEEN, 1)
    return {"list": version, "object": leaf}


def of_channel(references: Iterable[Mapping[str, str]], channel: str) -> list[dict[str, str]]:
    """Those that are on a list of a channel: nobody elsewhere holds the entry they name."""
    return [dict(one) for one in references if _channel(one["list"]) == channel]


def _channel(version: str) -> str:
    return EntryRef.parse(version).origin.channel
