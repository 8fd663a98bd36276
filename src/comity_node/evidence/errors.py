"""What officials may be told when something with an exhibit does not happen."""

from __future__ import annotations

from comity.errors import CounterpartBreach, OurFault


class CustodyActNotAllowed(OurFault):
    """The custody table does not allow this act now."""

    code = "custody-act-not-allowed"


class ChannelNotOpen(OurFault):
    """Exhibits are added only in a channel that both parties have accepted."""

    code = "channel-not-open"
    default_hint = "wait until the channel is accepted"


class NoSuchExhibit(OurFault):
    """The record knows no such exhibit."""

    code = "no-such-exhibit"


class ExhibitTooLarge(OurFault):
    """The exhibit is larger than this node accepts."""

    code = "exhibit-too-large"
    default_hint = "raise exhibit_bytes under [limits] in node.toml, or send it in parts"


class DiskFull(OurFault):
    """The disk that keeps the exhibits has no room for this one."""

    code = "disk-full"
    default_hint = (
        "make room on the disk of the exhibits directory and try again; nothing half-written counts"
    )


class ExhibitNotHere(OurFault):
    """The sealed exhibit is not on this node."""

    code = "exhibit-not-here"
    default_hint = "wait until it has arrived, or restore the exhibits directory from its backup"


class NotToBeUsed(OurFault):
    """By its custody our side may not open the exhibit now: it was recalled, is gone, or has not arrived."""

    code = "not-to-be-used"
    default_hint = "an officer answers the recall on the page of the exhibit"


class BeingFetched(OurFault):
    """Another process of this node is fetching the exhibit."""

    code = "being-fetched"
    default_hint = "wait for it to finish; the exhibit's page shows how far it is"


class CutShort(CounterpartBreach):
    """The counterpart stopped sending before the exhibit was whole; what came is kept."""

    code = "cut-short"
    default_hint = "nothing is lost: the next attempt goes on where this one ended"


class FileUnreadable(OurFault):
    """The stick does not give back what is written on it."""

    code = "file-unreadable"
    default_hint = "put the stick in again, or copy it to another; nothing of the file was kept"


class BroughtByOthers(CounterpartBreach):
    """What members other than its provider brought of an exhibit is not what was announced."""

    code = "brought-by-others"
    default_hint = "it says nothing of the provider: the exhibit is fetched anew, and not from who gave this"


class NobodyToReceive(OurFault):
    """Nobody is in the channel for whom a file could be sealed, or all it was sealed to have left."""

    code = "nobody-to-receive"
    default_hint = "wait until another party is in the channel; drop what was sealed before, and seal anew"


class CustodyNotFilledIn(OurFault):
    """What an act of custody must state or say is missing, or has another form."""

    code = "custody-not-filled-in"


class NotToBePassedOn(OurFault):
    """The party an exhibit came from marked it so that it goes no further without its permission."""

    code = "not-to-be-passed-on"
    default_hint = "ask the party it came from, on the page of the exhibit: Ask permission for another use"
