"""A passport is read strictly, signed twice, and followed only by its own successor."""

from __future__ import annotations

import contextlib
import itertools
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.channel.description import Authority, Contact, Description, Keys
from comity.channel.passport import Passport, identity_signers, issue, public_keys, verify_successor
from comity.errors import BadPassportSignature, ComityError, MalformedPassport, NotASuccessor
from comity.keys.keyring import Keyring
from comity.keys.sealing import HybridIdentity
from comity.keys.signing import Ed25519Key, MLDSA44Key
from comity.tlog.note import sign_note
from comity.tlog.signer import Cosigner, NoteSigner

RECIPIENT = str(HybridIdentity.generate().recipient())


def seed(number):
    """A 32-byte seed told from others by one number."""
    return bytes([number]) * 32


def pair(party, number=1):
    """The identity pair of a party."""
    name = f"{party}.comity"
    return NoteSigner(name, Ed25519Key.from_seed(seed(number))), NoteSigner(
        name, MLDSA44Key.from_seed(seed(number))
    )


def keys(party="aa", identity=1):
    """Every key of a party, each of its own seed."""
    ed, ml = Ed25519Key.from_seed, MLDSA44Key.from_seed
    log, mirror, wire, witness = (f"{party}.comity/{use}" for use in ("log", "mirror", "wire", "witness"))
    return Keys(
        identity=[str(signer.vkey) for signer in pair(party, identity)],
        log=[str(NoteSigner(log, ed(seed(11))).vkey), str(Cosigner(log, ml(seed(11)), 1).vkey)],
        mirror=[str(Cosigner(mirror, ed(seed(12)), 1).vkey), str(Cosigner(mirror, ml(seed(12)), 1).vkey)],
        wire=[str(NoteSigner(wire, ed(seed(13))).vkey)],
        witness=[str(Cosigner(witness, ed(seed(14)), 1).vkey), str(Cosigner(witness, ml(seed(14)), 1).vkey)],
    )


def about(**change):
    """What the fictional State of Arland says of itself."""
    said = {
        "party": "aa",
        "version": 1,
        "issued": "2026-01-31",
        "names": {"en": "Arland", "ru": "Арландия", "ar": "أرلاند", "vi": "Cộng hòa Arland"},
        "languages": ["en", "ru"],
        "address": "https://comity.aa.example",
        "keys": keys(),
        "sealing": [RECIPIENT],
        "authorities": [
            Authority(
                code="ministry", names={"en": "Ministry of Justice"}, role="central", powers=["request"]
            )
        ],
        "contacts": [
            Contact(
                authority="ministry",
                role="duty",
                languages=["en"],
                hours="00:00-24:00",
                time_zone="Europe/Vienna",
                telephone="+999 123 456",
                other="",
            )
        ],
    }
    return Description(**{**said, **change})


def rewritten(change):
    """A genuine passport whose text was changed by hand and signed again by its own keys."""
    document = json.loads(about().encode())
    change(document)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    formatted = msgspec.json.format(text.encode(), indent=1).decode()
    return sign_note(f"comity/passport/v1\n{formatted}\n", *pair("aa")).encode()


def test_issued_passport_says_what_was_described():
    """What officers read and what the keys signed must be one text."""
    passport = issue(about(), *pair("aa"))

    again = Passport.parse(passport.note)
    assert again == passport
    assert again.about == about()
    assert [str(key) for key in again.keys["mirror"]] == keys().mirror
    assert b'\n "party": "aa",\n' in passport.note


def test_log_keys_take_the_name_of_the_channel_log():
    """A checkpoint is signed under its origin, by the key the passport names."""
    passport = issue(about(), *pair("aa"))

    renamed = passport.log_keys("aa.comity/abcdefghijklmnop")

    assert {key.name for key in renamed} == {"aa.comity/abcdefghijklmnop"}
    assert [key.public for key in renamed] == [key.public for key in passport.keys["log"]]


def test_fingerprint_outlasts_versions_and_addresses():
    """Officers compared keys, not an address: a move must not ask them to meet again."""
    first = issue(about(), *pair("aa"))
    moved = issue(about(version=2, address="https://new.example"), *pair("aa"))
    other = issue(about(keys=keys(identity=2)), *pair("aa", 2))

    assert first.fingerprint == moved.fingerprint
    assert first.fingerprint != other.fingerprint


