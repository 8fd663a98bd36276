"""What the worker of ``comity serve`` loads: the node, if its database has every table this version needs."""

from __future__ import annotations

import os
import signal
import sys

from comity.errors import ComityError
from comity_cli.exits import Exit
from comity_cli.faults import exit_code, say_fault
from comity_cli.node import enter, must_be_migrated


def _stop(code: Exit) -> None:
    """End the worker, and with it the process that started it."""
    os.kill(os.getppid(), signal.SIGTERM)
    sys.exit(code)


try:
    enter(None)
    must_be_migrated()
    from comity_node.settings.wsgi import application
except ComityError as error:
    say_fault(str(error), hint=error.hint)
    _stop(exit_code(error))

__all__ = ["application"]
