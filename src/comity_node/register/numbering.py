"""Giving what is written down here the next free reference, although two officials write at one instant.

A counterpart may write under any reference. So numbers go on from what we gave ourselves, and what others
took of ours is passed over: no entry of theirs uses up our numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from django.db import IntegrityError, transaction

from comity_node.register import models

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

_ATTEMPTS: Final = 5
_LONGEST: Final = 9  # digits of a number of ours
_AT_ONCE: Final = 100
_Made = TypeVar("_Made")


def numbered(draw: Callable[[], str], make: Callable[[str], _Made]) -> _Made:
    """Make a row under the next free reference; it is drawn again where somebody took it meanwhile.

    Args:
        draw: The reference that is free now.
        make: Makes the row. Its table must let each reference be given once, or two would get the same.

    Raises:
        IntegrityError: Each of several references was taken, or the row breaks another rule of its table.
    """
    for _attempt in range(_ATTEMPTS - 1):
        try:
            with transaction.atomic():
                return make(draw())
        except IntegrityError:
            continue
    with transaction.atomic():
        return make(draw())


def next_free(
    beginning: str, ours: Iterable[str], *, digits: int = 1, besides: Collection[str] = frozenset()
) -> str:
    """The reference after the highest that we gave, under which nothing stands on record.

    Args:
        beginning: What it begins with, as ``aa-2026-t``.
        ours: References that we gave ourselves.
        digits: How many digits it has at least.
        besides: References that are not free either.
    """
    said = [ref.removeprefix(beginning) for ref in ours if ref.startswith(beginning)]
    known = [int(one) for one in said if one.isascii() and one.isdigit() and len(one) <= _LONGEST]
    first = max(known, default=0) + 1
    logs = list(models.Log.objects.values_list("pk", flat=True))
    while True:
        some = [f"{beginning}{number:0{digits}}" for number in range(first, first + _AT_ONCE)]
        on_record = models.Entry.objects.filter(log__in=logs, ref__in=some).values_list("ref", flat=True)
        taken = {*on_record.distinct(), *besides}
        if free := next((ref for ref in some if ref not in taken), ""):
            return free
        first += _AT_ONCE
