"""``comity verify`` as a stranger runs it: offline, without a node, against files made to mislead."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from comity import protected
from comity.channel.bundle import Bundle
from comity.channel.export import POLICY
from comity.tlog.merkle import leaf_hash
from comity.tlog.note import parse_note
from comity.tlog.proof import TlogProof
from comity_cli.main import comity
from tests.core.channel.exported import CHANNEL, conversation, whole_export
from tests.core.channel.test_verified_fork import POLICY as POLICY_OF_BOTH
from tests.core.channel.test_verified_fork import histories, proof_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """A whole export on disk."""
    root = tmp_path / "export"
    for path, content in whole_export().held.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


def verify(*words: object) -> tuple[int, dict[str, Any], str]:
    """Run ``comity verify --json``: exit code, document, and what was said."""
    result = CliRunner().invoke(comity, ["verify", "--json", *map(str, words)])
    document = json.loads(result.stdout) if result.stdout else {}
    return result.exit_code, document, result.stderr


def test_an_export_is_verified_with_counts(exported: Path) -> None:
    """Programs that archive exports act on these three values."""
    code, said, _ = verify(exported)

    assert (0, True, 4, 16) == (code, said["ok"], said["entries"], said["signatures"])


def test_people_are_told_what_is_proven_and_what_is_not(exported: Path) -> None:
    """A judge reads words, not hashes."""
    result = CliRunner().invoke(comity, ["verify", str(exported)])

    assert result.exit_code == 0
    assert "What is proven" in result.stdout
    assert "What is not proven" in result.stdout
    assert "aa-2026-0001: Acknowledged" in result.stdout


def test_what_does_not_hold_is_named_and_exits_with_one(exported: Path) -> None:
    """The reader must learn which file to ask about."""
    tile = exported / "bb/tile/0/000.p/2"
    tile.write_bytes(bytes(64))

    code, said, stderr = verify(exported)

    assert (1, False, "export-does-not-hold") == (code, said["ok"], said["code"])
    assert "bb/tile/0/000.p/2" in stderr
    assert "Traceback" not in stderr


def test_a_missing_tile_is_named(exported: Path) -> None:
    """A hole in the tree must not be stepped over."""
    (exported / "aa/tile/0/000.p/2").unlink()

    code, said, _ = verify(exported)

    assert code == 1
    assert "aa/tile/0/000.p/2" in said["error"]


def test_truncated_entries_are_refused(exported: Path) -> None:
    """A bundle cut short must not pass as a shorter log."""
    bundle = exported / "aa/tile/entries/000.p/2"
    bundle.write_bytes(bundle.read_bytes()[:-10])

    assert verify(exported)[0] == 1


def test_a_link_out_of_the_export_is_not_followed(exported: Path, tmp_path: Path) -> None:
    """An export must not make its reader read the reader's own files."""
    secret = tmp_path / "checkpoint"
    (exported / "aa/checkpoint").rename(secret)
    (exported / "aa/checkpoint").symlink_to(secret)

    code, said, _ = verify(exported)

    assert code == 1
    assert "aa" in said["error"] or "checkpoint" in said["error"]


def test_a_linked_folder_is_not_entered(exported: Path, tmp_path: Path) -> None:
    """A folder that is a link leads out as surely as a file that is one."""
    (exported / "aa/tile").rename(tmp_path / "tile")
    (exported / "aa/tile").symlink_to(tmp_path / "tile")

    assert verify(exported)[0] == 1


def test_a_file_larger_than_it_can_be_is_not_read(exported: Path) -> None:
    """A reader must not be exhausted by one file."""
    with (exported / "aa/checkpoint").open("r+b") as file:
        file.truncate(2**32)

    code, said, _ = verify(exported)

    assert code == 1
    assert "bytes" in said["error"]


