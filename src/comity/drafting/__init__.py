"""What sends requests back in practice, found before they are sent.

Follows: docs/spec/drafting.md.
"""

from comity.drafting.catalogue import Catalogue, Severity, catalogue
from comity.drafting.checking import defects
from comity.drafting.profile import Profile, read_profile, unmet
from comity.drafting.reading import Finding, Request

__all__ = [
    "Catalogue",
    "Finding",
    "Profile",
    "Request",
    "Severity",
    "catalogue",
    "defects",
    "read_profile",
    "unmet",
]
