"""The node the tests run in: party ``aa``, a home directory made anew for each run, keys of its own."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from comity.keys.keyring import Keyring
from comity_node.home import NodeHome
from comity_node.settings.base import *  # noqa: F403 - settings modules extend one another by name
from comity_node.settings.database import database

_home = Path(tempfile.mkdtemp(prefix="comity-test-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)

NODE = NodeHome(
    path=_home,
    party="aa",
    names={"en": "Arland", "fr": "Arlande"},
    address="http://aa.test",
    listen_host="127.0.0.1",
    listen_port=8440,
    database=f"sqlite:///{_home / 'comity.sqlite3'}",
    exhibits=_home / "exhibits",
)
NODE.keyring.parent.mkdir(mode=0o700)
NODE.keyring.touch(mode=0o600)
NODE.keyring.write_bytes(Keyring.generate(NODE.party).to_bytes(None))
COMITY_PARTY, COMITY_PARTY_NAME, COMITY_NODE = NODE.party, NODE.name, NODE.hosts[0]

DEBUG = False
SECRET_KEY = "tests only: " + "x" * 50
ALLOWED_HOSTS = ["testserver", *NODE.hosts]

# A file, not memory: threads of a race test need connections of their own. No test here cuts the power.
DATABASES = {"default": database(NODE.database)}
DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF"
DATABASES["default"]["TEST"] = {"NAME": str(_home / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