def test_a_pipe_in_place_of_a_file_does_not_stop_the_reader(exported: Path) -> None:
    """Reading a named pipe would wait for ever."""
    (exported / "aa/vkey").unlink()
    os.mkfifo(exported / "aa/vkey")

    assert verify(exported)[0] == 1


def test_the_readers_own_policy_is_used_and_named(exported: Path, tmp_path: Path) -> None:
    """Keys from elsewhere are worth more than keys from the export, and the answer says which were used."""
    own = tmp_path / "policy"
    own.write_bytes((exported / POLICY).read_bytes())
    (exported / POLICY).unlink()

    code, said, _ = verify(exported, "--policy", own)

    assert (0, str(own)) == (code, said["policy"])


def test_a_delivery_from_the_start_leads_to_its_root(exported: Path, tmp_path: Path) -> None:
    """A bundle on a stick must be verifiable before any node takes it in."""
    anna, _, payload = conversation()
    delivery = Bundle(
        channel=CHANNEL,
        sender="aa",
        receiver="bb",
        checkpoint=anna.checkpoint(),
        entries=tuple(anna.leaves),
        payloads=(payload,),
    )
    file = tmp_path / "delivery"
    file.write_bytes(delivery.encode())

    code, said, _ = verify(file, "--policy", exported / POLICY)

    assert (0, 2, 2) == (code, said["entries"], said["signatures"])


def test_the_proof_of_one_entry_is_verified_by_a_policy(exported: Path, tmp_path: Path) -> None:
    """One entry must be provable in court without the rest of the record."""
    anna, boris, _ = conversation()
    note = parse_note(anna.receipted_by(boris))
    proof = TlogProof(1, (leaf_hash(anna.leaves[0]),), note, extra=anna.leaves[1])
    file = tmp_path / "entry.tlog-proof"
    file.write_bytes(proof.encode())

    code, said, _ = verify(file, "--policy", exported / POLICY)

    proven = {one["code"]: one["values"] for one in said["proven"]}
    assert code == 0
    assert ("assistance.request.lodged", "aa-2026-0001") == (
        proven["entry-says"]["kind"],
        proven["entry-says"]["ref"],
    )
    assert ("bb", "2026-01-01T00:01:00Z") == (
        proven["entry-received"]["giver"],
        proven["entry-received"]["at"],
    )


def test_a_proof_that_only_its_author_cosigned_is_refused(exported: Path, tmp_path: Path) -> None:
    """A party's own mirror never makes a receipt for its own log."""
    anna, _, _ = conversation()
    note = parse_note(anna.receipted_by(anna))
    file = tmp_path / "entry.tlog-proof"
    file.write_bytes(TlogProof(1, (leaf_hash(anna.leaves[0]),), note, extra=anna.leaves[1]).encode())

    code, said, _ = verify(file, "--policy", exported / POLICY)

    assert (1, "no-quorum") == (code, said["code"])


def test_a_receipt_alone_is_verified_by_a_policy(exported: Path, tmp_path: Path) -> None:
    """Who behind a one-way line brings a receipt by courier can have it checked before it is entered."""
    anna, boris, _ = conversation()
    file = tmp_path / "receipt"
    file.write_bytes(anna.receipted_by(boris))

    code, said, _ = verify(file, "--policy", exported / POLICY)

    assert (0, {"aa": 2}, 4) == (code, said["receipted"], said["signatures"])
    assert {"giver": "bb", "party": "aa", "at": "2026-01-01T00:01:00Z", "size": 2} == said["proven"][0][
        "values"
    ]
    assert 2 == verify(file)[0]


