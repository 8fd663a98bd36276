"""Keys in a PKCS#11 token: SoftHSM stands for one. Skips where it is not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pkcs11
import pytest
from django.conf import settings

from comity.channel.passport import Passport
from comity.keys.keyring import Keyring
from comity.keys.signing import TokenSilent, verify_ed25519
from comity_node.channels import rotating
from comity_node.counterparts import own, queries, renewing
from comity_node.home import TokenAt
from comity_node.register import fsck, hardware, keyring, mirroring, rotations
from comity_node.register import queries as register
from comity_node.register.hardware import NoToken
from tests.node.counterpart import open_channel

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
MODULE = next((path for path in MODULES if Path(path).exists()), "")
PIN = "7341"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not MODULE or shutil.which("softhsm2-util") is None,
        reason="the package softhsm2 is not installed: no token to try",
    ),
]
PARTICULARS = """languages = ["en"]
[[authorities]]
code = "ca"
role = "central"
powers = ["request"]
names = { en = "Central authority" }
"""


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    """A token of its own; the library reads where it is once for each process."""
    place = tmp_path_factory.mktemp("token")
    (place / "tokens").mkdir()
    conf = place / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {place}/tokens\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(conf)
    made = ["softhsm2-util", "--init-token", "--free", "--label", "aa", "--pin", PIN, "--so-pin", "9" * 8]
    subprocess.run(made, check=True, capture_output=True)
    return "aa"


@pytest.fixture(autouse=True)
def home(tmp_path, label, monkeypatch):
    """A node with that token."""
    before = settings.NODE
    (tmp_path / "keys").mkdir()
    (tmp_path / "passport.toml").write_text(PARTICULARS)
    ring = tmp_path / "keys" / "keyring"
    ring.touch(mode=0o600)
    ring.write_bytes(Keyring.generate(before.party).to_bytes(None))
    settings.NODE = replace(before, path=tmp_path, token=TokenAt(MODULE, label, ""))
    monkeypatch.setenv(hardware.PIN, PIN)
    yield tmp_path
    hardware._forget()
    settings.NODE = before


@pytest.fixture
def admin(hire):
    """Who may issue passports."""
    own.issue_passport()
    return hire("adam", "administrator")


def test_a_token_draws_a_key_and_signs_with_it() -> None:
    """What anybody verifies with is the key's public half; the secret half was never here."""
    key = hardware.draw("aa", "log")

    assert verify_ed25519(key.public, key.sign(b"words"), b"words")
    assert "aa" in hardware.answers()


def test_the_secret_half_is_given_to_nobody() -> None:
    """Not even to whoever has the PIN."""
    key = hardware.draw("aa", "log")
    number = bytes.fromhex(key.uri.partition(";id=")[2].partition(";")[0].replace("%", ""))
    inside = hardware._session(settings.NODE.token).get_key(
        object_class=pkcs11.ObjectClass.PRIVATE_KEY, id=number
    )

    with pytest.raises(pkcs11.PKCS11Error):
        inside[pkcs11.Attribute.VALUE]
    assert inside[pkcs11.Attribute.NEVER_EXTRACTABLE]


def test_identity_and_wire_are_renewed_into_the_token(admin) -> None:
    """Counterparts follow as they do with any renewal; the passport is signed by the token from then on."""
    before = queries.read(queries.own())

    for use in ("identity", "wire"):
        row = renewing.renew(use, in_token=True, by=admin)

    ring = keyring.keyring()
    assert ["identity", "wire"] == [use for use, _ in ring.in_tokens]
    assert 3 == row.version
    assert before.fingerprint != queries.read(row).fingerprint
    assert Passport.parse(bytes(row.note)).keys["wire"][0].public == ring.wire.public


def test_logs_and_mirror_go_on_under_keys_in_the_token(admin) -> None:
    """Announced, receipted and retired as any keys are; what they sign verifies."""
    boris = open_channel()

    done = rotating.rotate(begins=None, by=admin, in_token=True)
    boris.receipts()
    rotating.revoke(reason="scheduled", compromised=None, by=admin)
    boris.receipts()
    boris.does("note.sent", "bb-1")
    boris.delivers()
    own_log, theirs = register.own_log(boris.channel), register.their_logs(boris.channel)[0]
    mirroring.give(theirs)

    ring = keyring.keyring()
    assert ({}, (boris.channel,)) == (done.left, done.done)
    assert ["log", "mirror"] == [use for use, _ in ring.in_tokens]
    assert ring.log.ed25519.public == rotations.pairs(own_log)[-1][0][0].public
    assert [] == fsck.check()[0]


def test_a_token_that_was_taken_out_signs_nothing_and_says_so(home) -> None:
    """An officer reads why nothing was recorded; nothing half-signed is left."""
    key = hardware.draw("aa", "log")
    settings.NODE = replace(settings.NODE, token=TokenAt(MODULE, "another", ""))
    hardware._forget()

    with pytest.raises(TokenSilent, match="another"):
        key.sign(b"words")
    settings.NODE = replace(settings.NODE, token=None)
    with pytest.raises(TokenSilent, match=r"node\.toml"):
        key.sign(b"words")


class _Pulled:
    """A session of a token that is no longer in."""

    def get_key(self, **_: object) -> None:
        raise pkcs11.SessionHandleInvalid

    def close(self) -> None:
        raise pkcs11.SessionHandleInvalid


def test_a_session_that_broke_is_opened_again() -> None:
    """The token was pulled and put back: no restart is needed."""
    key = hardware.draw("aa", "log")
    (mark,) = hardware._open
    hardware._open[mark] = _Pulled()

    assert verify_ed25519(key.public, key.sign(b"words"), b"words")


@pytest.mark.parametrize("pin", ["0000", ""])
def test_without_the_pin_nothing_is_drawn(pin: str, monkeypatch) -> None:
    """Whoever has the machine must not thereby have the token."""
    monkeypatch.setenv(hardware.PIN, pin)
    hardware._forget()

    with pytest.raises(NoToken):
        hardware.draw("aa", "log")


def test_a_wrong_pin_is_tried_once(monkeypatch) -> None:
    """A courier that tries it every five seconds would lock the token for good."""
    key = hardware.draw("aa", "log")
    monkeypatch.setenv(hardware.PIN, "9999")
    hardware._forget()

    with pytest.raises(TokenSilent):
        key.sign(b"words")
    for _ in range(5):
        with pytest.raises(TokenSilent, match="refused this PIN before"):
            key.sign(b"words")
    monkeypatch.setenv(hardware.PIN, PIN)
    assert key.sign(b"words")


def test_the_pin_may_lie_in_a_file_only_its_owner_reads(home, monkeypatch) -> None:
    """A service starts without anybody at the keyboard."""
    monkeypatch.delenv(hardware.PIN)
    path = home / "pin"
    path.touch(mode=0o600)
    path.write_text(PIN)
    settings.NODE = replace(settings.NODE, token=TokenAt(MODULE, "aa", str(path)))
    hardware._forget()

    assert hardware.draw("aa", "log")
    path.chmod(0o644)
    hardware._forget()
    with pytest.raises(Exception, match="others can read"):
        hardware.draw("aa", "log")


def test_what_opens_sealed_content_stays_in_the_keyring(admin) -> None:
    """It is said, not silently done otherwise."""
    with pytest.raises(NoToken):
        renewing.renew("sealing", in_token=True, by=admin)
    renewing.renew("sealing", in_token=False, by=admin)
    assert 1 == len(keyring.keyring().retired.sealing)
