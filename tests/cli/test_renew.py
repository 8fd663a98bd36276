"""Time stamps over an export, each over the one before: by a local authority, checked by openssl as well."""

from __future__ import annotations

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from comity.keys.timestamps import query
from comity_cli.main import comity
from tests.core.channel.exported import whole_export

pytestmark = pytest.mark.loopback
SETTINGS = """
[tsa]
default_tsa = tsa1
[tsa1]
serial = {place}/serial
crypto_device = builtin
signer_cert = {place}/tsa.pem
signer_key = {place}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha512
accuracy = secs:1
tsa_name = yes
ess_cert_id_chain = no
[ext]
extendedKeyUsage = critical,timeStamping
"""


def openssl(*words, content=None):
    """Run openssl; what it writes."""
    done = subprocess.run(["openssl", *map(str, words)], input=content, capture_output=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A time-stamping authority: its root certificate, and how it answers a request."""
    place = tmp_path_factory.mktemp("tsa")
    (place / "settings").write_text(SETTINGS.format(place=place))
    (place / "serial").write_text("01")
    key = ("-newkey", "rsa:2048", "-nodes", "-days", "30", "-config", "/dev/null")
    openssl(
        "req", "-x509", *key[:5], "-subj", "/CN=Root", "-keyout", place / "ca.key", "-out", place / "ca.pem"
    )
    openssl(
        "req", "-new", *key[:3], "-subj", "/CN=TSA", "-keyout", place / "tsa.key", "-out", place / "tsa.csr"
    )
    by = ("-CA", place / "ca.pem", "-CAkey", place / "ca.key", "-days", "30")
    use = ("-extfile", place / "settings", "-extensions", "ext")
    openssl("x509", "-req", "-in", place / "tsa.csr", *by, *use, "-out", place / "tsa.pem")

    def answer(asked):
        (place / "asked").write_bytes(asked)
        openssl("ts", "-reply", "-config", place / "settings", "-queryfile", place / "asked",
                "-out", place / "answer")  # fmt: skip
        return 200, (place / "answer").read_bytes()

    return place / "ca.pem", answer


@pytest.fixture
def served(authority):
    """Serve an authority on loopback; its address. Its answers can be replaced."""
    answers = {"with": authority[1]}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            status, body = answers["with"](self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/tsa", answers
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def export(tmp_path):
    """An export as a directory."""
    for path, content in whole_export().held.items():
        (tmp_path / "export" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "export" / path).write_bytes(content)
    return tmp_path / "export"


def run(*words, code=0):
    """Run a verb; its document."""
    done = CliRunner().invoke(comity, [*map(str, words), "--json"])
    assert code == done.exit_code, done.output
    return json.loads(done.stdout)


def test_a_time_stamp_is_put_over_an_export_and_a_newer_one_over_both(export, authority, served) -> None:
    """Decades later the chain leads back to when the first signatures could not be forged."""
    address, _ = served
    for number in (1, 2):
        assert number == run("renew", export, "--tsa", address, "--roots", authority[0])["number"]
        place = export / "renewals" / str(number)
        openssl(
            "ts", "-verify", "-data", place / "files", "-in", place / "token.tsr", "-CAfile", authority[0]
        )
        subprocess.run(["sha512sum", "--check", "--quiet", place / "files"], cwd=export, check=True)

    assert "renewals/1/token.tsr" in (export / "renewals" / "2" / "files").read_text()
    proven = run("verify", export, "--timestamp-roots", authority[0])["proven"]
    assert 2 == sum("by an authority you trust" in said["words"] for said in proven)
    assert 2 == sum("time stamp" in said["words"] for said in run("verify", export)["not_proven"])


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("name", ["files", "token.tsr"])
def test_a_time_stamp_that_was_touched_proves_nothing(export, authority, served, number, name) -> None:
    """Neither what it covers nor the token can be exchanged."""
    for _ in range(2):
        run("renew", export, "--tsa", served[0], "--roots", authority[0])
    place = export / "renewals" / str(number) / name
    content = bytearray(place.read_bytes())
    content[len(content) // 2] ^= 1
    place.write_bytes(content)

    assert run("verify", export, "--timestamp-roots", authority[0], code=1)["code"] in {
        "export-does-not-hold", "bad-timestamp",
    }  # fmt: skip


def test_a_file_exchanged_after_the_time_stamp_is_named(export, authority, served) -> None:
    """Also one that nobody signed: what was shown then is what must be shown now."""
    run("renew", export, "--tsa", served[0], "--roots", authority[0])
    (export / "README").write_text("another text")

    assert "README is not the file that time stamp 1 covers" in run("verify", export, code=1)["error"]


def test_a_time_stamp_that_leaves_out_a_log_is_refused(export, authority, served) -> None:
    """Whoever adds it must not be able to keep one side's record out of it."""
    run("renew", export, "--tsa", served[0], "--roots", authority[0])
    place = export / "renewals" / "1" / "files"
    kept = [line for line in place.read_text().splitlines(keepends=True) if "bb/checkpoint" not in line]
    place.write_text("".join(kept))

    assert "leaves out bb/checkpoint" in run("verify", export, code=1)["error"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda asked, honest: (500, b""), "authority-did-not-answer"),
        (lambda asked, honest: (302, b""), "authority-did-not-answer"),
        (lambda asked, honest: (200, b"x" * 10**6), "authority-did-not-answer"),
        (lambda asked, honest: (200, b""), "bad-timestamp"),
        (lambda asked, honest: (200, b"not a token"), "bad-timestamp"),
        (lambda asked, honest: (200, honest(asked)[1][:-40]), "bad-timestamp"),
        (lambda asked, honest: honest(query(b"another text").body), "bad-timestamp"),
    ],
    ids=["fails", "elsewhere", "floods", "empty", "rubbish", "cut", "other text"],
)
def test_a_hostile_or_broken_authority_changes_nothing(export, authority, served, answer, said) -> None:
    """Whatever comes back is kept only if it verifies for this very request."""
    address, answers = served
    answers["with"] = lambda asked: answer(asked, authority[1])

    assert said == run("renew", export, "--tsa", address, "--roots", authority[0], code=4)["code"]
    assert not (export / "renewals").exists() or not list((export / "renewals").iterdir())


def test_an_answer_given_before_is_not_taken_for_a_new_one(export, authority, served) -> None:
    """An old token for the same text, replayed, would put the clock back."""
    address, answers = served
    kept = {}

    def first(asked):
        kept["answer"] = authority[1](asked)
        return kept["answer"]

    answers["with"] = first
    run("renew", export, "--tsa", address, "--roots", authority[0])
    (export / "renewals" / "1" / "files").unlink()
    (export / "renewals" / "1" / "token.tsr").unlink()
    (export / "renewals" / "1").rmdir()
    answers["with"] = lambda _: kept["answer"]

    assert "bad-timestamp" == run("renew", export, "--tsa", address, "--roots", authority[0], code=4)["code"]


def test_an_authority_nobody_trusts_is_not_believed(export, authority, served, tmp_path) -> None:
    """Anybody can sign a time; the reader says whom to believe."""
    other = tmp_path / "other.pem"
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=Other",
            "-keyout", tmp_path / "other.key", "-out", other)  # fmt: skip

    assert "bad-timestamp" == run("renew", export, "--tsa", served[0], "--roots", other, code=4)["code"]


def test_nobody_is_asked_where_no_authority_is_named(export) -> None:
    """It is off unless somebody says where to ask: an address tells that there is an export."""
    assert "no-authority" == run("renew", export, code=3)["code"]
