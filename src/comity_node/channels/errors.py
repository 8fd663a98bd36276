"""What officials may be told when something with a channel does not happen."""

from __future__ import annotations

from comity.errors import CounterpartBreach, OurFault


class ChannelActNotAllowed(OurFault):
    """The charter's table does not allow this act now."""

    code = "channel-act-not-allowed"


class NotTrusted(OurFault):
    """No officer of this node has confirmed the counterpart's fingerprint."""

    code = "not-trusted"
    default_hint = (
        "import its passport, compare fingerprints over another path, and confirm: comity counterpart confirm"
    )


class NoSuccession(OurFault):
    """A channel takes up from one of ours with the same counterpart that ended, or does not go on."""

    code = "no-succession"
    default_hint = "close the channel, leave it by notice or suspend it first: comity channel list"


class NotWithin(OurFault):
    """A sub-channel is proposed within a channel that its parties are not all in, or with all its parties."""

    code = "not-within"
    default_hint = "propose it to some of the members only, or within no channel: comity channel list"


class TooManyParties(OurFault):
    """A channel is proposed to nobody, or to more parties than one record is read by."""

    code = "too-many-parties"
    default_hint = "propose it to fewer, or open several channels"


class NotBinding(OurFault):
    """An instrument does not bind both parties on the day, as far as this node knows."""

    code = "not-binding"
    default_hint = "choose one that does (comity instruments list --between), or propose an exercise"


class TooManyProposals(CounterpartBreach):
    """A counterpart proposes more channels than this node keeps unopened."""

    code = "too-many-proposals"
    default_hint = "accept those that are wanted, or raise unopened_channels under [limits] in node.toml"


class NothingToPublish(OurFault):
    """No statement of figures stands that could be published."""

    code = "nothing-to-publish"
    default_hint = "state the figures first: comity reciprocity CHANNEL --as-of DAY --state --as LOGIN"


class NotAgreed(OurFault):
    """A party is to be invited without an accession that all have agreed to."""

    code = "not-agreed"
    default_hint = "propose its accession to all that are in the channel: comity channel invite CHANNEL PARTY"


class KeysNotKnown(CounterpartBreach):
    """A channel is joined whose parties began it with keys that no compared passport leads to."""

    code = "keys-not-known"
    default_hint = "ask that party for its earlier passports, and import them: comity counterpart import FILE"
