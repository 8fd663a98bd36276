"""Giving what is written down here the next free reference, although two officials write at one instant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from django.db import IntegrityError, transaction

if TYPE_CHECKING:
    from collections.abc import Callable

_ATTEMPTS: Final = 5
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
