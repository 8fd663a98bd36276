"""What officials may be told when facts about Parties are not taken, or not taken back."""

from __future__ import annotations

from comity.errors import OurFault


class OlderParties(OurFault):
    """The facts were looked up earlier than those in use."""

    code = "older-parties"
    default_hint = "look the facts up anew and give that day as as_of; what is in use is kept"


class PartiesFromTheFuture(OurFault):
    """The day the facts are said to have been looked up has not come."""

    code = "parties-from-the-future"
    default_hint = "give the day on which the facts were looked up as as_of"


class SameParties(OurFault):
    """The facts are those in use already."""

    code = "same-parties"


class PartiesMoved(OurFault):
    """Other facts are in use by now, or the text is not the one that was shown."""

    code = "parties-moved"
    default_hint = "read the difference again, then confirm"


class NoSource(OurFault):
    """Nobody said where the facts come from."""

    code = "no-source"
    default_hint = "name the register, letter or publication in one line of at most 300 characters"


class NothingTaken(OurFault):
    """What ships is in use, and nothing can be taken back."""

    code = "nothing-taken"
