"""What can go wrong with a node that a command runs on this machine."""

from __future__ import annotations

from comity.errors import OurFault


class NodeFault(OurFault):
    """A node that was made here did not start, or a command on it failed."""

    code = "staged-node"
