"""Two Matrix homeservers on loopback that federate with each other, and the rooms and people on them.

Set up to be fast: no rate limits, no presence, no keys of others, certificates that nobody checks, only
warnings in the log. The database is SQLite.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import subprocess
import tempfile
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench import machine, peers
from bench.nodes import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator

SYNAPSE: Final = "matrix-synapse==1.163.2"
_STARTS_WITHIN: Final = 120.0
_STOPS_WITHIN: Final = 10.0
_NO_LIMIT: Final = {"per_second": 1e6, "burst_count": 1_000_000}
_LOG: Final = {
    "version": 1,
    "handlers": {"said": {"class": "logging.StreamHandler"}},
    "root": {"level": "WARNING", "handlers": ["said"]},
}


@dataclass
class Homeserver:
    """One homeserver under measurement."""

    python: Path
    home: Path
    federation: int
    clients: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """What other homeservers call it."""
        return f"localhost:{self.federation}"

    def start(self) -> None:
        """Make its home and start it; returns when it answers."""
        self.home.mkdir()
        _write_certificate(self.home)
        config = self.home / "homeserver.yaml"
        config.write_text(json.dumps(self._config()))  # YAML contains JSON
        (self.home / "log.yaml").write_text(json.dumps(_LOG))
        command = [self.python, "-m", "synapse.app.homeserver", "--config-path", config]
        with (self.home / "said").open("ab") as said:
            keys = [*command, "--generate-keys"]
            subprocess.run(keys, cwd=self.home, stdout=said, stderr=said, check=False)
            self.process = subprocess.Popen(command, cwd=self.home, stdout=said, stderr=said)
        until = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(httpx.HTTPError), self.client() as http:
                if http.get("/_matrix/client/versions").is_success:
                    return
            time.sleep(0.05)
        words = (self.home / "said").read_text(errors="replace").strip()
        raise peers.NotHere(
            f"{SYNAPSE} does not start: {words.splitlines()[-1] if words else 'it says nothing'}"
        )

    def stop(self) -> None:
        """End its process: asked first, after a while by force."""
        process, self.process = self.process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def processor_seconds(self) -> float:
        """Processor time its process has spent."""
        return machine.processor_seconds(self.process.pid) if self.process else 0.0

    def client(self, token: str = "") -> httpx.Client:
        """A client of somebody, or of nobody yet."""
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.clients}",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            trust_env=False,
            timeout=120,
        )

    def person(self, name: str) -> httpx.Client:
        """A new account, and a client that is signed in to it."""
        asked = {
            "username": name,
            "password": secrets.token_urlsafe(),
            "auth": {"type": "m.login.dummy"},
        }
        with self.client() as http:
            answer = http.post("/_matrix/client/v3/register", json=asked).raise_for_status().json()
        return self.client(answer["access_token"])

    def holds(self) -> set[str]:
        """The ids of all messages in its own table of events, those it only heard of left out."""
        with closing(sqlite3.connect(f"file:{self.home / 'homeserver.db'}?mode=ro", uri=True)) as database:
            asked = "SELECT event_id FROM events WHERE type = 'm.room.message' AND NOT outlier"
            return {event for (event,) in database.execute(asked)}

    def _config(self) -> dict[str, object]:
        inside = {"bind_addresses": ["127.0.0.1"], "type": "http"}
        return {
            "server_name": self.name,
            "listeners": [
                inside | {"port": self.federation, "tls": True, "resources": [{"names": ["federation"]}]},
                inside | {"port": self.clients, "tls": False, "resources": [{"names": ["client"]}]},
            ],
            "database": {"name": "sqlite3", "args": {"database": str(self.home / "homeserver.db")}},
            "signing_key_path": str(self.home / "signing.key"),
            "media_store_path": str(self.home / "media"),
            "log_config": str(self.home / "log.yaml"),
            "pid_file": str(self.home / "pid"),
            "tls_certificate_path": str(self.home / "tls.crt"),
            "tls_private_key_path": str(self.home / "tls.private"),
            "federation_verify_certificates": False,
            "ip_range_blacklist": [],
            "federation_ip_range_blacklist": [],
            "trusted_key_servers": [],
            "report_stats": False,
            "presence": {"enabled": False},
            "enable_registration": True,
            "enable_registration_without_verification": True,
            "macaroon_secret_key": secrets.token_urlsafe(),
            "form_secret": secrets.token_urlsafe(),
            **_no_limits(),
        }


@contextmanager
def two() -> Iterator[tuple[Homeserver, Homeserver]]:
    """Two running homeservers.

    Raises:
        NotHere: Synapse cannot be installed, or does not start.
    """
    python = peers.environment(SYNAPSE)
    with tempfile.TemporaryDirectory(prefix="comity-synapse-") as place, ExitStack() as running:
        ports = free_ports(4)
        servers = [
            Homeserver(python, Path(place) / side, *ports[at : at + 2]) for side, at in (("aa", 0), ("bb", 2))
        ]
        for server in servers:
            running.callback(server.stop)
            server.start()
        yield servers[0], servers[1]


def _no_limits() -> dict[str, object]:
    federation = {"window_size": 1000, "sleep_limit": 1_000_000, "reject_limit": 1_000_000}
    return {
        "rc_message": _NO_LIMIT,
        "rc_registration": _NO_LIMIT,
        "rc_login": {"address": _NO_LIMIT, "account": _NO_LIMIT},
        "rc_joins": {"local": _NO_LIMIT, "remote": _NO_LIMIT},
        "rc_joins_per_room": _NO_LIMIT,
        "rc_federation": federation,
    }


def _write_certificate(home: Path) -> None:
    """A certificate that signs itself, for a day on loopback."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .issuer_name(name)
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (home / "tls.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (home / "tls.private").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