@pytest.mark.parametrize("how", ["own mirror", "nobody", "one key", "cut"])
def test_what_is_no_receipt_is_refused(exported: Path, tmp_path: Path, how: str) -> None:
    """A file that only looks like a receipt must not become one by being carried far."""
    anna, boris, _ = conversation()
    whole = anna.receipted_by(boris)
    note = parse_note(whole)
    one_key = [line for line in note.signatures if len(line.blob) < 100 or line.name.startswith("aa")]
    given = {
        "own mirror": anna.receipted_by(anna),
        "nobody": anna.checkpoint(),
        "one key": replace(note, signatures=tuple(one_key)).encode(),
        "cut": whole[:-30],
    }
    (tmp_path / "receipt").write_bytes(given[how])

    code, said, _ = verify(tmp_path / "receipt", "--policy", exported / POLICY)

    assert (1, True) == (code, said["code"] in ("bad-receipt", "malformed-note"))


def test_a_proof_without_a_policy_is_a_wrong_usage(tmp_path: Path) -> None:
    """Without keys there is nothing to verify by, and no answer must look like one."""
    anna, boris, _ = conversation()
    file = tmp_path / "entry.tlog-proof"
    file.write_bytes(TlogProof(0, (), parse_note(anna.receipted_by(boris, 1))).encode())

    assert verify(file)[0] == 2


@pytest.mark.parametrize("lang", ["ru", "ar"])
@pytest.mark.parametrize("by_option", [True, False])
def test_the_answer_is_in_the_readers_language(exported: Path, lang: str, by_option: bool) -> None:
    """What is not proven must be understood by the court, not by its interpreter."""
    words = ["verify", str(exported), *(["--lang", lang] if by_option else [])]

    result = CliRunner().invoke(
        comity, words, env={"LANGUAGE": "", "LC_ALL": "" if by_option else f"{lang}_XX.UTF-8"}
    )

    assert result.exit_code == 0
    assert "What is not proven" not in result.stdout
    assert {"ru": "Что не доказано", "ar": "ما لم يثبت"}[lang] in result.stdout
    assert not re.search("[a-z]{3,} [a-z]{3,} [a-z]{3,}", result.stdout), "no English sentence is left"


def test_programs_are_given_codes_and_values_beside_the_words(exported: Path) -> None:
    """A case system acts on codes, which no translation may change."""
    english, russian = (verify(exported, "--lang", lang)[1] for lang in ("en", "ru"))

    assert [one["code"] for one in english["proven"]] == [one["code"] for one in russian["proven"]]
    assert [one["values"] for one in english["proven"]] == [one["values"] for one in russian["proven"]]
    assert {"party": "aa", "size": 2} == english["proven"][0]["values"]
    assert english["proven"][0]["words"] != russian["proven"][0]["words"]


def test_figures_somebody_gave_are_counted_again(exported: Path, tmp_path: Path) -> None:
    """Figures are believed by nobody who can count: one number changed is found, and named."""
    counted = verify(exported, "--figures", "2026-01-02")[1]["figures"]
    given = tmp_path / "figures.json"
    given.write_text(json.dumps({"ok": True, "figures": counted}))
    altered = json.loads(json.dumps(counted))
    altered["lines"][0]["figures"]["lodged"]["count"] += 1
    (tmp_path / "altered.json").write_text(json.dumps(altered))

    code, said, _ = verify(exported, "--claimed", given)
    refused, why, _ = verify(exported, "--claimed", tmp_path / "altered.json")

    assert (0, True) == (code, "figures-agree" in [one["code"] for one in said["proven"]])
    assert (1, "figures-differ") == (refused, why["code"])
    assert "/lines/0/figures/lodged/count" in why["error"]


@pytest.mark.parametrize(
    "given", ["", "[]", "{}", '{"as_of": 1, "since": null}', "[" * 10_000, '{"as_of": "x"}']
)
def test_what_is_no_document_of_figures_is_refused(exported: Path, tmp_path: Path, given: str) -> None:
    """A file from somebody else must end in an answer, not in a traceback."""
    (tmp_path / "given").write_text(given)

    code, said, stderr = verify(exported, "--claimed", tmp_path / "given")

    assert (1, "malformed-figures") == (code, said["code"])
    assert "Traceback" not in stderr


