"""What an act that ends a suspension would move: whoever signs it reads that first.

Follows: docs/spec/suspension.md, Dry run of resumption.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from comity.lifecycle.suspensions import KINDS
from comity_node.register.isolating import isolated
from comity_node.register.owing import in_words
from comity_node.register.resuming import dry_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from comity.lifecycle import Resumed, RunsOn
    from comity_node.register.acts import Act

ENDING: Final = (f"{KINDS}.terms_accepted", f"{KINDS}.lifted")
_MOST: Final = 100  # procedures read, and lines of one sort shown: the page of the dry run has more


def resumes(act: Act) -> list[tuple[str, str]]:
    """What would move if the suspension ended now, by sort."""
    run = dry_run(act.channel, at=timezone.now().replace(microsecond=0), refs=[act.ref])
    moved = [one for _room, one in islice(run.procedures, _MOST + 1)]
    held_by = ", ".join(one.ref for one in run.lasting)
    going_on = (f"{one.ref} · {isolated(_(one.label))}" for one in moved if one.goes_on)
    return [
        (_("Clocks that run on"), _lines(_clock(one, clock, held_by) for one, clock in _clocks(moved))),
        (_("Lodged meanwhile, not confirmed yet"), _lines(chain.from_iterable(map(_lodged, moved)))),
        (_("Procedures that go on"), _lines(going_on)),
        (_("Obligations that remain"), _lines(chain.from_iterable(map(_owed, moved)))),
    ]


def _clocks(moved: Iterable[Resumed]) -> Iterator[tuple[Resumed, RunsOn]]:
    return ((one, clock) for one in moved for clock in one.clocks)


def _clock(one: Resumed, clock: RunsOn, held_by: str) -> str:
    if clock.due_at is not None:
        then = _("due %(due)s UTC if it ends now") % {"due": f"{clock.due_at:%Y-%m-%d %H:%M}"}
    else:
        then = _("goes on standing still under %(refs)s") % {"refs": held_by}
    return f"{one.ref} · {clock.party.upper()} · {isolated(_(clock.label))}: {then}"


def _lodged(one: Resumed) -> Iterator[str]:
    for act in one.waiting:
        yield f"{one.ref} · {act.party.upper()} #{act.ref.index} · {act.at:%Y-%m-%d %H:%M} UTC"


def _owed(one: Resumed) -> Iterator[str]:
    for owed in one.owed:
        what = isolated(in_words(owed))
        yield f"{owed.party.upper()} · {owed.ref} · {what} ({isolated(owed.basis)})"


def _lines(said: Iterable[str]) -> str:
    lines = list(islice(said, _MOST + 1))
    return "\n".join(lines[:_MOST] + ["…"] * (len(lines) > _MOST)) or _("none")
