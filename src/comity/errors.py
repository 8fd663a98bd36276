"""Every failure the core can report.

Two families, because they call for different remedies::

    ComityError
    ├── OurFault            we asked for something that cannot be done; nothing was recorded
    └── CounterpartBreach   what arrived breaks the protocol; it was refused whole

A refusal foreseen by a rule is a returned value, not an exception. ``str()`` of an error says what did
not happen and why; ``hint`` says what can be done now; ``code`` is permanent and machine-readable.
"""

from __future__ import annotations

from typing import ClassVar


class ComityError(Exception):
    """Something did not happen, for a stated reason. Never raised itself: raise a named error."""

    code: ClassVar[str] = ""
    default_hint: ClassVar[str] = ""

    def __init__(self, message: str, *, hint: str = "") -> None:
        """Say what did not happen and why; ``hint`` says what to do now."""
        if not self.code:
            raise TypeError(f"{type(self).__name__} has no code: raise one of its named subclasses")
        super().__init__(message)
        self.hint = hint or self.default_hint


class OurFault(ComityError):
    """We asked for something the protocol or the instrument does not allow."""


class CounterpartBreach(ComityError):
    """What arrived from outside breaks the protocol."""


# --- names ------------------------------------------------------------------------------------------


class BadName(CounterpartBreach):
    """A party code, channel id, origin or entry reference is not in the form it must have."""

    code = "bad-name"


# --- keys -------------------------------------------------------------------------------------------


class BadPublicKey(CounterpartBreach):
    """A public key is malformed, or so chosen that nothing done with it would bind its holder."""

    code = "bad-public-key"
    default_hint = "ask the counterpart for a passport with a freshly generated key"


class BadSecretKey(OurFault):
    """A secret key of ours cannot be read."""

    code = "bad-secret-key"
    default_hint = "restore the key from its backup"


class BadTimestamp(CounterpartBreach):
    """A time stamp is none, is about something else, or was not signed by an authority that is trusted."""

    code = "bad-timestamp"
    default_hint = "nothing was kept; give the authority's own certificate, or ask another authority"


class CannotSeal(OurFault):
    """Content cannot be sealed to the recipients given."""

    code = "cannot-seal"
    default_hint = "name at least one recipient, and give all of them hybrid keys"


class MalformedSeal(CounterpartBreach):
    """What arrived is not a sealed file in the form the specification gives."""

    code = "malformed-seal"
    default_hint = "ask the sender to seal it again, to our present recipient, without a passphrase"


class NotSealedToUs(CounterpartBreach):
    """A sealed file was not sealed to any identity we hold."""

    code = "not-sealed-to-us"
    default_hint = "check that the sender has our present passport, or restore a retired identity"


class AlteredSeal(CounterpartBreach):
    """A sealed file is not, or not all of, what its sender sealed."""

    code = "altered-seal"
    default_hint = "ask for it again: it was damaged, cut short or changed on the way"


class MalformedArmor(CounterpartBreach):
    """A sealed file pasted as text is not in the form the specification gives."""

    code = "malformed-armor"
    default_hint = "copy it again from its BEGIN line to its END line, both included"


class BadKeyring(OurFault):
    """The keyring of this node is not in the form the specification gives."""

    code = "bad-keyring"
    default_hint = "restore keys/keyring from the latest backup"


class BadLetterKey(OurFault):
    """The key and certificate for formal letters are not in the form the specification gives."""

    code = "bad-letter-key"
    default_hint = "restore keys/letters from the latest backup"


class WrongPassphrase(OurFault):
    """The keyring is sealed, and what was given does not open it."""

    code = "wrong-passphrase"
    default_hint = (
        "set COMITY_PASSPHRASE to the passphrase of this keyring, or COMITY_SHARE_FILES to shares of enough"
        " custodians; `comity keys show` says how it lies"
    )


class BadFingerprint(OurFault):
    """What was typed is not a fingerprint: something was misheard or mistyped."""

    code = "bad-fingerprint"
    default_hint = "have it read to you again, slowly, from its beginning"


# --- tlog -------------------------------------------------------------------------------------------


class MalformedNote(CounterpartBreach):
    """A signed note, or one of its signature lines, is not in the form C2SP signed-note gives."""

    code = "malformed-note"


class MalformedKey(CounterpartBreach):
    """A verifier key is not in the form C2SP signed-note gives, or is of a kind we do not verify."""

    code = "malformed-key"


class BadSignature(CounterpartBreach):
    """A signature in the name of a key we know does not verify; the whole note is refused."""

    code = "bad-signature"
    default_hint = "refuse the note whole and ask its author to send it again"


class NotSigned(CounterpartBreach):
    """No key we know has signed the note, so its text says nothing."""

    code = "not-signed"
    default_hint = "compare the names on the signature lines with the keys of the passport"


class MalformedCheckpoint(CounterpartBreach):
    """The text of a note is not a checkpoint of C2SP tlog-checkpoint."""

    code = "malformed-checkpoint"


class MalformedProof(CounterpartBreach):
    """A Merkle proof, or the file that carries it, does not have the form its sizes demand."""

    code = "malformed-proof"


class NotIncluded(CounterpartBreach):
    """The proof does not lead from the entry to the root that was signed."""

    code = "not-included"


class NotConsistent(CounterpartBreach):
    """The new tree is not proven to extend the old one."""

    code = "not-consistent"
    default_hint = "keep both signed checkpoints: together with the proof they may show a fork"


class MalformedTile(CounterpartBreach):
    """A tile, its path or an entry bundle is not in the form C2SP tlog-tiles gives."""

    code = "malformed-tile"


