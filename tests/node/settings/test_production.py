"""A real node starts only from a complete home, and then with every protection on."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

ASK = """
import json
from comity_node.settings import production as p
print(json.dumps([p.ALLOWED_HOSTS, p.SESSION_COOKIE_SECURE, p.SECURE_HSTS_SECONDS > 0, p.DEBUG,
                  p.DATABASES["default"]["OPTIONS"]["init_command"]]))
"""


def start(home):
    """Ask a fresh process what it would run with."""
    environment = {**os.environ, "COMITY_HOME": str(home), "PYTHONPATH": "src"}
    command = [sys.executable, "-c", ASK]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def home(tmp_path):
    """A complete home directory."""
    (tmp_path / "node.toml").write_text(
        'party = "aa"\naddress = "https://comity.aa.example"\n[names]\nen = "Arland"\n'
    )
    secret = tmp_path / "secret_key"
    secret.touch(mode=0o600)
    secret.write_text("s" * 60)
    return tmp_path


def test_complete_home_starts_protected(home):
    """TLS in the address must bring secure cookies and HSTS without another switch."""
    started = start(home)

    hosts, secure, hsts, debug, pragmas = json.loads(started.stdout)
    assert hosts == ["comity.aa.example", "127.0.0.1"]
    assert (secure, hsts, debug) == (True, True, False)
    assert "synchronous=FULL" in pragmas


def test_no_secret_no_start(home):
    """There is no default secret key."""
    (home / "secret_key").unlink()

    started = start(home)

    assert started.returncode != 0
    assert "secret_key cannot be read" in started.stderr
