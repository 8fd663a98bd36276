"""What may be wrong with what is said of a contact point."""

from __future__ import annotations

from comity.errors import CounterpartBreach


class MalformedPoint(CounterpartBreach):
    """What is said of a contact point is not in the form the specification gives, or reads two ways."""

    code = "malformed-contact-point"
    default_hint = "ask its owner to list it again; until then what was said before counts"
