"""A node's home directory: who the node is, where it is reached, and what it accepts."""

from __future__ import annotations

from comity_node.home.calling import Duty, MailBy, Program, Step
from comity_node.home.node_toml import (
    VARIABLE,
    BadHome,
    Limits,
    NodeHome,
    TokenAt,
    WitnessAt,
    find,
    read,
    secret,
    secret_text,
)

__all__ = [
    "VARIABLE",
    "BadHome",
    "Duty",
    "Limits",
    "MailBy",
    "NodeHome",
    "Program",
    "Step",
    "TokenAt",
    "WitnessAt",
    "find",
    "read",
    "secret",
    "secret_text",
]
