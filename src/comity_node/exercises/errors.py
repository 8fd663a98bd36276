"""What can go wrong in reading an exercise, said so that it can be mended."""

from __future__ import annotations

from comity.errors import OurFault


class NoExercise(OurFault):
    """No exercise was announced in that channel."""

    code = "no-exercise"
    default_hint = "comity channel list names the channels; an exercise is announced by `comity exercise run`"


class TooMuch(OurFault):
    """More stands on record than one debrief takes."""

    code = "exercise-too-long"
    default_hint = "open a channel of its own for each exercise"
