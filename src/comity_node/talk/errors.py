"""Why something could not be said, or a talk not be moved."""

from __future__ import annotations

from comity.errors import OurFault


class NoSuchTalk(OurFault):
    """There is no talk of that reference."""

    code = "no-such-talk"
    default_hint = "list them: comity talk list CHANNEL --as LOGIN"


class TalkNotAllowed(OurFault):
    """The table of talks does not allow the act now."""

    code = "talk-not-allowed"


class ChannelNotOpen(OurFault):
    """Nobody talks in a channel that both sides have not opened."""

    code = "channel-not-open"
    default_hint = "a talk is opened once the channel is accepted"


class NotWithAll(OurFault):
    """A talk is opened with every other party that is in the channel, and with nobody else."""

    code = "talk-not-with-all"


class MessageTooLong(OurFault):
    """A message is longer than this node lets its officers send."""

    code = "message-too-long"
    default_hint = "say it in two, or add what is long as an exhibit and name it"


class NothingSaid(OurFault):
    """A message without words."""

    code = "nothing-said"
    default_hint = "write something first"


class NothingNew(OurFault):
    """Nothing was said that this desk has not opened already."""

    code = "nothing-new"
    default_hint = "nothing needs to be done"


class NoSuchMinutes(OurFault):
    """The entry named is no proposal of minutes that could be answered so."""

    code = "no-such-minutes"
    default_hint = "the page of the talk lists the minutes that wait, and whose answer they wait for"


class NoSuchExhibit(OurFault):
    """An exhibit named is not on record in the channel."""

    code = "exhibit-named-not-on-record"
    default_hint = "add it first: comity evidence add; then name it by its reference or entry"


class MinutesDiffer(OurFault):
    """Minutes that would be agreed to without being read, and our own record gives another text."""

    code = "minutes-differ"
    default_hint = "leave --yes away: both are compared, and you are asked; or answer with --diverge"
