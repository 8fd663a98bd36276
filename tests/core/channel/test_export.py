"""An export: what it proves when whole, and that nothing in it can be altered unnoticed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity.channel.charter import policy_of
from comity.channel.export import POLICY, receipt_name
from comity.channel.statements import Statement, said
from comity.channel.verification import verify_export
from comity.channel.verified_parts import verify_proof
from comity.errors import ComityError, ExportDoesNotHold, NoQuorum
from comity.instruments import digest, texts
from comity.mirror import ForkProof, give_receipt
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import leaf_hash
from comity.tlog.note import parse_note, sign_note
from comity.tlog.policy import Log, Policy
from comity.tlog.proof import TlogProof
from comity.tlog.signer import Cosigner
from tests.core.channel.exported import (
    CHANNEL,
    Author,
    InMemory,
    conversation,
    export_of,
    ring,
    tiles,
    whole_export,
)

SIGNED = sorted(path for path in whole_export().held if path != "README")


def altered(files: InMemory, path: str, *, at: int) -> InMemory:
    """The export with one bit of one file turned."""
    content = bytearray(files.held[path])
    content[at] ^= 1
    return InMemory({**files.held, path: bytes(content)})


def codes(statements: list[Statement]) -> set[str]:
    """What statements say, whatever the words."""
    return {one.code for one in statements}


def test_a_whole_export_proves_both_logs_their_receipts_and_the_standing() -> None:
    """A stranger must learn who signed for what and where the case stands, from the files alone."""
    report = verify_export(whole_export())

    assert (4, {"aa": 2, "bb": 2}, {"aa": 2, "bb": 2}) == (report.entries, report.logs, report.receipted)
    assert ["aa-2026-0001", CHANNEL] == [one["ref"] for one in report.standings]
    assert ["Acknowledged", "Accepted"] == [one["standing"] for one in report.standings]
    assert report.signatures == 16


def test_who_has_written_nothing_has_receipted_all_the_same() -> None:
    """A proposal nobody answered is exported as well, to show that the other side has it."""
    anna, boris, _ = conversation()
    del anna.leaves[1:]
    files = export_of(anna, boris)
    files.held = {path: held for path, held in files.held.items() if not path.startswith("bb/")}

    report = verify_export(files)

    assert ({"aa": 1}, {"aa": 1}) == (report.logs, report.receipted)
    assert ["Proposed"] == [one["standing"] for one in report.standings]


def test_what_is_not_proven_is_said_every_time() -> None:
    """A court must not take a signature for the truth of what was signed."""
    report = verify_export(whole_export())

    assert {"truth", "person", "clocks", "what-followed", "whose-keys-inside"} <= codes(report.not_proven)


@pytest.mark.parametrize("path", SIGNED)
@pytest.mark.parametrize("place", [0, 0.5, -1])
def test_one_altered_bit_in_any_file_is_noticed(path: str, place: float) -> None:
    """If one byte could be changed unnoticed, the export would prove nothing."""
    files = whole_export()
    size = len(files.held[path])
    at = size - 1 if place < 0 else int(place * (size - 1))

    with pytest.raises(ComityError):
        verify_export(altered(files, path, at=at))


@pytest.mark.parametrize(
    "path", [path for path in SIGNED if not path.endswith((".age", "mirrors")) and "/receipts/" not in path]
)
def test_a_missing_file_is_not_overlooked(path: str) -> None:
    """Whoever leaves a file out must not thereby leave out what it says."""
    files = whole_export()
    del files.held[path]

    try:
        report = verify_export(files)
    except ComityError:
        return

    assert path.startswith("instruments/")
    assert "text-absent" in codes(report.not_proven)


def test_a_log_without_receipts_is_said_to_be_held_by_nobody_else() -> None:
    """A party must not pass off as delivered what nobody signed for."""
    files = whole_export()
    del files.held["aa/receipts/2.bb"]
    files.held["aa/checkpoint"] = conversation_checkpoint()
    files.held["aa/mirrors"] = b""

    report = verify_export(files)

    assert report.receipted == {"aa": 0, "bb": 2}
    assert said("not-received", party="aa", first=0, last=1) in report.not_proven


def conversation_checkpoint() -> bytes:
    """Anna's checkpoint that nobody cosigned."""
    anna, _, _ = conversation()
    return anna.checkpoint()


