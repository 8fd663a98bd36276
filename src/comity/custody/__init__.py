"""Custody of exhibits: what is said of one, by whom, and every hand it passes through.

Follows: docs/spec/evidence.md; practice: ISO/IEC 27037.
"""

from comity.custody.documents import (
    FORMS,
    Announcement,
    Arrival,
    Disposal,
    Document,
    HandOver,
    Opening,
    Words,
    document,
    read,
)
from comity.custody.inspection import Found, Inspection, object_name
from comity.custody.names import name_to_save, name_to_show
from comity.custody.table import KINDS, custody, custody_files, table

__all__ = [
    "FORMS",
    "KINDS",
    "Announcement",
    "Arrival",
    "Disposal",
    "Document",
    "Found",
    "HandOver",
    "Inspection",
    "Opening",
    "Words",
    "custody",
    "custody_files",
    "document",
    "name_to_save",
    "name_to_show",
    "object_name",
    "read",
    "table",
]
