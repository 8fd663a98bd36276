"""What a party can put in its log, and the order in which all parties read it."""

from comity.entries.entry import By, Capacity, Entry, PayloadDigest, decode, encode, instant, readable
from comity.entries.order import Depths, depth_after, in_order

__all__ = [
    "By",
    "Capacity",
    "Depths",
    "Entry",
    "PayloadDigest",
    "decode",
    "depth_after",
    "encode",
    "in_order",
    "instant",
    "readable",
]
