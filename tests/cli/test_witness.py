"""A witness by itself: what C2SP tlog-witness demands, on a store that never goes back."""

from __future__ import annotations

import io
import json
import sqlite3
from hashlib import sha256

import pytest
from click.testing import CliRunner

from comity.channel.description import Authority, Description
from comity.channel.passport import identity_signers, issue, public_keys
from comity.keys.keyring import Keyring
from comity.names import Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import CompactRange, leaf_hash
from comity.tlog.note import parse_note, sign_note
from comity.tlog.signer import Cosigner, NoteSigner
from comity.tlog.tree import prove_consistency
from comity.tlog.vkey import VerifierKey
from comity.tlog.witness import AddCheckpoint, add_checkpoint, parse_cosignatures, parse_size
from comity_cli.main import comity
from comity_cli.witnessing import home
from comity_cli.witnessing.app import Application
from comity_cli.witnessing.store import Store
from tests.core.tlog.trees import reader_over

RING = Keyring.generate("aa")
ORIGIN = Origin("aa", "abcdefghijklmnop")
NAME = "witness.example/w1"


def run(*words, code=0, **more):
    """Run a verb; its document."""
    done = CliRunner().invoke(comity, [*map(str, words), "--json"], **more)
    assert code == done.exit_code, done.output
    return json.loads(done.stdout)


@pytest.fixture
def place(tmp_path):
    """A witness's directory that serves every log of party aa."""
    run("witness", "init", tmp_path / "w", "--name", NAME)
    about = Description(
        party="aa",
        version=1,
        issued="2026-01-01",
        names={"en": "Arland"},
        languages=["en"],
        address="https://comity.aa.example",
        keys=public_keys(RING, witness=False),
        sealing=[str(RING.recipient)],
        authorities=[Authority("ca", {"en": "Central authority"}, "central", [])],
        contacts=[],
    )
    passport = issue(about, *identity_signers(RING))
    (tmp_path / "aa.passport").write_bytes(passport.note)
    words = passport.fingerprint.words()
    run("witness", "add-log", tmp_path / "w", "--passport", tmp_path / "aa.passport", "--fingerprint", words)
    return tmp_path / "w"


@pytest.fixture
def served(place):
    """Its server, asked without a socket."""
    return asking(Application(home.read(place)))


def asking(application):
    """Ask an application; status, type and body of the answer."""

    def ask(body=b"", path="/add-checkpoint", method="POST", length=None):
        said = {}

        def start(status, headers):
            said.update(status=int(status[:3]), kind=dict(headers)["Content-Type"])

        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": io.BytesIO(body),
                   "CONTENT_LENGTH": str(len(body)) if length is None else length}  # fmt: skip
        answer = b"".join(application(environ, start))
        return said["status"], said["kind"], answer

    return ask


def request(old, size, *, ring=RING, origin=ORIGIN, history="entry"):
    """A request to cosign the growth of a log."""
    row = [leaf_hash(f"{history} {place}".encode()) for place in range(size)]
    tree = CompactRange()
    tree.extend(row)
    proof = prove_consistency(reader_over(row), old, size) if 0 < old < size else ()
    name = str(origin)
    signers = (NoteSigner(name, ring.log.ed25519), Cosigner(name, ring.log.mldsa44, 1_800_000_000))
    return AddCheckpoint(old, proof, sign_note(Checkpoint(name, size, tree.root()).text(), *signers)).encode()


def test_a_log_is_cosigned_as_it_grows_under_both_keys(served, place) -> None:
    """Both kinds, with a time: any verifier reads one of them, and one stands when the other falls."""
    keys = [VerifierKey.parse(text) for text in home.read(place).vkeys]
    for old, size in ((0, 3), (3, 3), (3, 8)):
        body = request(old, size)
        status, _, answer = served(body, path="/witness/add-checkpoint" if size == 8 else "/add-checkpoint")

        assert 200 == status
        note = AddCheckpoint.parse(body).note.with_signatures(parse_cosignatures(answer))
        assert set(keys) == set(note.signed_by(keys))
        assert all(note.cosigned_at(key) for key in keys)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not a request", 400),
        (request(8, 5), 400),
        (request(5, 8)[:-5], 400),
        (request(0, 3, origin=Origin("bb", "abcdefghijklmnop")), 404),
        (request(0, 3, ring=Keyring.generate("aa")), 403),
        (request(0, 8), 409),
        (request(2, 8), 409),
        (request(5, 8, history="other"), 422),
        (request(5, 5, history="other"), 422),
    ],
    ids=[
        "empty",
        "form",
        "old above",
        "cut",
        "unknown",
        "forged",
        "anew",
        "behind",
        "fork",
        "fork of one size",
    ],
)
def test_all_else_is_refused_by_the_status_of_the_specification(served, place, body, status) -> None:
    """And no line is signed, and nothing moves."""
    served(request(0, 5))

    answered, _, answer = served(body)

    assert status == answered
    assert b"\xe2\x80\x94" not in answer
    assert b"\n5\n" in Store(home.read(place).store).latest(str(ORIGIN))


