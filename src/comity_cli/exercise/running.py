"""Running an exercise: the channel is opened, the injects are played when they are due, the script is shown.

What was done stands on record, so whoever stops here and runs it again goes on where the record stands.
"""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console

from comity_cli.exercise import place
from comity_cli.exercise.cast import Member, stopping

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from comity.exercise import Script

_SAY: Final = Console(stderr=True, highlight=False, soft_wrap=True)
_TICK: Final = 1.0
_QUICK: Final = (0.25, 30.0)  # how often it is looked where more minutes than so many pass in one
_LEAVES_WITHIN: Final = 60.0


def run(script: Script, where: Path, *, speed: float) -> dict[str, Any]:
    """Run an exercise to its end, or go on with one.

    Args:
        script: The script it was prepared by.
        where: Its directory.
        speed: How many minutes of the script pass in one minute; once announced, it stays.

    Raises:
        OurFault: It was not prepared, it runs already, or a scripted node does not do its part.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    prepared = place.read(where, script)
    with place.held(where):
        nodes = place.nodes(where, prepared)
        cast: dict[str, Member] = {}
        with stopping(cast.values()):
            for party, node in nodes.items():
                cast[party] = Member(node, place.script_file(where))
                node.start()
            for node in nodes.values():
                node.must_answer()
            return _Run(script, prepared.trainee, cast, speed).to_its_end()


class _Run:
    """One exercise being run."""

    def __init__(self, script: Script, trainee: str, cast: dict[str, Member], speed: float) -> None:
        self._script, self._trainee, self._cast = script, trainee, cast
        self._leads = cast[script.leads]
        self._speed = speed
        self._told: set[str] = set()

    def to_its_end(self) -> dict[str, Any]:
        """Everything, in order."""
        channel = str(self._leads.does("open", trainee=self._trainee)["channel"])
        self._say(f"channel {channel} was proposed to {self._trainee}: the trainee's officials accept it")
        announced = self._until(lambda: self._announced(channel))
        self._speed = float(announced["speed"])
        self._say(f"announced as {announced['ref']}, {self._speed:g} minutes of the script in a minute")
        last = self._until(lambda: self._stepped(channel))
        self._leads.does("end", channel=channel, outcome="played")
        self._say("ended: the script is on record")
        until = time.monotonic() + _LEAVES_WITHIN
        while not self._settled(channel) and time.monotonic() < until:
            time.sleep(self._tick)
        return {"channel": channel, "exercise": announced["ref"], "expected": last["expected"]}

    def _announced(self, channel: str) -> dict[str, Any] | None:
        for member in self._cast.values():
            if member is not self._leads:
                member.tries("accept", channel=channel)
        others = [self._trainee, *(party for party in self._cast if party != self._script.leads)]
        found = self._leads.does("announce", channel=channel, parties=others, speed=f"{self._speed:g}")
        return found if found["ref"] else None

    def _stepped(self, channel: str) -> dict[str, Any] | None:
        over = None
        for party, member in self._cast.items():
            found = member.does("step", channel=channel, own=party)
            for inject in found["played"]:
                self._say(f"{found['minute']:7.1f} min  {party}: {inject}")
            for inject, why in found["failed"].items():
                self._say(f"not played yet: {inject}: {why}")
            for name, standing in found.get("expected", {}).items():
                if standing != "open":
                    self._say(f"expected: {name}: {standing}")
            if member is self._leads and (found["over"] or found["ended"]):
                over = found
        return over

    def _settled(self, channel: str) -> bool:
        return all(bool(one.does("settled", channel=channel)["settled"]) for one in self._cast.values())

    def _until(self, work: Callable[[], dict[str, Any] | None]) -> dict[str, Any]:
        while (found := work()) is None:
            time.sleep(self._tick)
        return found

    @property
    def _tick(self) -> float:
        quick, above = _QUICK
        return quick if self._speed > above else _TICK

    def _say(self, line: str) -> None:
        """Tell the trainer, once."""
        if line not in self._told:
            self._told.add(line)
            _SAY.print(line, markup=False)
