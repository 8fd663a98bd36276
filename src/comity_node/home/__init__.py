"""A node's home directory: who the node is, where it is reached, and what it accepts."""

from __future__ import annotations

from comity_node.home.node_toml import VARIABLE, BadHome, Limits, NodeHome, WitnessAt, find, read, secret

__all__ = ["VARIABLE", "BadHome", "Limits", "NodeHome", "WitnessAt", "find", "read", "secret"]
