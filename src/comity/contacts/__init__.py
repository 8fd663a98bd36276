"""Contact points: what a Party says of where it is reached, and when somebody is there."""

from comity.contacts.hours import ALWAYS, Hours, read_hours
from comity.contacts.point import KINDS, PART, Point, changed_ways, document, read_point

__all__ = [
    "ALWAYS",
    "KINDS",
    "PART",
    "Hours",
    "Point",
    "changed_ways",
    "document",
    "read_hours",
    "read_point",
]
