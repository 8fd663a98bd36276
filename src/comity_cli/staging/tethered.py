"""A server that ends with whoever started it, also where that was killed: its input closes, and it stops.

``python -m comity_cli.staging.tethered`` runs ``comity serve`` of the node in ``COMITY_HOME``.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from typing import NoReturn

_STOPS_WITHIN = 10.0


def main() -> int:
    """Serve until the input ends, or until told to stop."""
    signal.signal(signal.SIGTERM, _stop)
    served = subprocess.Popen([sys.executable, "-m", "comity_cli.main", "serve"], stdin=subprocess.DEVNULL)
    with suppress(KeyboardInterrupt):
        sys.stdin.buffer.read()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # asked once more, it waits for the server all the same
    served.terminate()
    try:
        return served.wait(_STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        served.kill()
        return served.wait()


def _stop(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
