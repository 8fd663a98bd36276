"""Deleting the sealed files that our own acts of custody say we hold no more.

Once the act is on record the file goes, and again whenever the record is read anew or the node starts: a kill
in between, or a backup, brings nothing back. Nothing a counterpart writes deletes a file here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from comity_node.evidence import store
from comity_node.evidence.models import Exhibit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NOT_HELD: Final = ("returned", "destroyed", "erased")
_FORMS: Final = ("", ".part", ".bad")


def is_gone(exhibit: Exhibit) -> bool:
    """Whether this node has said that it holds the exhibit no more."""
    own = settings.NODE.party
    return exhibit.state == "erased" or (exhibit.receiver == own and exhibit.state in NOT_HELD)


def dispose(exhibits: Iterable[Exhibit]) -> None:
    """Delete the files of those that are gone, once what says so is durable."""
    for exhibit in exhibits:
        if is_gone(exhibit):
            transaction.on_commit(partial(remove, exhibit))


def remove(exhibit: Exhibit) -> list[Path]:
    """Delete the sealed file in all its forms; gives back what was deleted. A twin has none."""
    named = Exhibit.objects.filter(channel=exhibit.channel, ref=exhibit.ref)
    if not named.filter(malformed="").exists():
        return []
    whole = store.place(exhibit.channel, exhibit.provider, exhibit.object)
    there = [path for form in _FORMS if (path := whole.with_name(whole.name + form)).exists()]
    for path in there:
        path.unlink(missing_ok=True)
    return there


def remove_all() -> list[Path]:
    """Delete what a kill left of exhibits that are gone; gives back what was deleted."""
    gone = Exhibit.objects.filter(malformed="").filter(
        Q(state="erased") | Q(receiver=settings.NODE.party, state__in=NOT_HELD)
    )
    return [path for exhibit in gone.iterator() for path in remove(exhibit)]
