"""Policies: whose signatures make a checkpoint valid, and files that say so in no valid way."""

from __future__ import annotations

import pytest

from comity.errors import BadSignature, ComityError, MalformedPolicy, NoQuorum, NotSigned
from comity.keys.signing import Ed25519Key
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import Signature, sign_note
from comity.tlog.policy import Group, Policy, Witness
from comity.tlog.signer import Cosigner
from tests.core.tlog.keys import AT, LOG, LOG_PQ, MIRROR, ORIGIN, RECEIPT, RECEIPT_PQ, WITNESSED

SOME = Checkpoint(ORIGIN, 5, b"\x07" * 32).text()
NAMES = ("X1", "X2", "X3", "Y1", "Y2", "Y3")
COSIGNERS = {
    name: Cosigner(f"witness.example/{name}", Ed25519Key.from_seed(bytes([65 + at]) * 32), AT)
    for at, name in enumerate(NAMES)
}
EXAMPLE = f"""
log {LOG.vkey}

witness X1 {COSIGNERS["X1"].vkey}
witness X2 {COSIGNERS["X2"].vkey}
witness X3 {COSIGNERS["X3"].vkey}
group X-witnesses 2 X1 X2 X3

witness Y1 {COSIGNERS["Y1"].vkey}
witness Y2 {COSIGNERS["Y2"].vkey}
witness Y3 {COSIGNERS["Y3"].vkey}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""
CHANNEL = f"""# the log of aa in this channel
log {LOG.vkey}
witness aa-log-pq {LOG_PQ.vkey}
witness bb-mirror {RECEIPT.vkey} https://bb.example/witness
witness bb-mirror-pq {RECEIPT_PQ.vkey}
\t group\tbb-received  all bb-mirror bb-mirror-pq \t
group both-kinds all aa-log-pq bb-received
quorum both-kinds
"""
A, B, C = (COSIGNERS[name].vkey for name in ("X1", "X2", "X3"))


@pytest.mark.parametrize(
    ("signed", "expected"),
    [
        ("X1 X2 Y1", True),
        ("X1 X2 X3 Y1 Y2 Y3", True),
        ("X2 X3 Y3", True),
        ("X1 Y1 Y2 Y3", False),
        ("X1 X2 X3", False),
        ("", False),
    ],
)
def test_the_example_of_the_specification_counts_its_witnesses(signed, expected):
    """Two of X and one of Y, and nothing less."""
    policy = Policy.parse(EXAMPLE.encode())
    note = sign_note(SOME, LOG, *(COSIGNERS[name] for name in signed.split()))

    verdict = policy.evaluate(note)

    assert expected is verdict.has_quorum
    assert set(signed.split()) == set(verdict.cosigned_at)


def test_a_channel_demands_both_kinds_of_signature_of_both_sides():
    """A receipt stands even if one of the two algorithms falls."""
    policy = Policy.parse(CHANNEL.encode())

    verdict = policy.accept(sign_note(SOME, LOG, LOG_PQ, RECEIPT, RECEIPT_PQ))

    assert {"aa-log-pq": AT, "bb-mirror": AT, "bb-mirror-pq": AT} == verdict.cosigned_at
    assert (LOG.vkey,) == verdict.logs
    for missing in ([LOG, RECEIPT, RECEIPT_PQ], [LOG, LOG_PQ, RECEIPT], [LOG, LOG_PQ, RECEIPT_PQ]):
        with pytest.raises(NoQuorum):
            policy.accept(sign_note(SOME, *missing))


def test_a_policy_without_witnesses_asks_for_the_log_only():
    """``quorum none`` is said, not assumed."""
    policy = Policy.parse(f"log {LOG.vkey}\nquorum none\n".encode())

    assert policy.accept(sign_note(SOME, LOG)).has_quorum
    with pytest.raises(NotSigned):
        policy.accept(sign_note(SOME, RECEIPT))


def test_a_log_signs_only_under_its_own_origin():
    """The key of one log says nothing about another."""
    policy = Policy.parse(f"log {LOG.vkey}\nquorum none\n".encode())

    with pytest.raises(NotSigned):
        policy.accept(sign_note(Checkpoint("aa.comity/ponmlkjihgfedcba", 5, b"\x07" * 32).text(), LOG))


def test_a_forged_cosignature_refuses_the_checkpoint_even_if_it_was_not_needed():
    """Where a known name is forged, nothing else on the note is taken at its word."""
    policy = Policy.parse(f"log {LOG.vkey}\nwitness w {WITNESSED.vkey}\nquorum none\n".encode())
    forged = Signature(WITNESSED.vkey.name, WITNESSED.vkey.key_id, bytes(72))

    with pytest.raises(BadSignature):
        policy.accept(sign_note(SOME, LOG).with_signatures([forged]))


@pytest.mark.parametrize("text", [EXAMPLE, CHANNEL])
def test_a_policy_is_read_back_from_what_it_writes(text):
    """Both sides keep the policy as text and must mean the same by it."""
    policy = Policy.parse(text.encode())

    assert policy == Policy.parse(policy.encode())


def test_names_that_are_not_utf_8_are_kept_as_they_are():
    """Names are opaque octets: the format says so."""
    text = b"witness \xff\xfe " + str(A).encode() + b"\nquorum \xff\xfe\n"

    assert text == Policy.parse(text).encode()


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("no quorum", f"log {LOG.vkey}\n"),
        ("two quorums", "quorum none\nquorum none\n"),
        ("undefined quorum", "quorum w\n"),
        ("quorum above its definition", f"quorum w\nwitness w {A}\n"),
        ("no last newline", "quorum none"),
        ("unknown word", "quorum none\nmirror w\n"),
        ("carriage return", "quorum none\r\n"),
        ("delete character", "# \x7f\nquorum none\n"),
        ("log of two urls", f"log {LOG.vkey} a b\nquorum none\n"),
        ("same log key twice", f"log {LOG.vkey}\nlog {LOG.vkey.renamed('x')}\nquorum none\n"),
        ("same witness key twice", f"witness a {A}\nwitness b {A.renamed('x')}\nquorum none\n"),
        ("same name twice", f"witness a {A}\nwitness a {B}\nquorum none\n"),
        ("group named as a witness", f"witness a {A}\ngroup a any a\nquorum none\n"),
        ("witness named none", f"witness none {A}\nquorum none\n"),
        ("none in a group", f"witness a {A}\ngroup g any a none\nquorum g\n"),
        ("group above its member", f"group g any a\nwitness a {A}\nquorum g\n"),
        ("group in itself", "group g any g\nquorum g\n"),
        ("empty group", "group g any\nquorum g\n"),
        ("member twice", f"witness a {A}\ngroup g 2 a a\nquorum g\n"),
        ("member of two groups", f"witness a {A}\ngroup g any a\ngroup h any a\nquorum g\n"),
        ("threshold zero", f"witness a {A}\ngroup g 0 a\nquorum g\n"),
        ("threshold too high", f"witness a {A}\ngroup g 2 a\nquorum g\n"),
        ("threshold with a zero before it", f"witness a {A}\ngroup g 01 a\nquorum g\n"),
        ("threshold not a number", f"witness a {A}\ngroup g most a\nquorum g\n"),
        ("log key on a witness line", f"witness a {LOG.vkey}\nquorum a\n"),
        ("witness key on a log line", f"log {A}\nquorum none\n"),
        ("comment after a line", f"log {LOG.vkey} url # comment\nquorum none\n"),
        ("too large", "#" * 32_000_001 + "\nquorum none\n"),
        ("too many", f"witness a {A}\n" + "".join(f"group g{n} any a\n" for n in range(300)) + "quorum a\n"),
    ],
)
def test_a_policy_that_breaks_a_rule_of_the_format_is_refused(why, text):
    """A policy two parties could read in two ways decides nothing."""
    with pytest.raises(MalformedPolicy):
        Policy.parse(text.encode())


def test_a_policy_holds_the_numbers_the_specification_asks_for():
    """At least 32 of each."""
    keys = [Cosigner(f"w{n}", Ed25519Key.from_seed(bytes([n]) * 32), AT).vkey for n in range(1, 65)]
    lines = [f"witness w{n} {key}" for n, key in enumerate(keys)]
    lines += [f"group g{n} any w{n}" for n in range(64)]

    policy = Policy.parse("\n".join([*lines, "quorum g63", ""]).encode())

    assert policy.is_quorum(["w63"])
    assert not policy.is_quorum(["w62", "g63"])


@pytest.mark.parametrize("name", ["", "two words", "tab\t"])
def test_a_name_a_line_could_not_hold_is_refused(name):
    """A policy made in code must be one its text can state."""
    with pytest.raises(ComityError):
        Policy((), (Witness(name, A),), (), "none")
    with pytest.raises(ComityError):
        Policy((), (Witness("a", A),), (Group(name, 1, ("a",)),), "none")


def test_a_policy_made_in_code_must_define_its_quorum_too():
    """Otherwise it could never be met, and nobody would know why."""
    with pytest.raises(MalformedPolicy):
        Policy((), (Witness("a", A),), (), "b")


def test_the_mirror_goes_by_its_name():
    """Names in a policy are the policy's own; the key's name is what signs."""
    assert MIRROR == Policy.parse(CHANNEL.encode()).witnesses[1].vkey.name
