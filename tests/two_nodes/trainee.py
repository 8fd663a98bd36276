"""A trainee that does whatever a script expects, at once; runs inside the trainee's home.

``python -m tests.two_nodes.trainee HOME SCRIPT`` accepts the channel of the exercise, meets every
expectation, and ends when the exercise has ended. It knows the script, as no trainee does.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.two_nodes.inside import enter

_PATIENCE = 180.0
_INSTEAD = {"called_back": "override"}  # nobody is there to be telephoned
_STATES = {
    "override": {"override_reason": "life_at_immediate_risk"},
    "disclosed": {"extent": "in whole"},
    "preserved": {"extent": "in whole", "until": "2027-12-31"},
    "answered": {"answer": "from_our_territory", "assures": "investigated"},
    "mended": {"remedy": "workaround"},
}


class Trainee:
    """Anna, seconded by Dora."""

    def __init__(self, script: Path) -> None:
        from comity.exercise import read_script  # noqa: PLC0415 - the node is entered first
        from comity_node.officials.models import Official  # noqa: PLC0415 - as above

        self.script = read_script(script.read_bytes())
        self.anna, self.dora = (Official.objects.get(login=one) for one in ("anna", "dora"))

    def signed(self, done) -> None:
        """Have it seconded where it must be."""
        from comity_node.officials import services  # noqa: PLC0415 - the node is entered first
        from comity_node.officials.models import PreparedAct  # noqa: PLC0415 - as above

        if isinstance(done, PreparedAct):
            services.second(done, by=self.dora)

    def joins(self) -> str:
        """Accept the channel, once it was proposed."""
        from comity.channel.charter import Coordinator  # noqa: PLC0415 - the node is entered first
        from comity_node.channels import services  # noqa: PLC0415 - as above
        from comity_node.channels.models import Channel  # noqa: PLC0415 - as above

        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            found = Channel.objects.filter(state="proposed", exercise=True).first()
            if found is not None:
                who = Coordinator(str(self.anna.office), "coordinator")
                done = services.answer(channel=found.channel, act="accepted", coordinator=who, by=self.anna)
                self.signed(done)
                return str(found.channel)
            time.sleep(0.2)
        raise AssertionError("no exercise was proposed")

    def plays(self, channel: str) -> None:
        """Meet what is open, until the exercise has ended."""
        from comity_node.exercises import gathering  # noqa: PLC0415 - the node is entered first
        from comity_node.exercises.errors import NoExercise  # noqa: PLC0415 - as above

        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            try:
                found = gathering.gathered(channel, script=self.script)
            except NoExercise:
                time.sleep(0.2)
                continue
            if found.ended is not None:
                return
            for one in found.playing.met.values():
                if one.heard is None:
                    self._meets(one, found.playing, channel)
            time.sleep(0.2)
        raise AssertionError("the exercise did not end")

    def _meets(self, one, playing, channel: str) -> None:
        from comity.errors import ComityError  # noqa: PLC0415 - the node is entered first

        expected = one.expectation
        inject = next(done.inject for done in playing.done.values() if expected in done.inject.expects)
        try:
            if expected.opens:
                self._opens(expected.opens, channel)
            else:
                self._acts(playing.names[expected.on or inject.named or inject.on], expected.acts[0], channel)
        except ComityError as error:
            sys.stderr.write(f"{expected.id}: {error} {error.hint}\n")

    def _acts(self, ref: str, act: str, channel: str) -> None:
        from comity_node.assistance import services  # noqa: PLC0415 - the node is entered first

        name = _INSTEAD.get(act, act)
        said = {"text": "Said in the exercise.", "language": "en"}
        done = services.act(
            channel=channel, ref=ref, act_name=name, by=self.anna, stated=_STATES.get(name, {}), payload=said
        )
        self.signed(done)

    def _opens(self, procedure: str, channel: str) -> None:
        from comity_node.assistance import filling, services  # noqa: PLC0415 - the node is entered first

        begun = services.draft(channel=channel, by=self.anna, title="Of the exercise", procedure=procedure)
        kinds = services.table(begun).instrument.types_in(procedure)
        begun = filling.write(begun, {"types": [kinds[0].id]}, by=self.anna) if kinds else begun
        lacks = [gap.field for gap in services.check(begun) if gap.demanded]
        begun = filling.write(begun, {name: ["Said in the exercise."] for name in lacks}, by=self.anna)
        self.signed(services.submit(begun, by=self.anna))


def main(home: str, script: str) -> None:
    """Play."""
    enter(Path(home))
    trainee = Trainee(Path(script))
    trainee.plays(trainee.joins())


if __name__ == "__main__":
    main(*sys.argv[1:])
