"""Exercises, as Django knows them."""

from __future__ import annotations

from django.apps import AppConfig


class ExercisesConfig(AppConfig):
    """The debrief of an exercise, the same on both sides."""

    name = "comity_node.exercises"
    label = "exercises"
