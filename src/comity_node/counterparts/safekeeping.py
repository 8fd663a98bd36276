"""How this node's keys lie on its disk: bare, under a passphrase, or under shares that custodians hold.

Beside the keyring stands ``keys/custodians`` where shares open it, and ``keys/copied`` where a copy was put
away. Both are for people and for the doctor; nothing is opened by what they say.

Follows: docs/spec/sealing.md, "Shares"; docs/adr/0028-custody-of-keys.md.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comity.channel.passport import public_keys
from comity.errors import ComityError, OurFault
from comity.forms import learnt
from comity.keys import at_rest
from comity.keys.certificate import LetterKey
from comity.keys.keyring import Keyring
from comity.keys.shares import Drawn, join
from comity_node.officials.models import Journal
from comity_node.register import letter_key
from comity_node.register.keyring import keyring, passphrase, replace_files, today

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from comity.keys.shares import Share
    from comity_node.officials.models import Official

_Form = TypeVar("_Form", bound=msgspec.Struct)
_MOST: Final = 64 * 1024
_COPIED: Final = ("keyring", "letters", "custodians")


class NotOurKeys(OurFault):
    """A copy of a keyring is not of this node."""

    code = "not-our-keys"
    default_hint = "take the copy that was made of this node"


class BadCopy(OurFault):
    """A folder does not hold a copy of a keyring, or cannot take one."""

    code = "bad-copy"
    default_hint = "name the folder that `comity keys copy` made"


class SharesDiffer(OurFault):
    """The shares open something else than what they were tried on."""

    code = "shares-differ"
    default_hint = "compare the set number on the sheets with the one `comity keys show` says"


@learnt
class Custodians(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which shares open a file: their set, how many of how many, and the day they were drawn."""

    set: str
    needed: int
    count: int
    drawn: str

    @classmethod
    def of(cls, drawn: Drawn) -> Custodians:
        """Describe shares that were drawn today."""
        first = drawn.shares[0]
        return cls(first.set, first.needed, len(drawn.shares), today())

    def __str__(self) -> str:
        return f"{self.needed} of {self.count} shares of set {self.set}, drawn {self.drawn}"


