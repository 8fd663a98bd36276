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


class NotBinding(OurFault):
    """An instrument does not bind both parties on the day, as far as this node knows."""

    code = "not-binding"
    default_hint = "choose one that does (comity instruments list --between), or propose an exercise"


class TooManyProposals(CounterpartBreach):
    """A counterpart proposes more channels than this node keeps unopened."""

    code = "too-many-proposals"
    default_hint = "accept those that are wanted, or raise unopened_channels under [limits] in node.toml"