def test_a_party_cannot_receipt_its_own_log() -> None:
    """A receipt is the other side's word; one's own is worth nothing."""
    anna, boris, _ = conversation()
    files = export_of(anna, boris)
    files.held["aa/checkpoint"] = anna.receipted_by(anna)
    files.held["aa/mirrors"] = b""

    with pytest.raises(ExportDoesNotHold, match="own mirror"):
        verify_export(files)


def test_a_receipt_file_signed_by_the_author_alone_is_refused() -> None:
    """The name of a file must not make a receipt of what is none."""
    anna, boris, _ = conversation()
    files = export_of(anna, boris)
    files.held[f"aa/receipts/{receipt_name(2, 'bb')}"] = anna.receipted_by(anna)

    with pytest.raises(ExportDoesNotHold, match="not a receipt"):
        verify_export(files)


def test_a_receipt_for_more_than_is_here_shows_that_entries_are_missing() -> None:
    """Truncating one's own log is the oldest trick; the receipt gives it away."""
    anna, boris, _ = conversation()
    longer = export_of(anna, boris)
    anna.leaves.pop()
    files = export_of(anna, boris)
    files.held["aa/receipts/2.bb"] = longer.held["aa/receipts/2.bb"]

    with pytest.raises(ExportDoesNotHold, match="entries are missing"):
        verify_export(files)


def test_another_policy_verifies_nothing() -> None:
    """Keys are believed because the verifier knows them, not because they lie beside the record."""
    with pytest.raises(ExportDoesNotHold, match="policy"):
        verify_export(whole_export(), Policy.parse(stranger()))


def test_the_verifiers_own_policy_is_preferred_and_said_so() -> None:
    """Trust that comes from the export itself is no trust; the report must tell the difference."""
    files = whole_export()
    own = Policy.parse(files.held.pop(POLICY))

    report = verify_export(files, own)

    assert "whose-keys-given" in codes(report.not_proven)


def of_anothers_choice(text: bytes) -> tuple[str, dict[str, bytes]]:
    """A treaty of one party's own: its digest, and its files. By it a request ends when it is lodged."""
    files = dict(texts()["us-ru-1999"])
    pattern = "pattern-mutual-assistance.toml"
    files[pattern] = files[pattern].replace(b'to       = "lodged"', b'to       = "closed"')
    assert files[pattern] != texts()["us-ru-1999"][pattern]
    files["instrument.toml"] += text
    return digest(files), files


@pytest.mark.parametrize("place", range(8))
def test_a_text_that_one_party_names_alone_decides_nothing(place: int) -> None:
    """Its author would otherwise have a stranger attest a standing that neither node ever showed."""
    anna, boris, _ = conversation()
    named, texts = of_anothers_choice(f"# {place}\n".encode())  # the digest decides which text is read last
    boris.writes("note.sent", "bb-1", seen={"aa": 2}, stated={"table": named})
    files = export_of(anna, boris)
    files.held |= {f"instruments/another/{name}": content for name, content in texts.items()}

    report = verify_export(files)

    assert {"Acknowledged", "Accepted"} == {one["standing"] for one in report.standings}
    assert "text-not-chosen" in codes(report.not_proven)


def test_having_seen_nothing_of_a_log_is_no_fault_whoever_says_it() -> None:
    """Nodes take such an entry; a stranger must be able to verify what they hold."""
    anna, boris, _ = conversation()
    boris.writes("note.sent", "bb-1", seen={"aa": 2, "zz": 0})

    assert 5 == verify_export(export_of(anna, boris)).entries


