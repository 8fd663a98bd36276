"""Nodes that a command makes and runs on this machine: those of the demonstration, and those of exercises."""
