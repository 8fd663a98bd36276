"""The home directory is read strictly, or not at all."""

from __future__ import annotations

import contextlib
from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.keys.signing import Ed25519Key
from comity.tlog.vkey import COSIGNATURE_ED25519, NOTE_ED25519, VerifierKey
from comity_node import home as homes
from comity_node.home import BadHome

WITNESS = VerifierKey("w.example/w", COSIGNATURE_ED25519, Ed25519Key.from_seed(bytes(32)).public)
MINIMAL = """
party = "aa"
address = "https://comity.aa.example"
[names]
en = "Arland"
"""


def _asking(vkey):
    """A line that names a witness, in the place of the names."""
    return f'[[witnesses]]\nvkey = "{vkey}"\naddress = "http://w.example"\n[names]'


def _of_small_order():
    """A key under which one signature fits many messages, written as any other."""
    material = COSIGNATURE_ED25519 + (1).to_bytes(32, "little")
    key_id = sha256(b"w\n" + material).digest()[:4].hex()
    return f"w+{key_id}+{b64encode(material).decode()}"


def make(path, text=MINIMAL):
    """Put a node.toml into a directory."""
    (path / "node.toml").write_text(text)
    return path


def test_minimal_home_has_every_limit_set(tmp_path):
    """A node without limits in its file must still have explicit ones."""
    home = homes.read(make(tmp_path))

    assert (home.party, home.names) == ("aa", {"en": "Arland"})
    assert home.database == f"sqlite:///{tmp_path / 'comity.sqlite3'}"
    assert home.limits.payload_bytes == 1024 * 1024
    assert home.hosts == ("comity.aa.example", "127.0.0.1")
    assert home.is_https


def test_a_home_never_shows_the_password_of_its_database(tmp_path):
    """What is printed of a node ends in logs and in tickets."""
    text = MINIMAL.replace("[names]", 'database = "postgresql://node:hunter2@db/comity"\n[names]')

    assert "hunter2" not in repr(homes.read(make(tmp_path, text)))


def test_everything_can_be_said(tmp_path):
    """Whatever the file may say must arrive where the node looks for it."""
    text = MINIMAL.replace(
        "[names]",
        'listen = "[::1]:9000"\ndatabase = "postgresql://node@db/comity"\nexhibits = "/srv/exhibits"\n'
        "courier_seconds = 30\n[limits]\nbundle_entries = 5\n[[witnesses]]\n"
        f'vkey = "{WITNESS}"\n'
        'address = "http://w.example/"\n[names]',
    )

    home = homes.read(make(tmp_path, text))

    assert (home.listen_host, home.listen_port) == ("::1", 9000)
    assert home.limits.bundle_entries == 5
    assert home.witnesses == (homes.WitnessAt(str(WITNESS), "http://w.example"),)
    assert str(home.exhibits) == "/srv/exhibits"
    assert home.courier_seconds == 30


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[names]", _asking("w")), "a verifier key is"),
        (("[names]", _asking(VerifierKey("w", NOTE_ED25519, WITNESS.public))), "does not cosign"),
        (("[names]", _asking(_of_small_order())), "point of small order"),
        (("[names]", "payload_byte = 5\n[names]"), "'payload_byte' is not a setting"),
        (("[names]", "[limits]\npayload_byte = 5\n[names]"), "'payload_byte' is not a setting"),
        (('party = "aa"', ""), "party is missing"),
        (('"aa"', '"AA"'), "not a party code"),
        (('"aa"', "1"), "party must be a text"),
        (("https://comity.aa.example", "ftp://x"), "not a base URL"),
        (("https://comity.aa.example", "https://x/y"), "not a base URL"),
        (("https://comity.aa.example", "https://[x"), "not a base URL"),
        (("[names]", 'listen = "x"\n[names]'), "not host:port"),
        (("[names]", 'database = "mysql://x"\n[names]'), "neither sqlite"),
        (("[names]", "[limits]\nbundle_entries = 0\n[names]"), "whole number of at least 1"),
        (("[names]", "[limits]\nbundle_entries = true\n[names]"), "whole number of at least 1"),
        (('en = "Arland"', ""), "names must be a table of texts"),
        (('en = "Arland"', "en = 1"), "names must be a table of texts"),
        (("[names]", "[names"), "not TOML"),
    ],
)
def test_doubtful_settings_stop_the_start(tmp_path, change, said):
    """A node that guesses what its operator meant would guess wrong one day."""
    with pytest.raises(BadHome, match=said) as refused:
        homes.read(make(tmp_path, MINIMAL.replace(*change)))

    assert refused.value.hint


def test_misspelt_limit_is_answered_with_the_right_name(tmp_path):
    """An operator should not have to search the manual for a letter."""
    with pytest.raises(BadHome) as refused:
        homes.read(make(tmp_path, MINIMAL + "[limits]\npayload_byte = 5\n"))

    assert refused.value.hint == "did you mean payload_bytes?"


def test_no_home_no_node(monkeypatch):
    """Without being told who it is, a node must not start."""
    monkeypatch.delenv("COMITY_HOME", raising=False)

    with pytest.raises(BadHome, match="COMITY_HOME is not set"):
        homes.find()


def test_secret_others_can_read_is_refused(tmp_path):
    """A key that others could read may have been read."""
    key = tmp_path / "secret_key"
    key.write_text("s" * 60)
    key.chmod(0o644)

    with pytest.raises(BadHome, match="others can read"):
        homes.secret(key)

    key.chmod(0o600)
    assert homes.secret(key) == "s" * 60


def test_missing_or_short_secret_is_refused(tmp_path):
    """There is no default key to fall back on."""
    key = tmp_path / "secret_key"

    with pytest.raises(BadHome, match="cannot be read"):
        homes.secret(key)

    key.touch(mode=0o600)
    with pytest.raises(BadHome, match="shorter than"):
        homes.secret(key)


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_only_our_errors_escape(tmp_path_factory, content):
    """Whatever stands in the file, the operator gets a sentence and not a stack trace."""
    path = tmp_path_factory.mktemp("home")
    (path / "node.toml").write_bytes(MINIMAL.encode() + content)

    with contextlib.suppress(ComityError):
        homes.read(path)
