"""What of a bundle is taken, object by object, and why the rest is not.

One bad object costs no other. What is of STIX 2.0 is taken as 2.1; of an indicator in the language of STIX
the pattern is looked at too, since nobody could apply one that is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comity.intelligence import patterns
from comity.intelligence.converting import converted, is_older
from comity.intelligence.errors import MalformedObject
from comity.intelligence.objects import Object, checked
from comity.intelligence.reading import Item, Limits, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONGEST_ID: Final = 120


@dataclass(frozen=True, slots=True)
class Refused:
    """An object that is left out.

    Attributes:
        position: Its place in the bundle, from 0.
        id: What it gives as its identifier, as far as it can be shown.
        reasons: Each thing that is wrong with it.
    """

    position: int
    id: str
    reasons: tuple[str, ...]


def take(portions: Iterable[bytes], limits: Limits) -> Iterator[Object | Refused]:
    """Read a bundle, of 2.1 or of 2.0, and hold each object against its form.

    Args:
        portions: The file, in portions of any size.
        limits: How much is read.

    Raises:
        MalformedBundle: Nothing after what was given so far can be read.
    """
    for item in read(portions, limits):
        for one in converted(item) if is_older(item.value) else (item,):
            yield _taken(one)


def _taken(item: Item) -> Object | Refused:
    try:
        found = checked(item)
    except MalformedObject as error:
        return Refused(item.position, _shown(item), error.reasons)
    flaw = _of_pattern(found)
    return Refused(item.position, found.id, (f"pattern: {flaw}",)) if flaw else found


def _of_pattern(found: Object) -> str:
    if found.type != "indicator" or found.value["pattern_type"] != "stix":
        return ""
    return patterns.fault(found.value["pattern"])


def _shown(item: Item) -> str:
    given = item.value.get("id")
    return given[:_LONGEST_ID] if isinstance(given, str) else ""
