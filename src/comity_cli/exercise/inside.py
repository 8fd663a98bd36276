"""Inside a scripted party's node: it trusts, opens the channel, and plays its injects when they are due.

Run as a process of that node. It reads orders as lines of JSON and answers each with one line. What is due it
reads from its own record alone, never from the trainee's.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from comity.errors import ComityError
from comity_cli.node import enter

if TYPE_CHECKING:
    from collections.abc import Callable

    from comity.exercise import Script

LEADS: Final = "lead"
SECONDS: Final = "second"
_LONG: Final = 600


class Cast:
    """One scripted party, obeying."""

    def __init__(self, script: Path) -> None:
        from comity import exercise

        self._script: Script = exercise.read_script(script.read_bytes())

    def trust(self, *, passport: str, fingerprint: str, how: str, with_whom: str) -> dict[str, Any]:
        """Read in a passport; trust it once its fingerprint is the one that was heard."""
        from comity_cli.exercise.acting import official
        from comity_node.counterparts import queries, services

        row = services.import_passport(passport.encode(), by=official(LEADS))
        services.hold_ceremony(
            row,
            by=official(LEADS),
            fingerprint=fingerprint or queries.read(row).fingerprint.digits,
            path=how,
            with_whom=with_whom,
        )
        return {"party": row.party}

    def open(self, *, trainee: str) -> dict[str, Any]:
        """Propose the channel of the exercise, unless that was done."""
        from comity_cli.exercise import acting

        others = [trainee, *(one.code for one in self._script.parties[1:])]
        return {"channel": acting.propose(self._script, others)}

    def accept(self, *, channel: str) -> dict[str, Any]:
        """Accept the channel once its proposal is here, unless that was done."""
        from comity_cli.exercise import acting

        return {"accepted": acting.accept(channel)}

    def announce(self, *, channel: str, parties: list[str], speed: str) -> dict[str, Any]:
        """Announce the exercise once all are in the channel, unless it was announced."""
        from comity_cli.exercise import acting

        return acting.announce(channel, parties, digest=self._script.digest, speed=speed)

    def step(self, *, channel: str, own: str) -> dict[str, Any]:
        """Play what is due of this party now."""
        from comity_cli.exercise import acting

        return acting.step(self._script, channel, own)

    def end(self, *, channel: str, outcome: str) -> dict[str, Any]:
        """End the exercise and put its script on record, unless that was done."""
        from comity_cli.exercise import acting

        return acting.end(channel, self._script.raw.decode(), outcome=outcome)

    def settled(self, *, channel: str) -> dict[str, Any]:
        """Whether everything this party wrote there is receipted by all."""
        from comity_node.register import queries

        own = queries.own_log(channel)
        return {"settled": own is not None and own.receipted == own.size}


def main() -> None:
    """Obey until the orders end."""
    enter(None)
    cast = Cast(Path(sys.argv[1]))
    known: dict[str, Callable[..., dict[str, Any]]] = {
        one.__name__: one
        for one in (cast.trust, cast.open, cast.accept, cast.announce, cast.step, cast.end, cast.settled)
    }
    for line in sys.stdin:
        print(json.dumps(_obey(line, known)), flush=True)  # noqa: T201 - its answer


def _obey(line: str, known: dict[str, Callable[..., dict[str, Any]]]) -> dict[str, Any]:
    """Carry out one order; an error is an answer too."""
    from django.db import connections

    from comity_cli.exercise import acting

    order = json.loads(line)
    try:
        acting.finish()
        return known[order.pop("do")](**order)
    except ComityError as error:
        return {"error": str(error)[:_LONG], "hint": error.hint[:_LONG], "code": error.code}
    finally:
        connections.close_all()


if __name__ == "__main__":
    main()
