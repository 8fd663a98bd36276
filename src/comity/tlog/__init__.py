"""Transparency logs: signed notes, checkpoints, cosignatures, Merkle trees, tiles, proofs and policies.

One module for each C2SP text; docs/spec/tlog.md says how Comity uses them.
"""
