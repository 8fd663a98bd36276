"""What officials may be told when a counterpart's passport is not accepted."""

from __future__ import annotations

from comity.errors import OurFault


class OwnPassport(OurFault):
    """A passport in our own name cannot be read in: ours are issued here."""

    code = "own-passport"
    default_hint = "if it was not issued by this node, somebody signs in our name: compare its fingerprint"


class OlderPassport(OurFault):
    """The passport is not newer than the one in force."""

    code = "older-passport"
    default_hint = "ask the counterpart for its current passport"


class NotCompared(OurFault):
    """The fingerprint confirmed is not that of this passport."""

    code = "not-compared"
    default_hint = "open the ceremony again and compare what it shows"


class NoSuchCounterpart(OurFault):
    """This node trusts no party of that code."""

    code = "no-such-counterpart"
    default_hint = "import its passport and confirm the fingerprint with its officers"


class BadParticulars(OurFault):
    """The file passport.toml in the node's home cannot be used."""

    code = "bad-particulars"
    default_hint = "correct the line it names"
