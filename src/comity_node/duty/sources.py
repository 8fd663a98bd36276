"""What officers are called for: a table. To have them called for more, add a row.

A row says how grave such a thing is unless it says so itself, whom it is for, and whether it passes quiet
hours however grave. ``RECORDED`` says which acts on record make one: acts of the other side, by their kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

GRAVE: Final = 4


@dataclass(frozen=True, slots=True)
class Source:
    """One sort of thing that officers are called for.

    Attributes:
        code: What it is called in code and by programs.
        title: What an officer reads; it says nothing of a case.
        severity: 0 to 5, where the thing itself states none.
        to: Who is called, by the words of ``[[escalation]]``; empty: as its first step says.
        always: It passes quiet hours, however grave it is.
        kinds: What the kinds of its procedure's entries begin with, where the call does not say.
    """

    code: str
    title: StrPromise
    severity: int
    to: tuple[str, ...] = ("first",)
    always: bool = False
    kinds: str = ""


SOURCES: Final = {
    one.code: one
    for one in (
        Source("alert", _("A new alert to us"), 3, ()),
        Source("regraded", _("The severity of an alert to us was changed"), 3, ()),
        Source("escalated", _("An alert to us is not acknowledged yet"), 3, ()),
        Source("acknowledged", _("An alert of ours was acknowledged"), 2),
        Source("unanswered", _("An alert of ours was not acknowledged in time: telephone them"), 4),
        Source("emergency", _("An emergency request"), 5, ("first", "second", "third"), always=True),
        Source("nearing", _("A clock of ours comes to its end"), 2),
        Source("ended", _("A clock of ours ran out"), 3),
        Source("refused", _("A delivery was refused"), 3),
        Source("silent", _("A channel is silent"), 3),
        Source("check", _("A communication check failed"), 3, kinds="contact.check"),
        Source("talk", _("A message waits in a conversation"), 2, kinds="talk.room"),
        Source("test", _("A test: nothing has happened"), 0),
    )
}


ALWAYS: Final = tuple(one.code for one in SOURCES.values() if one.always)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An act of the other side, on record, that officers are called for.

    Attributes:
        ours: Whether it is done in a procedure that we began, or in one that was begun with us.
    """

    kind: str
    source: str
    ours: bool = False


RECORDED: Final = (
    Recorded("alert.incident.raised", "alert"),
    Recorded("alert.incident.regraded", "regraded"),
    Recorded("alert.incident.acknowledged", "acknowledged", ours=True),
    Recorded("emergency.request.asked", "emergency"),
)
ALERTS: Final = "alert.incident"
ALARMING: Final = ("alert", "regraded", "escalated", "unanswered")  # until somebody answers
ACKNOWLEDGE: Final = "acknowledge_"


def source_of(kind: str, *, ours: bool) -> Source | None:
    """What an act of the other side is to officers; None where nobody is called for it.

    Args:
        kind: Of the entry.
        ours: Whether we began the procedure.
    """
    found = next((one.source for one in RECORDED if one.kind == kind and one.ours == ours), None)
    return SOURCES[found] if found else None


def title(code: str) -> str:
    """What officials read of a source; the code of one that is in the table no more."""
    return str(SOURCES[code].title) if code in SOURCES else code


def is_heard_of(prefix: str) -> bool:
    """Whether some act in procedures of these kinds calls officers."""
    return any(one.kind.startswith(f"{prefix}.") for one in RECORDED)