class TreeMismatch(CounterpartBreach):
    """Stored tiles do not hash to one another or to the root that was signed."""

    code = "tree-mismatch"


class MalformedPolicy(CounterpartBreach):
    """A policy file is not in the form C2SP tlog-policy gives."""

    code = "malformed-policy"


class NoQuorum(CounterpartBreach):
    """The checkpoint does not carry the cosignatures the policy demands."""

    code = "no-quorum"
    default_hint = "wait for the missing receipts or cosignatures and verify again"


class MalformedSubmission(CounterpartBreach):
    """A body of the witness protocol is not in the form C2SP tlog-witness gives."""

    code = "malformed-submission"


class CannotSign(OurFault):
    """We were asked to sign something the format has no place for."""

    code = "cannot-sign"


class OutsideTree(OurFault):
    """We were asked about an index or a size the tree does not have."""

    code = "outside-tree"


class EntryTooLong(OurFault):
    """An entry does not fit the 65,535 bytes an entry bundle can hold."""

    code = "entry-too-long"
    default_hint = "put the content into the payload; the entry is only its header"


# --- entries ----------------------------------------------------------------------------------------


class MalformedEntry(CounterpartBreach):
    """An entry is not in the form the specification gives."""

    code = "malformed-entry"


# --- instruments and lifecycle ----------------------------------------------------------------------


class MalformedInstrument(OurFault):
    """An instrument or procedure table is not in the form the specification gives."""

    code = "malformed-instrument"
    default_hint = "correct the table at the place named; docs/spec/procedures.md gives its form"


class NotInInstrument(OurFault):
    """The instrument has no such procedure, ground, field, reason, condition or type of assistance."""

    code = "not-in-instrument"


class NoSuchInstrument(OurFault):
    """No instrument, and no edition of one, has this name here."""

    code = "no-such-instrument"


# --- drafting ---------------------------------------------------------------------------------------


class MalformedProfile(CounterpartBreach):
    """A requirement profile is not in the form the specification gives."""

    code = "malformed-profile"
    default_hint = "ask the authority to publish it again; without it, requests are checked by practice alone"


# --- reciprocity ------------------------------------------------------------------------------------


class MalformedFigures(CounterpartBreach):
    """Figures, or a statement of figures, are not in the form the specification gives."""

    code = "malformed-figures"
    default_hint = (
        "take them from the page of figures, or from comity reciprocity; or ask the party to state them again"
    )


class StatementDoesNotHold(CounterpartBreach):
    """A published statement of figures says something its own signatures and proofs do not bear out."""

    code = "statement-does-not-hold"
    default_hint = "ask its author for the file again; if it repeats, do not rely on its numbers"


# --- custody ----------------------------------------------------------------------------------------


class MalformedCustody(CounterpartBreach):
    """The document of an act of custody does not have the form of that act."""

    code = "malformed-custody"
    default_hint = "ask the counterpart what it meant to say; the entry stands as sent"


class NotTheObject(CounterpartBreach):
    """A sealed file was sent under the name of another."""

    code = "not-the-object"
    default_hint = "ask for it again; if it repeats, ask the counterpart to add the exhibit anew"


# --- mirror and channel -----------------------------------------------------------------------------


class MalformedPassport(CounterpartBreach):
    """A passport is not in the form the specification gives, or names a key nobody should trust."""

    code = "malformed-passport"
    default_hint = "ask the party for the file again; if it repeats, compare software versions"


class BadPassportSignature(CounterpartBreach):
    """A passport is not signed by both of the identity keys it names."""

    code = "bad-passport-signature"
    default_hint = "do not confirm it; ask the party, over another path, for its passport"


class NotASuccessor(CounterpartBreach):
    """A passport does not continue the one that was confirmed, so it needs a ceremony of its own."""

    code = "not-a-successor"
    default_hint = "compare its fingerprint with the party's officers and confirm it anew"


class MalformedBundle(CounterpartBreach):
    """A delivery is not in the form the specification gives; nothing of it was kept."""

    code = "malformed-bundle"
    default_hint = "ask the counterpart to send it again; if it repeats, compare software versions"


class UnknownOrigin(CounterpartBreach):
    """No channel has been opened for this log."""

    code = "unknown-origin"
    default_hint = "a channel opens with a proposal from a counterpart whose fingerprint both sides compared"


class BadCheckpoint(CounterpartBreach):
    """A checkpoint is not signed by the keys of the log it speaks of."""

    code = "bad-checkpoint"
    default_hint = "if the counterpart has changed keys, import its new passport"


class EntriesDoNotMatch(CounterpartBreach):
    """The entries delivered do not lead to the root that was signed."""

    code = "entries-do-not-match"


class PayloadDoesNotMatch(CounterpartBreach):
    """A payload is missing, or is not the one its entry names."""

    code = "payload-does-not-match"


class ClaimsTheUnseen(CounterpartBreach):
    """An entry says it has seen, or answers, what its author cannot have held."""

    code = "claims-the-unseen"


class BadReceipt(CounterpartBreach):
    """A cosignature offered as a receipt does not cover our log."""

    code = "bad-receipt"


class MalformedCharter(CounterpartBreach):
    """A charter is not in the form the specification gives."""

    code = "malformed-charter"


class ExportDoesNotHold(CounterpartBreach):
    """An export is incomplete, or something in it does not hold; nothing in it should be relied on."""

    code = "export-does-not-hold"
    default_hint = "ask for the export again, from the other party too; if it repeats, keep this one"
