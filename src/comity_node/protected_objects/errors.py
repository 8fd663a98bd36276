"""What officials may be told when something with a list of protected objects does not happen."""

from __future__ import annotations

from comity.errors import OurFault


class ListActNotAllowed(OurFault):
    """The table does not allow this act on the list now."""

    code = "list-act-not-allowed"


class ListsNotDeclaredHere(OurFault):
    """The channel is not open, or its charter is of an edition without lists of protected objects."""

    code = "lists-not-declared-here"
    default_hint = "wait until the channel is open; a channel opened before keeps the edition it began under"


class NoSuchList(OurFault):
    """The record knows no such list, or this node keeps none under this reference."""

    code = "no-such-list"


class ListNotKept(OurFault):
    """The objects and salts of a list of ours are not on this node, so nothing of it can be revealed."""

    code = "list-not-kept"
    default_hint = "restore the backup that has them: comity restore; nobody else has them"


class ListTooLong(OurFault):
    """A list is longer than the other node takes in one act."""

    code = "list-too-long"
    default_hint = (
        "divide it into several lists or only commit to it; payload_bytes under [limits] in node.toml says"
        " what a node takes"
    )


class ProofDoesNotHold(OurFault):
    """A proof does not show what it should: it is neither sent nor accepted."""

    code = "proof-does-not-hold"


class QuestionTooWide(OurFault):
    """A question about a network so wide that its answer would lay much of a list open."""

    code = "question-too-wide"
    default_hint = (
        "ask about what the incident is about; where the other side asked so, answer not said, and reveal"
        " single objects"
    )


class TooManyRevealed(OurFault):
    """More objects would be revealed at once than one act may reveal."""

    code = "too-many-revealed"
    default_hint = "reveal those the incident is about; a list is shown whole by declaring it so"


class BeginningNotOne(OurFault):
    """The beginning of a leaf is that of several objects of a list, or of none."""

    code = "beginning-not-one"
    default_hint = "give as much of the leaf as one object alone has: comity objects show"


class NotFilledIn(OurFault):
    """What an act on a list must state or say is missing, or has another form."""

    code = "list-act-not-filled-in"


class ReasonMissing(OurFault):
    """A list is opened for a reason, which stands in the journal."""

    code = "reason-missing"
    default_hint = "say why, or name the alert it is about"
