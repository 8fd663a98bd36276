"""The parts of a node, written from ``docs/spec`` and what it names, and from nothing of Comity's source.

Needs Python and ``cryptography``. It is short where Comity is fast, and knows what the conformance runner and
the second node need: names, notes, trees, entries, deliveries, passports, sealing, calls.
"""