@learnt
class Copied(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The newest copy that was put away: of which keys, which shares open it, and when."""

    keys: str
    opened_by: Custodians
    at: str


def lies(folder: Path | None = None) -> str:
    """How a keyring lies, in words: this node's, or that of a copy."""
    where = settings.NODE.keyring.parent if folder is None else folder
    try:
        with (where / "keyring").open("rb") as file:
            locked = at_rest.is_locked(file.read(64))
    except OSError as error:
        raise BadCopy(f"there is no keyring in {where}: {error.strerror}") from error
    found = custodians(where)
    if not locked:
        return "under no passphrase"
    return f"under {found}" if found else "under a passphrase"


def custodians(folder: Path | None = None) -> Custodians | None:
    """Which shares open the keyring of this node, or that of a copy; None where no shares do."""
    return _read((folder or settings.NODE.keyring.parent) / "custodians", Custodians)


def copied() -> Copied | None:
    """The newest copy that was put away."""
    return _read(settings.NODE.keyring.with_name("copied"), Copied)


def keys_of(ring: Keyring) -> str:
    """A digest of the public halves of a keyring: another as soon as one key is."""
    named = public_keys(ring, witness=True)
    return sha256(msgspec.json.encode([named, str(ring.recipient)])).hexdigest()


def protect(under: Drawn | str | None, *, by: Official | None = None) -> str:
    """Put keyring and key for letters under shares, under another passphrase, or under none.

    What opens them must be in the custodians' hands before this is called.

    Returns:
        How they lie now, in words.

    Raises:
        ComityError: What lies there now was not opened.
    """
    path = settings.NODE.keyring
    opens = under.secret if isinstance(under, Drawn) else under
    contents = _sealed(keyring(), opens)
    named = path.with_name("custodians")
    with transaction.atomic():
        Journal.objects.create(official=by, did="keys.protected", about=_word(under))
        if isinstance(under, Drawn):
            contents["custodians"] = msgspec.json.encode(Custodians.of(under))
        else:
            named.unlink(missing_ok=True)
        # The keyring last: until it lies anew, what opened it before opens it still.
        replace_files(_in_place_of(path, contents))
    return lies()


def copy(folder: Path, drawn: Drawn, *, by: Official | None = None) -> Custodians:
    """Put a copy of keyring and key for letters away, under shares of its own.

    Raises:
        BadCopy: The folder is there already.
        ComityError: What lies here was not opened.
    """
    ring, said = keyring(), Custodians.of(drawn)
    contents = {**_sealed(ring, drawn.secret), "custodians": msgspec.json.encode(said)}
    try:
        folder.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise BadCopy(f"nothing was copied: {folder}: {error.strerror}", hint="name a new folder") from error
    replace_files({folder / name: content for name, content in contents.items()})
    with transaction.atomic():
        Journal.objects.create(official=by, did="keys.copied", about=f"{folder.name}: {said}")
        noted = Copied(keys_of(ring), said, f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}")
        replace_files({settings.NODE.keyring.with_name("copied"): msgspec.json.encode(noted)})
    return said


def tried(given: Sequence[Share], folder: Path | None = None) -> Keyring:
    """Open a keyring with shares and with nothing else, change nothing, and give it back.

    Raises:
        ComityError: The shares are too few, or not of one set.
        SharesDiffer: They open something else.
        BadCopy: There is no keyring.
    """
    where = settings.NODE.keyring.parent if folder is None else folder
    opens = join(given)
    try:
        data = (where / "keyring").read_bytes()
    except OSError as error:
        raise BadCopy(f"there is no keyring in {where}: {error.strerror}") from error
    if not at_rest.is_locked(data):
        raise SharesDiffer("nothing was tried: the keyring is under no passphrase, and needs no shares")
    try:
        return Keyring.from_bytes(data, opens)
    except ComityError as fault:
        raise SharesDiffer(f"the shares of set {given[0].set} belong together, and do not open it") from fault


def bring_back(folder: Path, given: Sequence[Share], *, by: Official | None = None) -> str:
    """Put a copy in the place of this node's keyring; its shares open it from then on.

    Returns:
        How it lies now, in words.

    Raises:
        NotOurKeys: It is of another party.
        ComityError: The shares do not open it.
    """
    ring = tried(given, folder)
    if ring.party != settings.NODE.party:
        raise NotOurKeys(f"nothing was changed: the copy holds keys of {ring.party}")
    contents = {name: (folder / name).read_bytes() for name in _COPIED if (folder / name).is_file()}
    if "letters" in contents:
        LetterKey.from_bytes(contents["letters"], join(given))
    path = settings.NODE.keyring
    with transaction.atomic():
        Journal.objects.create(official=by, did="keys.brought_back", about=lies(folder))
        replace_files(_in_place_of(path, contents))
    return lies()


def _in_place_of(path: Path, contents: dict[str, bytes]) -> dict[Path, bytes]:
    """The files of a folder of keys, the keyring last."""
    return {
        path.with_name(name): contents[name] for name in sorted(contents, key=lambda one: one == "keyring")
    }


def _sealed(ring: Keyring, opens: str | None) -> dict[str, bytes]:
    held = {"keyring": ring.to_bytes(opens)}
    if letter_key.where().exists():
        held["letters"] = _letters(opens).to_bytes(opens)
    return held


def _letters(opens: str | None) -> LetterKey:
    """The key for letters, also where a change that was broken off has put it under the new passphrase."""
    try:
        return letter_key.letter_key()
    except ComityError:
        return LetterKey.from_bytes(letter_key.where().read_bytes(), opens or passphrase())


def _word(under: Drawn | str | None) -> str:
    if isinstance(under, Drawn):
        return str(Custodians.of(under))
    return "a passphrase" if under else "nothing"


def _read(path: Path, form: type[_Form]) -> _Form | None:
    try:
        return msgspec.json.decode(path.read_bytes()[:_MOST], type=form)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
