"""Custody of exhibits: what is said of one, by whom, and every hand it passes through.

Follows: docs/spec/evidence.md; practice: ISO/IEC 27037.
"""

from comity.custody.documents import Announcement, Arrival, Document, HandOver, Opening, document, read
from comity.custody.inspection import Found, Inspection, object_name
from comity.custody.names import name_to_save, name_to_show
from comity.custody.table import KINDS, custody, custody_files, table

__all__ = [
    "KINDS",
    "Announcement",
    "Arrival",
    "Document",
    "Found",
    "HandOver",
    "Inspection",
    "Opening",
    "custody",
    "custody_files",
    "document",
    "name_to_save",
    "name_to_show",
    "object_name",
    "read",
    "table",
]