def test_a_wrong_size_is_answered_with_the_one_that_was_cosigned(served) -> None:
    """So that the log can catch up: in the form and type of the specification."""
    served(request(0, 5))

    status, kind, answer = served(request(2, 8))

    assert (409, "text/x.tlog.size", 5) == (status, kind, parse_size(answer))


def test_a_body_that_is_announced_too_large_or_not_at_all_is_not_read(served) -> None:
    """Whoever floods a witness must not fill its memory."""
    assert 400 == served(request(0, 5), length="9" * 9)[0]
    assert 400 == served(request(0, 5), length="-1")[0]
    assert 400 == served(request(0, 5), length="")[0]


def test_monitors_read_the_last_checkpoint_with_its_cosignatures(served, place) -> None:
    """A log shown to some and not to others is found out by comparing."""
    hashed = sha256(str(ORIGIN).encode()).hexdigest()
    assert 404 == served(method="GET", path=f"/{hashed}/checkpoint")[0]
    served(request(0, 5))

    status, _, body = served(method="GET", path=f"/{hashed}/checkpoint")

    keys = [VerifierKey.parse(text) for text in home.read(place).vkeys]
    assert (200, set(keys)) == (status, set(parse_note(body).signed_by(keys)))
    assert [404, 405, 405, 404] == [
        served(method=method, path=path)[0]
        for method, path in (("GET", "/"), ("GET", "/add-checkpoint"), ("POST", f"/{hashed}/checkpoint"),
                             ("GET", "/../keys"))
    ]  # fmt: skip


@pytest.mark.parametrize("begun", [0, 3])
def test_of_two_histories_that_race_only_one_is_cosigned(place, begun) -> None:
    """Held between the decision and the storing: no rollback, and no signature for the loser."""
    witness = home.read(place)
    store = Store(witness.store)
    if begun:
        add_checkpoint(request(0, begun), store, lambda: witness.cosigners(1))
    raced = []

    def meanwhile():
        raced.append(add_checkpoint(request(begun, 9), store, lambda: witness.cosigners(1))[0])

    answer, known, lines = add_checkpoint(
        request(begun, 8), store, lambda: witness.cosigners(1), considered=meanwhile
    )

    assert ([200], 409, 9, ()) == (raced, int(answer), known, lines)


def test_the_store_neither_forgets_a_log_nor_lets_it_shrink(served, place) -> None:
    """Not even by hand: forgetting would let the past be signed twice."""
    served(request(0, 5))
    with sqlite3.connect(home.read(place).store) as database:
        for statement in ("DELETE FROM cosigned", "UPDATE cosigned SET size = 1"):
            with pytest.raises(sqlite3.IntegrityError):
                database.execute(statement)


def test_a_log_of_any_project_is_served_by_its_key(place) -> None:
    """A neutral witness is not only for Comity."""
    ring = Keyring.generate("zz")
    name = "log.example/2026"
    key = NoteSigner(name, ring.log.ed25519).vkey
    assert 1 == run("witness", "add-log", place, key)["new_keys"]
    assert 0 == run("witness", "add-log", place, key)["new_keys"]
    note = sign_note(Checkpoint(name, 1, leaf_hash(b"x")).text(), NoteSigner(name, ring.log.ed25519))

    status, _, _ = asking(Application(home.read(place)))(AddCheckpoint(0, (), note).encode())

    assert 200 == status
    assert {"origin": name, "size": 1} == {
        name: value
        for name, value in next(one for one in run("witness", "show", place)["logs"] if "size" in one).items()
        if name != "cosigned_at"
    }


def test_a_passport_of_another_fingerprint_is_not_served(place, tmp_path) -> None:
    """A witness that takes anybody's file would prove dates for an impostor."""
    said = run(
        "witness", "add-log", place, "--passport", tmp_path / "aa.passport", "--fingerprint", "0" * 60, code=3
    )

    assert "not-compared" == said["code"]


def test_keys_lie_under_a_passphrase_where_one_is_wanted_and_never_open(tmp_path) -> None:
    """Whoever finds the disk must not be able to date logs."""
    (tmp_path / "words").write_text("a long passphrase\n")
    run("witness", "init", tmp_path / "v", "--name", NAME, "--passphrase-file", tmp_path / "words")

    assert (tmp_path / "v" / "keys").read_bytes().startswith(b"age-encryption.org/")
    assert "wrong-passphrase" == run("witness", "show", tmp_path / "v", code=5)["code"]
    assert NAME == run("witness", "show", tmp_path / "v", "--passphrase-file", tmp_path / "words")["name"]
    (tmp_path / "v" / "keys").chmod(0o644)
    assert "bad-witness" == run("witness", "show", tmp_path / "v", code=3)["code"]


@pytest.mark.parametrize("name", ["", "two words", "a+b"])
def test_a_name_no_signature_line_can_hold_is_refused(tmp_path, name) -> None:
    """Its cosignatures could be verified by nobody."""
    assert "bad-witness" == run("witness", "init", tmp_path / "v", "--name", name, code=3)["code"]
    assert not (tmp_path / "v").exists()