def test_verify_starts_without_django_or_network_libraries(exported: Path) -> None:
    """A stranger's machine has no node; and what is not loaded cannot be attacked."""
    program = (
        "import sys; from comity_cli.main import main\n"
        f"sys.argv = ['comity', 'verify', {str(exported)!r}]\n"
        "code = main()\n"
        "loaded = {'django', 'httpx', 'granian', 'sqlite3', 'rich'} & set(sys.modules)\n"
        "sys.exit(code or (9 if loaded else 0))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=60)

    assert (0, b"") == (done.returncode, done.stderr)


def test_a_proof_of_misconduct_is_explained_by_itself(tmp_path: Path) -> None:
    """Whoever is handed the file needs no export, no node and nobody's word."""
    one, other = histories(2, 1, 1)
    file, policy = tmp_path / "proof.json", tmp_path / "policy"
    file.write_bytes(proof_of(one, other).encode())
    policy.write_bytes(POLICY_OF_BOTH.encode())

    code, said, _ = verify("--policy", policy, file)

    assert (0, ["misconduct", "fork-of-one-size"]) == (code, [found["code"] for found in said["proven"]])
    assert 2 == verify(file)[0], "by whose keys?"
    file.write_bytes(proof_of(one, one).encode())
    code, said, _ = verify("--policy", policy, file)
    assert (1, "proves-nothing") == (code, said["code"])


@pytest.fixture
def revealed(tmp_path: Path) -> Path:
    """One object of a list, shown to lead to its root, with nothing that shows who stated that."""
    one = protected.read_typed({"name": "Northern grid control", "sector": "energy"})
    salted = protected.Salted(one, b"s" * 32)
    tree = protected.Tree.over([salted, protected.Salted(one, b"t" * 32)])
    commitment = tree.commitment
    file = protected.RevealFile(
        form="comity.protected-reveal/1",
        reveal=protected.reveal(tree, salted),
        root=commitment.root.hex(),
        size=commitment.size,
        entry=f"bb.comity/{CHANNEL}#7\x9b2J\u202e",
    )
    place = tmp_path / "reveal.json"
    place.write_bytes(file.encode())
    return place


def test_a_revealed_object_that_nobody_signed_for_is_said_to_be_on_no_list(revealed: Path) -> None:
    """Only that it leads to a hash is proven; the entry its giver names is not said to have stated that."""
    result = CliRunner().invoke(comity, ["verify", str(revealed)])
    proven, not_proven = result.stdout.split("What is not proven")

    assert result.exit_code == 0
    assert "Verified without a policy: no signature was checked" == proven.splitlines()[0]
    assert "Northern grid control" in proven
    assert "was on the list" not in proven
    assert "the file has no proof of the entry" in not_proven
    assert CHANNEL not in result.stdout
    assert set("\x9b\u202e").isdisjoint(result.stdout)
    assert "none" == verify(revealed)[1]["policy"]


def test_a_policy_holds_nothing_for_a_revealed_object_without_a_proof(exported: Path, revealed: Path) -> None:
    """Or whoever strips the proof would be told that it was verified by the policy given."""
    code, said, told = verify(revealed, "--policy", exported / POLICY)

    assert (1, False, "not-signed") == (code, said["ok"], said["code"])
    assert "no proof of the entry that stated the hash" in told


def test_a_delivery_without_a_policy_is_not_said_to_be_verified_by_one(
    exported: Path, tmp_path: Path
) -> None:
    """No export is there, and so no policy in it."""
    place = tmp_path / "bundle"
    place.write_bytes(Bundle(channel=CHANNEL, sender="aa", receiver="bb").encode())
    result = CliRunner().invoke(comity, ["verify", str(place)])

    assert "Verified without a policy: no signature was checked" == result.stdout.splitlines()[0]
    assert (0, "of the export") == (verify(exported)[0], verify(exported)[1]["policy"])
