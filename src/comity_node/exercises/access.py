"""Who may read the debrief of an exercise: whoever may read the record; 404 where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from comity_node.assistance import access as requests
from comity_node.channels.models import Channel
from comity_node.exercises import gathering
from comity_node.exercises.errors import NoExercise

if TYPE_CHECKING:
    from comity.exercise import Debrief
    from comity_node.officials.models import Official


def may_read(official: Official) -> None:
    """Hide exercises from those who may not read the record."""
    requests.may_read(official)


def debrief(official: Official, channel: str, ref: str) -> tuple[Channel, Debrief]:
    """The exercise of a channel that the official may read.

    Raises:
        Http404: There is none, or they may not.
        TooMuch: More was done in it than one debrief takes.
    """
    may_read(official)
    held = Channel.objects.filter(channel=channel).first()
    if held is None:
        raise Http404
    try:
        return held, gathering.gathered(channel, ref)
    except NoExercise as error:
        raise Http404(str(error)) from error
