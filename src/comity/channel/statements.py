"""What a verification says: each statement as a code with its values, and its words in English.

Programs act on codes, which are permanent. People read words: these here, or a translation of them. Numbers
stand after a colon, so that no language has to bend a word to them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Value = str | int | datetime | tuple[str, ...] | None

# What a verification can prove, and what it leaves unproven.
ENGLISH: Final[Mapping[str, str]] = {
    # the record as a whole
    "log-is-whole": (
        "%(party)s signed for exactly the entries of its log that are here, in this order: none was removed,"
        " changed or put in. Entries: %(size)s"
    ),
    "received": (
        "%(giver)s signed that it holds the log of %(party)s from its first entry on."
        " Entries: %(size)s. Receipts: %(receipts)s, the last at %(at)s"
    ),
    "not-received": (
        "that anybody but %(party)s holds entries %(first)s to %(last)s of its log: no receipt covers them"
    ),
    "witnessed": "%(witness)s, a neutral witness, saw the log of %(party)s at %(at)s. Entries: %(size)s",
    "entries-are-formed": (
        "every entry is well formed, and none claims to have seen what its author cannot have seen"
    ),
    "standings": "where the procedures stand, as listed, by the texts here: %(texts)s",
    "standings-unread": "where the procedures stand: this verifier does not fold them; comity verify does",
    "figures-counted": "the figures of reciprocity as of %(as_of)s, counted from these entries alone",
    "figures-agree": "the figures given, as of %(as_of)s, are those of this record, each number of them",
    "text-is-stated": "the text of %(text)s is, to the letter, one that the entries name",
    "text-not-chosen": (
        "where anything stands under the text of %(text)s: the channel does not rest on it, or this verifier"
        " does not know it"
    ),
    "text-absent": "where procedures stand under the text of digest %(digest)s: the text is not here",
    "payloads-match": "the payloads here are the ones their entries name: %(count)s",
    "payloads-absent": "what the payloads say that are not here and were not examined: %(count)s",
    "misconduct": "misconduct: %(party)s signed two histories of one log",
    "passport-agrees": (
        "the passport of %(party)s, version %(version)s, names the keys of its log that the policy gives"
    ),
    "passport-differs": (
        "that the keys of the log of %(party)s are its own: its passport, version %(version)s, names others"
    ),
    "keys-announced": (
        "%(party)s announced new keys in entry %(entry)s of its log, under its old ones, to sign from"
        " %(begins)s; both have signed the passport that names them"
    ),
    "keys-retired": (
        "%(party)s retired its old keys in entry %(entry)s, under the new ones (%(reason)s): nothing later"
        " rests on them"
    ),
    "keys-in-other-hands": "the old keys of %(party)s were, by its own word, in other hands since %(since)s",
    "keys-not-retired": (
        "that the keys which signed had not been retired before: the export of the channel says until when"
    ),
    "dated-ahead": (
        "when these entries of %(party)s were made: they are dated more than a day after another party signed"
        " that it held them. Entries: %(count)s"
    ),
    "lodged-by": (
        "entries %(first)s to %(last)s of the log of %(party)s were lodged by %(at)s: %(witness)s, a neutral"
        " witness, saw them in it, though no other party signed that it holds them"
    ),
    "stamped": (
        "the files of the export were as they are here at %(at)s: time stamp %(number)s, by an authority you"
        " trust. Files: %(files)s"
    ),
    "stamp-unknown": (
        "when time stamp %(number)s was made, and by whom: give the certificate of the authority"
    ),
    # one entry
    "entry-says": (
        "entry %(index)s of the log of %(party)s is %(kind)s of %(ref)s, by %(office)s (%(capacity)s);"
        " its author dates it %(at)s"
    ),
    "entry-seconded": "it was seconded by %(office)s (%(capacity)s)",
    "entry-in-log": (
        "%(party)s signed a log that has this entry in this place: it can neither be removed nor changed"
        " unnoticed. Entries: %(size)s"
    ),
    "entry-received": "%(giver)s signed at %(at)s that it holds the log of %(party)s, this entry included",
    "payload-unread": "what the sealed content of the entry says: it is not here",
    # one delivery
    "delivery-is-formed": "the delivery of %(sender)s to %(receiver)s is in its one form",
    "checkpoint-signed": "%(party)s signed the checkpoint",
    "delivery-is-whole": "the entries are exactly those the checkpoint speaks of: %(count)s",
    "delivery-begins-later": (
        "that the entries are the signed ones: those before them are not here. Their number: %(start)s"
    ),
    "signer-unknown": "who signed: no policy was given, so no key is known",
    "payloads-sealed": "what the payloads say: they are sealed",
    # a receipt alone
    "receipt-given": (
        "%(giver)s signed at %(at)s that it holds the log of %(party)s from its first entry on."
        " Entries: %(size)s"
    ),
    "receipt-of-entries": "which entries those are: they are not here; their tree has the hash %(root)s",
    # a proof of misconduct alone
    "fork-of-one-size": (
        "of its log of one and the same size it signed two different trees, with the hashes %(first)s and"
        " %(second)s: no log has both. Entries: %(size)s"
    ),
    "fork-of-two-sizes": (
        "the longer log it signed does not begin with the shorter one. Entries of the shorter: %(earlier)s,"
        " signed with the hash %(first)s; as many of the longer have the hash %(second)s. Entries of the"
        " longer: %(later)s"
    ),
    "fork-shown": (
        "%(giver)s signed at %(at)s that it holds the history with the hash %(root)s: this one it was shown."
        " Entries: %(size)s"
    ),
    "fork-which": "which of the two histories is the true one, and what the entries of either say",
    "fork-why": (
        "why: who writes on from an old copy of a disk signs two histories as surely as who shows different"
        " parties different ones"
    ),
    # a statement of figures
    "log-was-counted": (
        "%(party)s signed a log that begins with exactly the entries that were counted of it."
        " Entries: %(size)s"
    ),
    "counted-not-received": "that anybody but %(party)s holds what was counted of its log",
    "figures-stated": (
        "%(party)s stated the figures %(digest)s as of %(as_of)s: entry %(entry)s, by %(office)s;"
        " its author dates it %(at)s"
    ),
    "figures-agreed": (
        "%(party)s counted the same entries and agreed to the figures %(digest)s as of %(as_of)s:"
        " entry %(entry)s, by %(office)s; its author dates it %(at)s"
    ),
    "figures-disputed": (
        "%(party)s counted otherwise and stated the figures %(digest)s as of %(as_of)s:"
        " entry %(entry)s, by %(office)s; its author dates it %(at)s"
    ),
    "figures-since": "the figures %(digest)s are of what was lodged from %(since)s on",
    "figures-come-out": "these entries, counted again, give exactly the figures %(digest)s as of %(as_of)s",
    "figures-of-other-entries": (
        "these entries, counted again, give the numbers of the figures %(digest)s as of %(as_of)s, and others"
        " make them"
    ),
    "figures-come-out-otherwise": (
        "these entries, counted again, do not give the figures %(digest)s as of %(as_of)s. %(where)s: counted"
        " %(counted)s, stated %(stated)s"
    ),
    "figures-unanswered": "that the other party counts the same: it has not answered in this file",
    "figures-in-dispute": "which of the two counts is right: that takes an export as well",
    "figures-uncounted": "the numbers: that takes the entries themselves, with an export (--export DIR)",
    "figures-may-have-changed": (
        "that the statement still stands: it may have been withdrawn or answered since"
    ),
    # an object revealed of a list that was committed to
    "object-was-listed": (
        "the object %(name)s (%(sector)s) was on the list that %(entry)s committed to before it was shown: it"
        " leads to the hash %(root)s over as many leaves as that entry states. Leaves: %(leaves)s"
    ),
    "object-leads-to-hash": (
        "the object %(name)s (%(sector)s), with the salt given here, leads to the hash %(root)s over as many"
        " leaves as are given here. Leaves: %(leaves)s"
    ),
    "commitment-by-nobody": (
        "that anybody stated that hash, and when: that takes the policy of the channel (--policy FILE)"
    ),
    "commitment-without-proof": (
        "that anybody stated that hash, and when: the file has no proof of the entry that did"
    ),
    "rest-of-list-unknown": "what else is on the list, and how many objects: leaves may be padding",
    "object-may-differ": "that what the list says of the object is true of it today",
    "whose-keys-in-file": "whose the keys are: that reaches as far as you trust the policy in this very file",
    # what no signature proves
    "whose-keys-given": "whose the keys are: that reaches as far as you trust the policy you gave",
    "whose-keys-inside": "whose the keys are: that reaches as far as you trust the policy in this export",
    "truth": "that what a request or an answer says is true",
    "person": "which person acted: entries name an office and a capacity",
    "clocks": "that a clock was right: each time is by the clock of whoever signed it",
    "what-followed": "that nothing followed: the logs may have grown since",
    "only-hashes": "what the entries say and where procedures stand: only hashes were read",
}
NO_TIME: Final = "no stated time"

# Why a verification ends without proof, by the code of the error; what exactly is wrong follows it.
REFUSALS: Final[Mapping[str, str]] = {
    "bad-checkpoint": "a checkpoint does not bear a signature that it must bear",
    "bad-receipt": "what is given as a receipt is none",
    "bad-signature": "a signature is false",
    "not-signed": "nobody whose key is known has signed",
    "no-quorum": "fewer have signed than the policy demands",
    "not-included": "the proof does not lead from the entry to what was signed",
    "entries-do-not-match": "the entries are not those that were signed",
    "payload-does-not-match": "a payload is not the one its entry names",
    "export-does-not-hold": "a part of the export is missing, or is not what it must be",
    "claims-the-unseen": "entries contradict one another about what their authors had seen",
    "figures-differ": "the figures given are not those of the record",
    "statement-does-not-hold": (
        "the statement of figures says what its signatures, its proofs or its entries do not bear out"
    ),
    "not-on-the-list": "the object is not shown to have been on the list that was committed to",
    "proves-nothing": "what is given as a proof of misconduct proves none",
    "malformed": "it is not in the form it must have",
}

# Numbers in groups of three, as each language writes them.
_GROUPED: Final = {"ru": "\N{NO-BREAK SPACE}"}
# A name inside text that runs from right to left keeps its own direction.
_RIGHT_TO_LEFT: Final = frozenset({"ar"})
_ISOLATED: Final = "\N{FIRST STRONG ISOLATE}%s\N{POP DIRECTIONAL ISOLATE}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is proven, or is not.

    Attributes:
        code: Permanent; a key of ``ENGLISH``.
        values: What the sentence is filled in with, by name.
    """

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def words(self, translate: Callable[[str], str] = str, language: str = "en") -> str:
        """The statement as a sentence.

        Args:
            translate: Gives the translation of an English text.
            language: The language it translates into, in which numbers are written.
        """
        filled = {name: _written(value, translate, language) for name, value in self.values.items()}
        return translate(ENGLISH[self.code]) % filled

    def document(self, translate: Callable[[str], str] = str, language: str = "en") -> dict[str, Any]:
        """The statement as data, for programs and people alike."""
        values = {
            name: f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value
            for name, value in self.values.items()
        }
        return {"code": self.code, "values": values, "words": self.words(translate, language)}


def said(code: str, **values: Value) -> Statement:
    """A statement, from its code and its values."""
    return Statement(code, values)


def refusal(code: str) -> str:
    """In one English sentence, why a verification ended with this error."""
    return REFUSALS.get(code, REFUSALS["malformed"])


def _written(value: Value, translate: Callable[[str], str], language: str) -> str:
    if value is None:
        return translate(NO_TIME)
    if isinstance(value, int):
        return f"{value:,}".replace(",", _GROUPED.get(language, ","))
    if isinstance(value, datetime):
        text = f"{value:%Y-%m-%d %H:%M:%S} UTC"
    else:
        text = value if isinstance(value, str) else ", ".join(value)
    return _ISOLATED % text if language in _RIGHT_TO_LEFT else text
