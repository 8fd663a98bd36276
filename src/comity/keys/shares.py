"""Shares of what opens the keyring: any few of the custodians open it together, fewer know nothing.

What is shared is the secret of an age identity drawn for this alone, and the keyring lies sealed to it. So
the node and its backups need to know nothing of shares, and the age tool opens what they opened.

Follows: SLIP-39 (one group); docs/spec/sealing.md, "Shares".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shamir_mnemonic  # type: ignore[import-untyped]  # it is typed and does not say so

from comity.errors import BadSecretKey, OurFault
from comity.keys.sealing import HybridIdentity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# One share that opens alone is no share; and SLIP-39 numbers sixteen.
LEAST_NEEDED: Final = 2
MOST_SHARES: Final = 16
MAX_TYPED: Final = 4_096

# The secret has 256 bits: stretching it would only cost time whoever opens it.
_NO_STRETCHING: Final = 0


class BadShare(OurFault):
    """What was given is not a share of a custodian, or the shares are not of one set."""

    code = "bad-share"
    default_hint = "type the words again as the sheet has them; sheets of one drawing bear one set number"


class SharesMissing(OurFault):
    """Fewer custodians gave their shares than must."""

    code = "shares-missing"
    default_hint = "ask further custodians: each gives a share of the same set"


@dataclass(frozen=True, slots=True)
class Share:
    """One share, as its words say.

    Attributes:
        words: Its words, separated by single spaces.
        set: Which secret it is of, as five digits: shares of two sets open nothing together.
        number: Which of the set it is, from 1.
        needed: How many open.
    """

    words: str
    set: str
    number: int
    needed: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A secret drawn now, to be used in place of a passphrase, and its shares."""

    secret: str
    shares: tuple[Share, ...]


def draw(needed: int, count: int) -> Drawn:
    """Draw a secret and share it out.

    Args:
        needed: How many shares open; at least two.
        count: How many there are; at most sixteen.

    Raises:
        BadShare: No secret can be shared so.
    """
    if not LEAST_NEEDED <= needed <= count <= MOST_SHARES:
        raise BadShare(
            f"no shares were made: {needed} of {count} is not possible",
            hint=f"at least {LEAST_NEEDED} must be needed, of at most {MOST_SHARES}",
        )
    secret = HybridIdentity.generate()
    (texts,) = shamir_mnemonic.generate_mnemonics(
        1, [(needed, count)], secret.secret, iteration_exponent=_NO_STRETCHING
    )
    return Drawn(str(secret), tuple(map(read, texts)))


def read(typed: str) -> Share:
    """Read a share from its sheet or file; lines that begin with ``#`` are for people.

    Raises:
        BadShare: It is none, or a word was mistyped.
    """
    if len(typed) > MAX_TYPED:
        raise BadShare(f"a share has at most {MAX_TYPED:,} characters with everything around it")
    lines = (line for line in typed.splitlines() if not line.lstrip().startswith("#"))
    words = " ".join(" ".join(lines).lower().split())
    try:
        found = shamir_mnemonic.Share.from_mnemonic(words)
    except (shamir_mnemonic.MnemonicError, ValueError):  # whose text repeats words of the share
        raise BadShare(
            "the share was not read: a word is missing, in no list, or another than on the sheet"
        ) from None
    if found.group_count != 1:
        raise BadShare("the share was not read: it is of a secret shared among several groups")
    return Share(words, f"{found.identifier:05}", found.index + 1, found.member_threshold)


def join(shares: Iterable[Share]) -> str:
    """The secret that enough shares of one set are of; each one given is checked against the others.

    Raises:
        SharesMissing: They are too few.
        BadShare: They are not of one set, one of them was altered, or they are of something else.
    """
    given = tuple({share.words: share for share in shares}.values())
    if len({(share.set, share.needed) for share in given}) > 1:
        sets = ", ".join(sorted({share.set for share in given}))
        raise BadShare(f"nothing was opened: the shares are of different sets ({sets})")
    if len({share.number for share in given}) < len(given):
        raise BadShare("nothing was opened: two different shares bear one number")
    needed = given[0].needed if given else LEAST_NEEDED
    if len(given) < needed:
        raise SharesMissing(f"nothing was opened: {needed} shares are needed, and {len(given)} are here")
    first, *others = given[: needed - 1], *given[needed - 1 :]
    found = {_secret([*first, other]) for other in others}
    if len(found) != 1:
        raise BadShare("nothing was opened: one of the shares does not belong to the others")
    try:
        return str(HybridIdentity(found.pop()))
    except BadSecretKey:
        raise BadShare("nothing was opened: the shares are of something else than a keyring") from None


def _secret(shares: Sequence[Share]) -> bytes:
    try:
        return bytes(shamir_mnemonic.combine_mnemonics([share.words for share in shares]))
    except (shamir_mnemonic.MnemonicError, ValueError):
        raise BadShare("nothing was opened: one of the shares does not belong to the others") from None
