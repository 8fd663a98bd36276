"""A node whose clock is off by as many days as ``DAYS_OFF`` says; otherwise what the web server runs."""

from __future__ import annotations

import os

from tests.two_nodes.clocks import put_off

put_off(float(os.environ["DAYS_OFF"]))

from comity_node.settings.wsgi import application  # noqa: E402 - it must find the clock off

__all__ = ["application"]