@pytest.mark.parametrize("signers", [pair("aa")[:1], pair("aa")[1:], pair("aa", 2), pair("bb")])
def test_both_identity_keys_must_sign(signers):
    """One algorithm broken must not be enough to forge a passport."""
    with pytest.raises(BadPassportSignature):
        issue(about(), *signers)


def test_one_changed_letter_is_seen():
    """A passport altered on its way must not be shown to an officer at all."""
    forged = issue(about(), *pair("aa")).note.replace(b"Ministry of Justice", b"Ministry of Injustice")

    with pytest.raises(BadPassportSignature):
        Passport.parse(forged)


def _set(*path):
    *where, last, value = path

    def change(document):
        for step in where:
            document = document[step]
        document[last] = value

    return change


def test_untouched_document_is_accepted():
    """The refusals below must be for the change made, and not for how it was made."""
    assert Passport.parse(rewritten(lambda _document: None)).about == about()


LATIN_A_IN_CYRILLIC = "A\u0440\u043b\u0430\u043d\u0434\u0438\u044f"


@pytest.mark.parametrize(
    "change",
    [
        _set("party", "AA"),
        _set("version", 0),
        _set("version", 2**31),
        _set("version", "1"),
        _set("issued", "2026-02-30"),
        _set("issued", "2026-2-3"),
        _set("issued", "2026-01-31T00:00:00Z"),
        _set("names", {}),
        _set("names", {"en": ""}),
        _set("names", {"english": "Arland", "e": "x"}),
        _set("names", {"en": "Ar\u202eland"}),
        _set("names", {"en": "Ar\u2066land"}),
        _set("names", {"en": "Ar\u200bland"}),
        _set("names", {"en": "Ar\nland"}),
        _set("names", {"en": " Arland"}),
        _set("names", {"en": "e\u0301tat"}),
        _set("names", {"ru": LATIN_A_IN_CYRILLIC}),
        _set("names", {"en": "A" * 201}),
        _set("languages", []),
        _set("languages", ["en", "en"]),
        _set("address", "ftp://aa.example"),
        _set("address", "https://aa.example/path"),
        _set("address", "https://user@aa.example"),
        _set("address", "https://\u0430\u0430.example"),
        _set("sealing", []),
        _set("sealing", ["age1qqqq"]),
        _set("sealing", [RECIPIENT, RECIPIENT]),
        _set("sealing", [RECIPIENT.upper()]),
        _set("authorities", []),
        _set("authorities", 0, "role", "supreme"),
        _set("authorities", 0, "code", "Ministry"),
        _set("authorities", 0, "powers", ["any thing"]),
        _set("contacts", 0, "authority", "nobody"),
        _set("contacts", 0, "telephone", "call me"),
        _set("contacts", 0, "time_zone", "../../etc/passwd"),
        _set("contacts", 0, "hours", ""),
        _set("contacts", 0, "other", "x\u202ey"),
        _set("unknown", 1),
        _set("keys", "log", keys().mirror),
        _set("keys", "log", keys("bb").log),
        _set("keys", "log", [keys().log[1], keys().log[0]]),
        _set("keys", "wire", []),
        _set("keys", "witness", keys().witness[:1]),
        _set("keys", "identity", keys().identity[:1]),
    ],
)
def test_every_field_has_one_form(change):
    """What an officer is shown must be what is meant; doubtful passports are refused whole."""
    with pytest.raises(MalformedPassport):
        Passport.parse(rewritten(change))


def test_one_key_for_two_uses_is_refused():
    """A signature given for one purpose must not pass for another."""
    twice = NoteSigner("aa.comity/wire", Ed25519Key.from_seed(seed(1))).vkey

    with pytest.raises(MalformedPassport, match="one key serves two uses"):
        Passport.parse(rewritten(_set("keys", "wire", [str(twice)])))


