"""What the worker of ``comity serve`` loads: the node, if its database has every table this version needs."""

from __future__ import annotations

import os
import signal
import sys
import threading

from comity.errors import ComityError
from comity_cli.faults import exit_code, say_fault
from comity_cli.node import enter, must_be_migrated


def _hear_of_the_end() -> None:
    """Let those who wait for word know when this process is told to stop.

    The server ends once every answer has ended, which that of an open page never does by itself. It handles
    the signals as before: each is only written down here as well.
    """
    from comity_node.register import news

    hearing, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)

    def wait() -> None:
        while not {signal.SIGINT, signal.SIGTERM} & set(os.read(hearing, 64)):
            pass
        news.end()

    threading.Thread(target=wait, name="end", daemon=True).start()


try:
    enter(None)
    must_be_migrated()
    from comity_node.register.keyring import keyring

    keyring()  # a node that cannot sign would take deliveries and give no receipt for them
    from comity_node.settings.wsgi import application

    _hear_of_the_end()
except ComityError as error:
    say_fault(str(error), hint=error.hint)
    sys.exit(exit_code(error))

__all__ = ["application"]
