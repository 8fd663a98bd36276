"""What sends requests back in practice, found before they are sent.

Follows: docs/spec/drafting.md.
"""

from comity.drafting.alignment import Pair, aligned, joined, realigned
from comity.drafting.authorship import Authorship, authorship_document, read_authorship
from comity.drafting.catalogue import Catalogue, Severity, catalogue
from comity.drafting.checking import defects
from comity.drafting.profile import Profile, profile_document, read_profile, received_profile, unmet
from comity.drafting.reading import Finding, Request

__all__ = [
    "Authorship",
    "Catalogue",
    "Finding",
    "Pair",
    "Profile",
    "Request",
    "Severity",
    "aligned",
    "authorship_document",
    "catalogue",
    "defects",
    "joined",
    "profile_document",
    "read_authorship",
    "read_profile",
    "realigned",
    "received_profile",
    "unmet",
]
