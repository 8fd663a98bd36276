"""What the worker of ``comity serve`` loads: the node, if its database has every table this version needs."""

from __future__ import annotations

import sys

from comity.errors import ComityError
from comity_cli.faults import exit_code, say_fault
from comity_cli.node import enter, must_be_migrated

try:
    enter(None)
    must_be_migrated()
    from comity_node.settings.wsgi import application
except ComityError as error:
    say_fault(str(error), hint=error.hint)
    sys.exit(exit_code(error))

__all__ = ["application"]
