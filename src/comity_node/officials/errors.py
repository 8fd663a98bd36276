"""What officials may be told when an act of theirs does not happen."""

from __future__ import annotations

from comity.errors import OurFault


class NotEmpowered(OurFault):
    """The official's roles do not carry the power this takes."""

    code = "not-empowered"
    default_hint = "ask an official who holds the power, or an administrator for the appointment"


class NoSuchRole(OurFault):
    """The role is not in the table of powers."""

    code = "no-such-role"


class NoSuchOfficial(OurFault):
    """No official or office of this node has that name."""

    code = "no-such-official"


class NameTaken(OurFault):
    """An official of this log-in name exists already."""

    code = "name-taken"


class WeakPassword(OurFault):
    """The password is too easy to guess."""

    code = "weak-password"


class AnotherMustSecond(OurFault):
    """Whoever prepared an act cannot also approve it, nor, where the rule says so, can their office."""

    code = "another-must-second"
    default_hint = "ask another officer who holds the power to second it"


class AlreadyDecided(OurFault):
    """The prepared act is no longer waiting: it was signed, returned or overtaken, or its text is another."""

    code = "already-decided"
    default_hint = "open the list of approvals again to see where it stands"


class Overtaken(OurFault):
    """What was prepared is no longer allowed as things stand now; nothing was signed."""

    code = "overtaken"
    default_hint = "prepare the act anew if it is still wanted"


class WaitsAlready(OurFault):
    """A colleague prepared the very same act, and it still waits for its second signature."""

    code = "waits-already"
    default_hint = "read it among the approvals; a second officer signs it there"


class TextMoved(OurFault):
    """What would be signed now is not the text that was shown."""

    code = "text-moved"
    default_hint = "read the text as it is now, and confirm again"


class RolesApart(OurFault):
    """Whoever appoints officers must not be one of them: the role is held with no other."""

    code = "roles-apart"
    default_hint = "appoint one person to the role that stands apart, and another to the rest"


class OwnAppointment(OurFault):
    """Nobody changes their own office, roles or standing at this node."""

    code = "own-appointment"
    default_hint = "ask another administrator, or the operator at the node's console"


class UnfitLogin(OurFault):
    """A log-in name is typed, spoken and written in the journal: it is short and plain."""

    code = "unfit-login"
    default_hint = "use 1 to 64 small letters, digits, dots and hyphens, beginning with a letter or digit"
