"""What officials may be told when an act on a request does not happen."""

from __future__ import annotations

from comity.errors import OurFault


class ChannelNotOpen(OurFault):
    """No request is made in a channel before both parties have opened it."""

    code = "channel-not-open"
    default_hint = "wait until the proposal of the channel is accepted, or accept it"


class ChannelEnded(OurFault):
    """Nothing new is begun in a channel that both closed, or that a party left by notice."""

    code = "channel-ended"
    default_hint = "what was begun before goes on; propose a channel that succeeds it: comity channel propose"


class AmendsNothing(OurFault):
    """An amendment changes something of the charter, in words that can be read."""

    code = "amends-nothing"
    default_hint = "add or take away an instrument, or write a purpose, languages or a coordinator"


class NotAllowedNow(OurFault):
    """The procedure's table has no row for this act by this party as the request stands."""

    code = "not-allowed-now"


class NotOurReference(OurFault):
    """A party numbers its requests itself, under its own code."""

    code = "not-our-reference"
    default_hint = "references look like aa-2026-0001, with the code of the party that requests"


class ReferenceTaken(OurFault):
    """Something is already on record in the channel under this reference."""

    code = "reference-taken"
    default_hint = "take the next free number; the draft proposes one"


class NoLegalBasis(OurFault):
    """A request rests on a text that its channel rests on, in the very edition, and that provides for it."""

    code = "no-legal-basis"
    default_hint = "draft the request anew in a channel that rests on the instrument, in this edition"


class NoCompulsion(OurFault):
    """An arrangement is a political understanding: nothing is done against anybody's will on it alone."""

    code = "no-compulsion"
    default_hint = (
        "lodge the request under a treaty that binds both parties: comity instruments list --between"
    )


class WrongAddress(OurFault):
    """A request names the other party of its channel."""

    code = "wrong-address"
    default_hint = "draft the request anew in the right channel"


class DraftIncomplete(OurFault):
    """The draft lacks what the instrument demands of every request."""

    code = "draft-incomplete"
    default_hint = "fill in what the draft's list of missing fields names"


class DraftGone(OurFault):
    """The draft was submitted already; what was submitted is changed only by preparing it anew."""

    code = "draft-gone"
    default_hint = "look for it among the approvals and the requests"


class ContentTooLong(OurFault):
    """What is to be sealed is more than a delivery may carry; it would hold up everything after it."""

    code = "content-too-long"
    default_hint = "shorten the text, or add the material as an exhibit and name it"


class NoSuchRequest(OurFault):
    """Nothing is on record under this reference in that channel."""

    code = "no-such-request"
    default_hint = "list the requests: comity request list --as LOGIN"


class NothingToFollow(OurFault):
    """No preservation of ours stands under this reference where a request may follow it."""

    code = "nothing-to-follow"
    default_hint = "list what is preserved: comity request list --as LOGIN"


class NotFilledIn(OurFault):
    """What was said of an act or a draft is not complete, or is not what it takes."""

    code = "not-filled-in"


class ExhibitNotOnRecord(OurFault):
    """No exhibit was added under this reference or by this entry, so no act can name it so."""

    code = "exhibit-not-on-record"
    default_hint = "list the exhibits: comity evidence list --as LOGIN"


class NoLetter(OurFault):
    """There is nothing to make a formal letter of."""

    code = "no-letter"
    default_hint = "look at the entry itself: comity request show CHANNEL REF --as LOGIN"


class ProfileNotOurs(OurFault):
    """An authority publishes what it requires itself, and nobody does so for another."""

    code = "profile-not-ours"
    default_hint = "write our own party code in it"


class ProfileOutdated(OurFault):
    """A later profile of ours is published in the channel: this one would take its place."""

    code = "profile-outdated"
    default_hint = "write today's date in it"


class NotTranslated(OurFault):
    """A translation is of the parts an entry has, and says at least one of them."""

    code = "not-translated"
    default_hint = "name the parts as the entry does: comity request show CHANNEL REF --as LOGIN"


class NoSuchFilter(OurFault):
    """There is no saved filter of that name for this official."""

    code = "no-such-filter"
    default_hint = "the list of requests shows your saved filters above it"


class NothingToSave(OurFault):
    """A filter without a name, or one that filters nothing, was to be saved."""

    code = "nothing-to-save"
    default_hint = "filter or sort the list first, then give it a name"


class TooManyFilters(OurFault):
    """An official keeps as many filters as a page can show."""

    code = "too-many-filters"
    default_hint = "remove one you no longer need"


class TooManyAtOnce(OurFault):
    """More requests were selected than one page can show and one person can read."""

    code = "too-many-at-once"
    default_hint = "select fewer, and go on with the rest afterwards"


class FileTooLong(OurFault):
    """A file holds more entries than one document can."""

    code = "file-too-long"
    default_hint = "export the channel: `comity export`; or the chronology as CSV or JSON"


class FiguresDiffer(OurFault):
    """Figures were to be agreed that this node counts otherwise."""

    code = "figures-differ"
    default_hint = "exchange what is outstanding (comity sync) and count again; if it stays so, dispute them"


class FiguresAlike(OurFault):
    """Figures were to be disputed that this node counts the same."""

    code = "figures-alike"
    default_hint = "agree with them, or leave the statement unanswered"


class StaysOfTwo(OurFault):
    """Another party was to be let into a channel of two."""

    code = "stays-of-two"
    default_hint = (
        "propose a channel of many to both: comity channel propose. It can take up from this one once that "
        "has ended"
    )


class NewcomerNotMet(OurFault):
    """A party is to be let in whose passport no officer of this node has compared."""

    code = "newcomer-not-met"
    default_hint = (
        "import its passport, compare fingerprints over another path, and confirm: comity counterpart confirm"
    )


class AlreadyIn(OurFault):
    """A party is to be let in that is in, or still asked, or for which there is no room."""

    code = "already-in"
    default_hint = "wait for its answer, or withdraw what was proposed to it first: comity channel show"


class CharterReadsOtherwise(OurFault):
    """A newcomer would be shown another charter than this node reads."""

    code = "charter-reads-otherwise"
    default_hint = (
        "exchange what is outstanding (comity sync) and try again; if it stays so, decline, and have it "
        "proposed anew"
    )
