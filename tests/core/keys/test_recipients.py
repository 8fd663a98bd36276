"""Recipients and identities: how they are written, and which public keys are refused."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from comity.errors import BadPublicKey, BadSecretKey
from comity.keys.sealing import (
    HybridIdentity,
    HybridRecipient,
    X25519Identity,
    X25519Recipient,
    bech32,
    check_hybrid_public,
    check_x25519_public,
    parse_identity,
    parse_recipient,
)
from comity.keys.sealing.points import is_small_order
from tests.core.keys.vectors import x25519

P = 2**255 - 19
SMALL_ORDER = [
    0,
    1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
    P - 1,
    P,
    P + 1,
]
KINDS = pytest.mark.parametrize("kind", [X25519Identity, HybridIdentity])

# The examples of the specification itself.
CLASSIC = (
    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
)
HYBRID = (
    "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR",
    "age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5zrqtzdxz95paef6caq5aapdmwjjqpjfdyxnzr2zampc",
)


@pytest.mark.parametrize(("identity", "recipient"), [CLASSIC, HYBRID], ids=["classic", "hybrid"])
def test_the_examples_of_the_specification_hold(identity: str, recipient: str) -> None:
    """A recipient derived differently from everybody else's would be sealed to by nobody."""
    parsed = parse_identity(identity)

    assert identity == str(parsed)
    assert str(parsed.recipient()).startswith(recipient)


@KINDS
def test_what_is_written_is_read_back(kind) -> None:
    """Passports and backups are text; both directions must give the same key."""
    identity = kind.generate()

    assert identity == parse_identity(str(identity))
    assert hash(identity) == hash(parse_identity(str(identity)))
    assert identity.recipient() == parse_recipient(str(identity.recipient()))


@KINDS
def test_a_secret_is_never_shown(kind) -> None:
    """Only ``str`` writes a secret out, for those who mean to; nothing else prints it."""
    identity = kind.generate()

    assert str(identity) not in repr(identity)
    assert repr(identity.secret) not in repr(identity)
    with pytest.raises(BadSecretKey) as refusal:
        parse_identity(str(identity)[:-1])
    assert str(identity)[16:-1] not in str(refusal.value)


@KINDS
def test_every_slip_of_the_pen_is_noticed(kind) -> None:
    """Sealing to a mistyped recipient would lose the content for good."""
    recipient = str(kind.generate().recipient())

    for place in range(0, len(recipient), 7):
        other = "q" if recipient[place] != "q" else "p"
        with pytest.raises(BadPublicKey):
            parse_recipient(recipient[:place] + other + recipient[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "age1",
        "age1qqqqqq",
        CLASSIC[1].upper(),
        CLASSIC[1] + " ",
        CLASSIC[1] + "\n",
        "äge1" + CLASSIC[1][4:],
        bech32.encode("age", bytes(31)),
        bech32.encode("age", bytes(33)),
        bech32.encode("other", bytes(32)),
        bech32.encode("age1pq", bytes(1215)),
        "age1" + "q" * 5000,
        CLASSIC[0],
    ],
)
def test_what_is_not_a_recipient_is_refused(text: str) -> None:
    """A passport with a recipient nobody can read is refused before anything is sealed to it."""
    with pytest.raises(BadPublicKey):
        parse_recipient(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        CLASSIC[0].lower(),
        CLASSIC[0][:-1] + "x",
        CLASSIC[1],
        "Ä" + CLASSIC[0],
        bech32.encode("age-secret-key-", bytes(31)).upper(),
        bech32.encode("age-secret-key-pq-", bytes(33)).upper(),
    ],
)
def test_what_is_not_an_identity_is_refused(text: str) -> None:
    """An identity restored wrongly must be noticed at once, not at the first file that stays shut."""
    with pytest.raises(BadSecretKey):
        parse_identity(text)


def test_bech32_leaves_no_spare_bits() -> None:
    """Five-bit groups rarely fill whole bytes; the bits left over have one spelling."""
    assert ("age", b"") == bech32.decode(bech32.encode("age", b""))
    assert ("age", b"\xff") == bech32.decode(bech32.encode("age", b"\xff"))
    assert bech32.decode("age1" + "l" * 10) is None


@pytest.mark.parametrize("u", SMALL_ORDER)
def test_points_of_small_order_are_refused(u: int) -> None:
    """What is sealed to such a point, anybody opens: the shared secret is all zeros."""
    point = u.to_bytes(32, "little")

    assert is_small_order(point)
    assert is_small_order(bytes([*point[:31], point[31] | 0x80]))
    with pytest.raises(BadPublicKey):
        check_x25519_public(point)
    with pytest.raises(BadPublicKey):
        X25519Recipient(point)
    with pytest.raises(ValueError):
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(point))


def test_a_misspelled_x25519_key_is_refused() -> None:
    """One key has one spelling, or the same recipient could appear twice under two fingerprints."""
    public = X25519Identity.generate().recipient().public

    check_x25519_public(public)
    assert not is_small_order(public)
    for misspelled in (bytes([*public[:31], public[31] | 0x80]), (P + 9).to_bytes(32, "little"), public[:31]):
        with pytest.raises(BadPublicKey):
            check_x25519_public(misspelled)


@pytest.mark.parametrize("coefficient", [0, 1, 255, 256, 511, 767])
@pytest.mark.parametrize("value", [3329, 3330, 4095])
def test_a_hybrid_key_that_fails_the_modulus_check_is_refused(coefficient: int, value: int) -> None:
    """A key outside its field is either damaged or chosen to make our sealing say more than it should."""
    public = HybridIdentity.generate().recipient().public
    packed = int.from_bytes(public[:1152], "little") & ~(0xFFF << 12 * coefficient)
    bad = (packed | value << 12 * coefficient).to_bytes(1152, "little") + public[1152:]

    with pytest.raises(BadPublicKey, match="modulus"):
        check_hybrid_public(bad)


def test_a_hybrid_key_is_no_better_than_its_classic_half() -> None:
    """The halves are checked one by one, since each must hold alone."""
    public = HybridIdentity.generate().recipient().public

    for bad in (public[:-1], public[:-32] + bytes(32)):
        with pytest.raises(BadPublicKey):
            HybridRecipient(bad)
    assert "age1pq" not in repr(HybridRecipient(public))


def test_every_published_small_order_or_misspelled_exchange_key_is_refused() -> None:
    """Sealed to such a point, content is open to everybody; spelled twice, one key passes for two."""
    spoilt = {"LowOrderPublic", "NonCanonicalPublic", "ZeroSharedSecret"}
    refused = {case["public"] for case in x25519() if spoilt & set(case["flags"])}

    assert 27 == len(refused)
    for public in map(bytes.fromhex, refused):
        with pytest.raises(BadPublicKey):
            X25519Recipient(public)
        with pytest.raises(BadPublicKey):
            HybridRecipient(HybridIdentity.generate().recipient().public[:-32] + public)


def test_every_other_published_exchange_key_may_be_registered() -> None:
    """The check must not turn away keys that only look unusual."""
    spoilt = {"LowOrderPublic", "NonCanonicalPublic", "ZeroSharedSecret"}
    others = [case for case in x25519() if not spoilt & set(case["flags"])]

    assert others
    for case in others:
        X25519Recipient(bytes.fromhex(case["public"]))
