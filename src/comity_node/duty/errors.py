"""What officials may be told when the roster, or a way to call them, is not as they want it."""

from __future__ import annotations

from comity.errors import OurFault


class UnfitShift(OurFault):
    """A shift cannot stand in the roster as it was given."""

    code = "unfit-shift"
    default_hint = "give it an end after its beginning, within the days a roster is made for"


class NoSuchShift(OurFault):
    """There is no such shift, or it is over."""

    code = "no-such-shift"
    default_hint = "list the roster, and name one that stands in it"


class UnfitWay(OurFault):
    """An officer cannot be called in the way they chose, as they gave it."""

    code = "unfit-way"
    default_hint = "correct what is named, and keep it again"


class NotReached(OurFault):
    """An officer was not reached by one way, this time."""

    code = "not-reached"
    default_hint = "see why, and try the way again"


class WayEnded(NotReached):
    """What an officer was to be reached at is gone for good: a browser took its subscription back."""

    code = "way-ended"
    default_hint = "turn it on again in that browser"
