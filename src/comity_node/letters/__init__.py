"""Formal letters: an act set as a PDF with its data inside, signed as one, and read back.

Nothing here knows a room, the record or the framework: a letter is given as words and data. So
``comity request read-letter`` needs no node.

Follows: docs/spec/letters.md.
"""