@pytest.mark.parametrize("at", [0, 2**40, 2**63 - 1])
def test_a_time_that_no_calendar_has_is_called_no_time(at: int) -> None:
    """Whoever cosigns may write any number of 63 bits; the reader still gets an answer."""
    anna, boris, _ = conversation()
    key = ring("aa").witness.ed25519
    witness = Cosigner("w.example/witness", key, at)
    marked = parse_note(anna.checkpoint())
    marked = marked.with_signatures(sign_note(marked.text, witness).signatures)
    files = export_of(anna, boris)
    files.held[POLICY] = policy_of(CHANNEL, [anna.keys(), boris.keys()], [witness.vkey]).encode()
    files.held["aa/witnessed/0"] = marked.encode()

    assert any("at no stated time" in one.words() for one in verify_export(files).proven)


def witnessed_only():
    """An export of a log whose counterpart is silent, and what its witness marked; the proof of one entry."""
    anna, boris, _ = conversation()
    witness = Cosigner("w.example/witness", ring("aa").witness.ed25519, 1_800_000_000)
    marked = parse_note(anna.checkpoint())
    marked = marked.with_signatures(sign_note(marked.text, witness).signatures)
    policy = policy_of(CHANNEL, [anna.keys(), boris.keys()], [witness.vkey])
    files = export_of(anna, boris)
    files.held[POLICY] = policy.encode()
    files.held["aa/witnessed/0"] = marked.encode()
    del files.held["aa/receipts/2.bb"]
    files.held["aa/checkpoint"], files.held["aa/mirrors"] = anna.checkpoint(), b""
    return files, policy, TlogProof(0, (leaf_hash(anna.leaves[1]),), marked, anna.leaves[0])


def test_a_witness_proves_by_when_an_entry_was_lodged_though_the_counterpart_is_silent() -> None:
    """Silence must not take the date from whoever asked in time; and the date is no receipt."""
    files, _, _ = witnessed_only()

    report = verify_export(files)

    (lodged,) = [one for one in report.proven if one.code == "lodged-by"]
    assert "entries 0 to 1 of the log of aa were lodged by 2027-01-15 08:00:00 UTC" in lodged.words()
    assert said("not-received", party="aa", first=0, last=1) in report.not_proven


def test_the_proof_of_such_an_entry_says_by_when_and_that_it_is_no_receipt() -> None:
    """A policy that demands a receipt is not satisfied by a witness, and the date is said all the same."""
    _, policy, proof = witnessed_only()

    with pytest.raises(NoQuorum, match=r"lodged, as neutral witnesses saw .*by 2027-01-15 08:00:00"):
        verify_proof(proof.encode(), policy)


@pytest.mark.parametrize("at", [0, 2**40, 2**63 - 1])
def test_a_proof_cosigned_at_no_time_is_still_a_proof(at: int) -> None:
    """The time is one thing a cosignature says, that the log was held is another."""
    anna, boris, _ = conversation()
    mirrors = [Cosigner(one.name, one.key, at) for one in boris.mirror_signers()]
    note = parse_note(give_receipt(anna.checkpoint(), mirrors))
    proof = TlogProof(0, (leaf_hash(anna.leaves[1]),), note, anna.leaves[0])

    report = verify_proof(proof.encode(), policy_of(CHANNEL, [anna.keys(), boris.keys()]))

    assert any("at no stated time" in one.words() for one in report.proven)


def test_a_policy_of_several_channels_verifies_each_of_them() -> None:
    """A court that knows both parties' keys keeps one policy, not one for every case."""
    files = whole_export()
    own = Policy.parse(files.held[POLICY])
    more = tuple(
        Log(replace(one.vkey, name=one.vkey.name.replace(CHANNEL, "a" * 16), public=other.vkey.public))
        for one, other in zip(own.logs, Policy.parse(stranger()).logs, strict=True)
    )

    report = verify_export(files, replace(own, logs=(*more, *own.logs)))

    assert report.channel == CHANNEL


