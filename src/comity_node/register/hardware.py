"""Keys in a PKCS#11 token: the token draws them and signs with them, and gives none of them out.

Ed25519 alone. ML-DSA came into PKCS#11 with version 3.2 and is in few tokens, X-Wing in none: those keys stay
in the keyring. Whatever must bear both signatures needs the token all the same.

Follows: PKCS#11 3.0 (CKM_EDDSA); RFC 7512 (addresses of keys); docs/adr/0028-custody-of-keys.md.
"""

from __future__ import annotations

import os
import secrets
import threading
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pkcs11
from django.conf import settings
from pkcs11.util.ec import encode_named_curve_parameters

from comity.errors import OurFault
from comity.keys.signing import ED25519_PUBLIC_SIZE, KeyInToken, TokenSilent
from comity_node.home import secret_text

if TYPE_CHECKING:
    from pkcs11.types import Session, Token

    from comity_node.home import TokenAt

PIN: Final = "COMITY_TOKEN_PIN"

_ED25519: Final = "1.3.101.112"  # RFC 8410
_ID_SIZE: Final = 16
# Of one process one session: PKCS#11 logs in a process, not a session, and tokens have few of them.
_lock: Final = threading.Lock()
_open: dict[str, Session] = {}
# A token locks itself after a few wrong PINs: one that was refused is not tried again.
_refused: set[tuple[str, str]] = set()


class NoToken(OurFault):
    """No token is set up for this node, or it did not draw a key."""

    code = "no-token"
    default_hint = "give [token] module and label in node.toml, and the PIN by COMITY_TOKEN_PIN or pin_file"


def draw(party: str, use: str) -> KeyInToken:
    """Have the token draw an Ed25519 key, to stay in it for good.

    Args:
        party: Whose key it is; with ``use`` it is the label people see in the token.
        use: What for.

    Raises:
        NoToken: There is none, or it refuses.
    """
    at = _token()
    number = secrets.token_bytes(_ID_SIZE)
    try:
        with _lock:
            public = _drawn(_session(at), f"{party}.comity/{use}", number)
    except (pkcs11.PKCS11Error, OSError) as error:
        _forget()
        raise NoToken(f"no key was drawn: the token {at.label} refused: {_said(error)}") from error
    named = f"pkcs11:token={quote(at.label, safe='')};id={_written(number)};type=private"
    return KeyInToken(named, public, sign)


def sign(address: str, message: bytes) -> bytes:
    """Have the token sign with the key at an address; used by keys in a keyring that are in a token.

    Raises:
        TokenSilent: It is not there, does not have the key, or refuses.
    """
    try:
        at = _token()
        try:
            return _signed(at, address, message)
        except (pkcs11.PKCS11Error, OSError):
            _forget()  # a token that was taken out and put in again wants a new session
            return _signed(at, address, message)
    except NoToken as fault:
        raise TokenSilent(f"nothing was signed: {fault}", hint=fault.hint) from fault
    except (pkcs11.PKCS11Error, OSError) as error:
        _forget()
        raise TokenSilent(f"nothing was signed: the token {at.label}: {_said(error)}") from error


def _signed(at: TokenAt, address: str, message: bytes) -> bytes:
    number = bytes.fromhex(address.partition(";id=")[2].partition(";")[0].replace("%", ""))
    with _lock:
        key: Any = _session(at).get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, id=number)
        return bytes(key.sign(message, mechanism=pkcs11.Mechanism.EDDSA))


def answers() -> str:
    """What the token calls itself, once it has let us in.

    Raises:
        NoToken: There is none, or it does not let us in.
    """
    at = _token()
    try:
        with _lock:
            token = _session(at).token
            return f"{token.label} ({token.manufacturer_id} {token.model})"
    except (pkcs11.PKCS11Error, OSError) as error:
        _forget()
        raise NoToken(f"the token {at.label} does not answer: {_said(error)}") from error


def _drawn(session: Session, label: str, number: bytes) -> bytes:
    """A new pair; gives back its public half."""
    curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(_ED25519)}
    parameters = session.create_domain_parameters(pkcs11.KeyType.EC_EDWARDS, curve, local=True)
    kept = {pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False}
    public, private = parameters.generate_keypair(
        mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
        store=True,
        label=label,
        id=number,
        private_template=kept,
    )
    if private[pkcs11.Attribute.EXTRACTABLE] or not private[pkcs11.Attribute.SENSITIVE]:
        private.destroy()
        public.destroy()
        raise NoToken("no key was drawn: this token would give the secret half out")
    # The point stands in an OCTET STRING (PKCS#11 3.0), and with some tokens bare.
    return bytes(public[pkcs11.Attribute.EC_POINT])[-ED25519_PUBLIC_SIZE:]


def _token() -> TokenAt:
    at: TokenAt | None = settings.NODE.token
    if at is None:
        raise NoToken("this node has no token: node.toml names none")
    return at


def _session(at: TokenAt) -> Session:
    """The session of this process, opened when it is first needed. The lock is held."""
    mark = f"{os.getpid()} {at}"
    if mark not in _open:
        library = pkcs11.lib(at.module)
        # Whatever was open is of a process this one was copied from, or of a token that was taken out.
        _open.clear()
        library.reinitialize()
        _open[mark] = _let_in(library.get_token(token_label=at.label), at)
    return _open[mark]


def _let_in(token: Token, at: TokenAt) -> Session:
    pin = _pin(at)
    if (at.label, pin) in _refused:
        raise NoToken(f"the token {at.label} was not opened: it has refused this PIN before")
    try:
        return token.open(rw=True, user_pin=pin)
    except (pkcs11.PinIncorrect, pkcs11.PinLenRange, pkcs11.PinInvalid) as error:
        _refused.add((at.label, pin))
        raise NoToken(f"the token {at.label} was not opened: it refuses this PIN") from error


def _pin(at: TokenAt) -> str:
    if given := os.environ.get(PIN):
        return given
    if not at.pin_file:
        raise NoToken(f"the token {at.label} was not opened: no PIN was given")
    return secret_text(at.pin_file)


def _forget() -> None:
    """Leave a session that failed behind; the next use opens another."""
    with _lock:
        for session in _open.values():
            try:
                session.close()
            except pkcs11.PKCS11Error:
                continue
        _open.clear()


def _written(number: bytes) -> str:
    return "".join(f"%{byte:02X}" for byte in number)


def _said(error: Exception) -> str:
    """PKCS#11 errors are named by their class, and say little else."""
    return f"{type(error).__name__} {error}".strip()
