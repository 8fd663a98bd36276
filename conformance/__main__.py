"""Try a node by the specification.

    python -m conformance URL INSTRUMENTS INSTRUMENT DRIVER...

    URL          the address of the node's passport
    INSTRUMENTS  a directory with a folder for each text, as an export has it; ``charter`` among them
    INSTRUMENT   the text the channel is to rest on, such as us-ru-1999
    DRIVER       a command that does what the node's officers do, called with
                   passport          write the node's passport to standard output
                   trust FILE        compare and confirm the passport in FILE
                   accept CHANNEL    accept the channel

Exit code 0 if every check passes, 1 if not.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from conformance.runner import Trial, run
from conformance.texts import texts


@dataclass
class Command:
    """Officers who are reached by a command."""

    words: list[str]

    def passport(self) -> bytes:
        return self._does("passport")

    def trust(self, passport: bytes) -> None:
        with tempfile.NamedTemporaryFile(suffix=".passport") as file:
            file.write(passport)
            file.flush()
            self._does("trust", file.name)

    def accept(self, channel: str) -> None:
        self._does("accept", channel)

    def _does(self, *words: str) -> bytes:
        return subprocess.run([*self.words, *words], check=True, stdout=subprocess.PIPE).stdout


def main(arguments: list[str]) -> int:
    """Run every check, and say what came of each."""
    if len(arguments) < 4:
        print(__doc__, file=sys.stderr)
        return 2
    url, folder, instrument, *words = arguments
    failed = 0
    for result in run(Trial(url, Command(words), texts(Path(folder)), instrument)):
        failed += not result.passed
        print(f"{'pass' if result.passed else 'FAIL'}  {result.section}: {result.says}")
        if not result.passed:
            print(f"      {result.because}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
