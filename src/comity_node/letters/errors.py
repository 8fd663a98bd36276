"""What may be said when a letter is not set, or a file is not a letter."""

from __future__ import annotations

from comity.errors import CounterpartBreach, OurFault


class LetterNotSet(OurFault):
    """The letter could not be set as a document; nothing was written."""

    code = "letter-not-set"


class LetterTooLong(OurFault):
    """What the act says is more than a letter can hold."""

    code = "letter-too-long"
    default_hint = "read the entry itself: nothing of it is missing there"


class NoFont(OurFault):
    """No font on this machine has the letters of a script that the text is written in."""

    code = "no-font"


class CertificateEnded(OurFault):
    """The certificate for letters is no longer, or not yet, good."""

    code = "certificate-ended"
    default_hint = (
        "move keys/letters out of the home directory: the next letter makes a new certificate, "
        "whose fingerprint counterparts must be told"
    )


class NotALetter(CounterpartBreach):
    """The file is not a PDF that holds the data of an act in the form the specification gives."""

    code = "not-a-letter"
    default_hint = "ask for the file again, as its author saved it"
