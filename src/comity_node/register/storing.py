"""What the database could not store, said so that somebody can do something about it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import OperationalError

from comity.errors import OurFault

if TYPE_CHECKING:
    from collections.abc import Iterator


class CannotStore(OurFault):
    """The database could not store it: the disk is full, read-only or failing, or another writer holds it."""

    code = "cannot-store"
    default_hint = (
        "make room on the disk that holds the database and see that the node may write there; nothing was "
        "recorded or signed for, and what counterparts sent they will send again"
    )


@contextmanager
def saying_why() -> Iterator[None]:
    """Turn the database's own failure into a named error. What was begun has been undone by then.

    Raises:
        CannotStore: The database could not do what it was asked.
    """
    try:
        yield
    except OperationalError as error:
        raise CannotStore(f"nothing was recorded: the database said {str(error)[:200]!r}") from error
