"""Running the demonstration: build, start, play, then report or stay, and stop what was started."""

from __future__ import annotations

import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click
import httpx
from rich.console import Console

from comity.errors import ComityError
from comity_cli.demo import building, place, report, script, tour
from comity_cli.demo.errors import SceneFailed
from comity_cli.demo.play import SCENES
from comity_cli.demo.stage import Stage
from comity_cli.exits import Exit
from comity_cli.verb import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from comity_cli.staging.nodes import Node

_SAY: Final = Console(stderr=True, highlight=False, soft_wrap=True)


def run(*, headless: bool, keep: Path | None, given: Path | None) -> Answer:
    """Play the demonstration.

    Raises:
        InTheWay: The directory cannot be used.
        SceneFailed: A scene could not be played; the homes stay for inspection.
    """
    began = time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    where = place.make(keep=keep, headless=headless)
    said = script.read()
    nodes = building.nodes_in(where, visited=not headless)
    stage = Stage(said, where, nodes, building.draw_passwords(said), given=given)
    with _stopping(nodes.values()):
        _play(stage, began)
        if not headless:
            _stay(stage)
            return Answer({"homes": str(where)})
        with _scene(stage, "Both records are exported, verified, checked and derived anew", began):
            found = report.draw_up(stage)
    if keep is None:
        place.remove(where)
        del found["homes"]
    found["seconds"] = round(time.monotonic() - began, 1)
    return Answer(found, report.lines(found), Exit.NOT_SO if found["differences"] else Exit.DONE)


def _play(stage: Stage, began: float) -> None:
    with _scene(stage, "Two nodes and a neutral witness are made", began):
        building.make(stage.nodes, stage.script, stage.passwords)
    with _scene(stage, "They are started", began):
        for node in stage.nodes.values():
            node.start()
        for node in stage.nodes.values():
            node.must_answer()
    for scene in SCENES:
        with _scene(stage, _title(scene), began):
            scene(stage)
    place.note(stage.where, stage.notes())


def _stay(stage: Stage) -> None:
    """Print where to look, and leave the nodes running until somebody stops them."""
    try:
        click.echo("\n".join(tour.lines(stage)))
        while True:
            signal.pause()
    except KeyboardInterrupt:
        _SAY.print("stopping the nodes; their homes stay in", str(stage.where))


@contextmanager
def _scene(stage: Stage, title: str, began: float) -> Iterator[None]:
    """Say which scene is played; if it fails, say where, with what the nodes have to say."""
    try:
        with _SAY.status(title):
            yield
    except (ComityError, httpx.HTTPError) as error:
        for node in stage.nodes.values():
            _SAY.print(f"--- last lines of {node.log}", node.log_tail(), sep="\n", markup=False)
        message = f"scene failed: {title}: {error}"
        hint = getattr(error, "hint", "") or "the last lines of each node's log stand above"
        raise SceneFailed(message, hint=f"{hint}; the homes are in {stage.where}") from error
    _SAY.print(f"{time.monotonic() - began:6.1f} s  {title}", markup=False)


@contextmanager
def _stopping(nodes: Iterable[Node]) -> Iterator[None]:
    """Whatever happens, leave no process behind."""
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        for node in nodes:
            node.ask_to_stop()
        for node in nodes:
            node.stop()


def _title(scene: Callable[[Stage], None]) -> str:
    return (scene.__doc__ or scene.__name__).strip().rstrip(".")
