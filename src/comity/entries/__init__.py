"""What a party can put in its log, and the order in which all parties read it."""

from comity.entries.entry import By, Capacity, Entry, PayloadDigest, decode, encode, instant, readable
from comity.entries.order import depth, in_order, merged, overlooked

__all__ = [
    "By",
    "Capacity",
    "Entry",
    "PayloadDigest",
    "decode",
    "depth",
    "encode",
    "in_order",
    "instant",
    "merged",
    "overlooked",
    "readable",
]
