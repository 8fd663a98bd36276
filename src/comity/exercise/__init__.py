"""Exercises: a script that a trainer reads, where its playing stands by the record, and what became of it."""

from comity.exercise.debrief import Debrief, Run, clock_standing, debrief, plain, standing_of
from comity.exercise.playing import Done, Heard, Met, Playing, play, ready
from comity.exercise.script import Expectation, Inject, Script, When, read_script
from comity.exercise.soundness import must_be_sound

__all__ = [
    "Debrief",
    "Done",
    "Expectation",
    "Heard",
    "Inject",
    "Met",
    "Playing",
    "Run",
    "Script",
    "When",
    "clock_standing",
    "debrief",
    "must_be_sound",
    "plain",
    "play",
    "read_script",
    "ready",
    "standing_of",
]
