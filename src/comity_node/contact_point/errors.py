"""What officials may be told when something with a contact point or a check does not happen."""

from __future__ import annotations

from comity.errors import OurFault


class ContactActNotAllowed(OurFault):
    """The table of contact points, or of communication checks, does not allow this act now."""

    code = "contact-act-not-allowed"


class ChannelNotOpen(OurFault):
    """Points are listed, and checks asked, only in a channel that both parties have accepted."""

    code = "channel-not-open"
    default_hint = "wait until the channel is accepted"


class NoTableForPoints(OurFault):
    """The channel rests on an edition of the charter that knows no contact points and no checks of them."""

    code = "no-table-for-contact-points"
    default_hint = "propose to amend the charter to its present edition: comity channel amend"


class NoSuchPoint(OurFault):
    """The record knows no such contact point."""

    code = "no-such-contact-point"
    default_hint = "list them: comity contact list"


class NoSuchCheck(OurFault):
    """The record knows no such communication check."""

    code = "no-such-contact-check"
    default_hint = "list them: comity contact show"


class WaysNotStated(OurFault):
    """A change of the ways to reach a point must say in the open that it is one: it takes two officers."""

    code = "ways-not-stated"
    default_hint = "state the ways that change, and have a second officer sign"


class BadPoint(OurFault):
    """What is to be listed of a point of ours cannot be so, or would mislead who reads it."""

    code = "bad-contact-point"


class TooManyPoints(OurFault):
    """More contact points than this node shows of one party."""

    code = "too-many-contact-points"
    default_hint = "withdraw those not in use, or raise contact_points under [limits] in node.toml"


class BadContactTable(OurFault):
    """A table of contact points cannot be taken as it is; nothing of it was recorded."""

    code = "bad-contact-table"
    default_hint = "correct the lines named and import the whole table again"