def stranger() -> bytes:
    """A policy of two other parties."""
    return policy_of(CHANNEL, [Author("cc").keys(), Author("dd").keys()]).encode()


def test_a_policy_brought_along_demands_its_quorum() -> None:
    """Whoever demands a receipt must not be satisfied with a log nobody signed for."""
    files = whole_export()
    own = Policy.parse(files.held[POLICY])
    del files.held["aa/receipts/2.bb"]
    files.held["aa/checkpoint"] = conversation_checkpoint()
    files.held["aa/mirrors"] = b""

    with pytest.raises(NoQuorum):
        verify_export(files, own)


def test_a_policy_weaker_than_the_charters_is_refused() -> None:
    """An export must not bring a policy that asks for less than the parties agreed to."""
    files = whole_export()
    files.held[POLICY] = files.held[POLICY].replace(b"group aa-mirror 2", b"group aa-mirror 1")

    with pytest.raises(ExportDoesNotHold, match="charter"):
        verify_export(files)


def test_entries_that_claim_to_have_seen_each_other_are_refused() -> None:
    """Nobody answers what is not yet said: one of the two lies about the order."""
    anna, boris, _ = conversation()
    anna.writes("talk.said", "aa-1", seen={"bb": 3})
    boris.writes("talk.said", "bb-1", seen={"aa": 3})

    with pytest.raises(ComityError, match="came after the other"):
        verify_export(export_of(anna, boris))


def test_an_entry_that_saw_what_is_not_here_is_refused() -> None:
    """An export that drops the end of one log is betrayed by the other log."""
    anna, boris, _ = conversation()
    anna.writes("talk.said", "aa-1", seen={"bb": 9})

    with pytest.raises(ComityError, match="not here"):
        verify_export(export_of(anna, boris))


def test_a_payload_no_entry_names_is_refused() -> None:
    """What was slipped in beside the record must not be read as part of it."""
    files = whole_export()
    files.held[f"payloads/{'0' * 64}.age"] = b"slipped in"

    with pytest.raises(ExportDoesNotHold, match="named by no entry"):
        verify_export(files)


def test_a_fork_proof_is_verified_and_named() -> None:
    """Misconduct must be provable to a third party, and must not be alleged without proof."""
    files, anna = whole_export(), Author("aa")
    notes = [
        sign_note(Checkpoint(str(anna.origin), 7, bytes([kind]) * 32).text(), *anna.log_signers()).encode()
        for kind in (1, 2)
    ]
    files.held["misconduct/proof.json"] = ForkProof(notes[0], notes[1]).encode()

    report = verify_export(files)

    assert said("misconduct", party="aa") in report.proven
    files.held["misconduct/proof.json"] = ForkProof(notes[0], notes[0]).encode()
    with pytest.raises(ExportDoesNotHold, match="does not prove"):
        verify_export(files)


@pytest.mark.parametrize("size", [255, 256, 257, 600])
def test_logs_of_any_length_lead_to_their_root(size: int) -> None:
    """Full and partial tiles, at their borders, are where trees go wrong."""
    anna, boris, _ = conversation()
    for number in range(size - len(anna.leaves)):
        anna.writes("talk.said", f"aa-{number}", seen={"bb": 1})
    files = export_of(anna, boris)
    files.held["aa/receipts/2.bb"] = anna.receipted_by(boris, 2)

    report = verify_export(files)

    assert size + 2 == report.entries
    assert report.entries == verify_export(files, tree_only=True).entries


def test_a_tile_above_the_bottom_that_differs_is_noticed() -> None:
    """Readers who start at the top of the tree must find there what stands at its bottom."""
    anna, boris, _ = conversation()
    for number in range(300):
        anna.writes("talk.said", f"aa-{number}", seen={"bb": 1})
    files = export_of(anna, boris)
    top = next(tile.path for tile, _ in tiles(anna.leaves) if tile.level == 1)

    with pytest.raises(ExportDoesNotHold, match="tile/1"):
        verify_export(altered(files, f"aa/{top}", at=5))