def test_key_of_small_order_is_refused():
    """Under such a key one signature fits many texts."""
    with pytest.raises(MalformedPassport):
        Passport.parse(
            rewritten(
                _set("keys", "wire", ["aa.comity/wire+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
            )
        )


def test_node_that_is_no_witness_has_no_witness_keys():
    """Serving as a witness is an offer, not a duty."""
    document = msgspec.structs.replace(about(), keys=msgspec.structs.replace(keys(), witness=[]))

    assert issue(document, *pair("aa")).keys["witness"] == ()


@pytest.mark.parametrize(
    "text",
    [
        about().encode().replace("\n", ""),
        about().encode() + " ",
        about().encode().replace(' "version"', ' "party": "aa",\n "version"'),
        about().encode().replace("Arland", "\\u0041rland", 1),
        about().encode().replace('"en"', '"zz"', 1),
        "[" * 5000,
        "",
    ],
)
def test_description_has_one_spelling(text):
    """Two spellings of one text would have two digests, and one of them nobody compared."""
    with pytest.raises(MalformedPassport):
        Passport.parse(sign_note(f"comity/passport/v1\n{text}\n", *pair("aa")).encode())


def test_oversized_file_is_refused_unread():
    """A limit that is checked after the work is no limit."""
    with pytest.raises(MalformedPassport, match="at most 131072 bytes"):
        Passport.parse(b"x" * 200_000)


def test_next_version_by_the_same_keys_follows():
    """A new address needs no new ceremony."""
    verify_successor(issue(about(), *pair("aa")), issue(about(version=2), *pair("aa")))


def test_new_identity_follows_when_the_old_one_vouches_for_it():
    """Keys are renewed by the keys that officers once compared."""
    old = issue(about(), *pair("aa"))
    new = issue(about(version=2, keys=keys(identity=2)), *pair("aa", 2), *pair("aa"))

    verify_successor(old, new)


def test_keyring_issues_its_own_passport_and_follows_itself_after_rotation():
    """A party that renews its identity keys must not have to meet every counterpart again."""
    ring = Keyring.generate("aa")
    renewed = ring.rotate("identity").rotate("log")

    old = issue(about(keys=public_keys(ring, witness=True)), *identity_signers(ring))
    new = issue(about(version=2, keys=public_keys(renewed, witness=False)), *identity_signers(renewed))

    verify_successor(old, new)
    assert old.fingerprint != new.fingerprint


@pytest.mark.parametrize(
    ("change", "signers", "said"),
    [
        ({"version": 3}, pair("aa"), "does not follow version 1"),
        ({"version": 1}, pair("aa"), "does not follow version 1"),
        ({"version": 2, "issued": "2026-01-30"}, pair("aa"), "dated before"),
        ({"version": 2, "keys": keys(identity=2)}, pair("aa", 2), "not signed by both identity keys"),
        (
            {"version": 2, "keys": keys(identity=2)},
            (*pair("aa", 2), pair("aa")[0]),
            "not signed by both identity keys",
        ),
        ({"version": 2, "party": "bb", "keys": keys("bb", 2)}, pair("bb", 2), "does not follow one of aa"),
    ],
)
def test_anything_else_needs_a_ceremony(change, signers, said):
    """Whoever found or stole one key must not be able to replace the other."""
    with pytest.raises(NotASuccessor, match=said):
        verify_successor(issue(about(), *pair("aa")), issue(about(**change), *signers))


@given(st.binary(max_size=400))
def test_only_our_errors_escape_from_any_bytes(data):
    """A hostile file gives a refusal, never a stack trace."""
    with contextlib.suppress(ComityError):
        Passport.parse(data)


GENUINE = issue(about(), *pair("aa")).note


@given(st.integers(0, len(GENUINE) - 1), st.binary(max_size=6), st.integers(0, 40))
def test_only_our_errors_escape_from_a_damaged_passport(place, patch, cut):
    """Nor does one that was genuine once."""
    with contextlib.suppress(ComityError):
        Passport.parse(GENUINE[:place] + patch + GENUINE[place + cut :])


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=20),
    st.floats(allow_nan=False, allow_infinity=False),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
FIELDS = sorted(Description.__struct_fields__)


@given(st.sampled_from(FIELDS), VALUES)
def test_only_our_errors_escape_from_a_signed_but_senseless_passport(field, value):
    """The author of a passport may be the attacker: its signatures are good and its fields are not."""
    with contextlib.suppress(ComityError):
        Passport.parse(rewritten(_set(field, value)))


def test_example_of_the_specification_is_true():
    """Whoever implements passports from the text alone must arrive at the same fingerprint."""
    assert Passport.parse(GENUINE).fingerprint.digits == (
        "34560 60080 22087 06402 60041 33163 54172 02710 20122 43079 90429 97113"
    )


def test_cast_of_keys_is_distinct():
    """The fixtures above must not hide a clash by accident."""
    every = list(itertools.chain.from_iterable(msgspec.structs.astuple(keys())))

    assert len(set(every)) == len(every)
