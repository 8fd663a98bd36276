"""Figures are stated by one side and counted again by the other: agreed byte for byte, or both stand."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from comity.channel.published_figures import read_statement, verify_statement
from comity.errors import ComityError, StatementDoesNotHold
from comity.instruments import library
from comity.reciprocity import StatedFigures
from comity.tlog.proof import TlogProof
from comity_node.assistance import counting, filling
from comity_node.assistance.errors import FiguresAlike, FiguresDiffer
from comity_node.channels import publishing
from comity_node.channels.errors import NothingToPublish
from comity_node.officials import services as officials
from comity_node.officials.errors import AnotherMustSecond
from comity_node.register import mirroring, proofs, queries, rooms, stating
from comity_node.register.proofs import NotYetSigned
from comity_node.web.verify import VerifyForm, _result
from tests.node.assistance.conftest import lodges
from tests.node.counterpart import CHANNEL, SECONDED

pytestmark = pytest.mark.django_db
CHARTER = library()["charter"]
TITLE = "Statement of one witness named Ostap"


def day():
    """Today: what the tests put on record is in it."""
    return timezone.now().date()


@pytest.fixture
def emil(hire):
    """Coordinator of aa: states figures."""
    return hire("emil", "coordinator")


@pytest.fixture
def asked_twice(boris):
    """Boris asked us twice."""
    for number in (1, 2):
        lodges(boris, f"bb-2026-000{number}", TITLE)
    return boris


@pytest.fixture
def ours(asked_twice, emil, dora):
    """A statement of ours on record, receipted: its reference."""
    act = counting.statement(CHANNEL, as_of=day())
    officials.second(officials.prepare(act, by=emil), by=dora)
    asked_twice.receipts()
    return act.ref


def theirs(boris, *, ref="bb-figures-1", change=None, **stated):
    """Have Boris state figures: as an honest node counts them, or with something changed."""
    heads = stating.heads(CHANNEL)
    figures = stating.count_over(CHANNEL, day(), None, heads)
    document = figures.plain()
    if change:
        change(document)
        figures = msgspec.convert(document, StatedFigures)
    opening = {
        "instrument": "charter",
        "table": CHARTER.digest,
        "requested": "aa",
        "as_of": day().isoformat(),
    }
    logs = [f"{party} {head.size} {head.root}" for party, head in sorted(heads.items())]
    boris.does(
        counting.STATED,
        ref,
        stated={**opening, "figures": figures.digest, "logs": logs, **stated},
        payload={"title": "Figures", "figures": document},
        by=SECONDED,
    )
    for log in queries.their_logs(CHANNEL):
        mirroring.give(log)
    return ref


def claims_more(document):
    """One more was lodged, says Boris."""
    for line in document["lines"]:
        line["figures"]["lodged"] += 1


def answers(boris, ref, act, *, figures=None):
    """Have Boris answer a statement of ours with what his node counts, or says it counts."""
    opening = stating.statement(CHANNEL, ref).opening.act
    ours = figures or stating.count_again(CHANNEL, opening.stated)
    boris.does(
        f"{counting.KINDS}.{act}",
        ref,
        stated={"figures": ours.digest, "logs": opening.stated["logs"]},
        payload={"figures": ours.plain()} if act == "disputed" else None,
        answers=(opening.ref,),
        by=SECONDED,
    )
    for log in queries.their_logs(CHANNEL):
        mirroring.give(log)


def test_a_statement_names_what_was_counted_and_takes_two_offices(asked_twice, emil, dora, hire):
    """What is told the public is said by two officers, over a record that anybody can be held to."""
    act = counting.statement(CHANNEL, as_of=day())
    prepared = officials.prepare(act, by=emil)
    with pytest.raises(AnotherMustSecond):
        officials.second(prepared, by=hire("eva", "coordinator"))
    officials.second(prepared, by=dora)

    found = stating.statement(CHANNEL, act.ref)
    assert ("stated", "aa-figures-1") == (found.standing.state, found.ref)
    assert {"aa", "bb"} == found.sides[0].figures.logs.keys()
    assert 2 == max(line.figures["lodged"] for line in found.sides[0].figures.lines)
    assert ["aa-figures-2"] == [counting.statement(CHANNEL, as_of=day()).ref]


def test_what_is_stated_later_is_counted_over_later_entries_only_if_it_says_so(ours, asked_twice):
    """What comes after changes nothing of what was counted."""
    before = stating.statement(CHANNEL, ours)
    lodges(asked_twice, "bb-2026-0003")

    again = stating.count_again(CHANNEL, before.opening.act.stated)
    assert again.digest == before.sides[0].digest
    assert again.digest != counting.statement(CHANNEL, as_of=day()).stated["figures"]


def test_they_agree_with_the_same_digest_and_with_no_other(ours, asked_twice):
    """Nobody agrees to what it did not count."""
    wrong = stating.count_over(CHANNEL, day() - timedelta(days=400), None, stating.heads(CHANNEL))
    answers(asked_twice, ours, "agreed", figures=wrong)
    assert "stated" == stating.statement(CHANNEL, ours).standing.state

    answers(asked_twice, ours, "agreed")
    assert "agreed" == stating.statement(CHANNEL, ours).standing.state


def test_we_agree_with_what_this_node_counts_too_and_cannot_dispute_it(asked_twice, emil, dora, browser):
    """The node counts before the officer signs."""
    ref = theirs(asked_twice)
    with pytest.raises(FiguresAlike):
        filling.act(CHANNEL, ref, "disputed", {}, by=emil)
    page = browser(emil).get(reverse("assistance:request", args=[CHANNEL, ref])).content.decode()
    assert "as this node counts" in page
    assert "This node counts otherwise" not in page

    act = filling.act(CHANNEL, ref, "agreed", {}, by=emil)
    assert ["That day is not over: what is lodged later that day is not counted."] == [
        one.what for one in rooms.doubts(counting.statement(CHANNEL, as_of=day()))
    ]
    assert [] == rooms.doubts(act)
    officials.second(officials.prepare(act, by=emil), by=dora)
    assert "agreed" == stating.statement(CHANNEL, ref).standing.state


def test_we_dispute_what_this_node_counts_otherwise_and_both_stand(asked_twice, emil, dora, browser):
    """The lines that differ are shown before anybody signs, and after."""
    ref = theirs(asked_twice, change=claims_more)
    with pytest.raises(FiguresDiffer, match="Lodged: we count 2, they state 3"):
        filling.act(CHANNEL, ref, "agreed", {}, by=emil)
    page = browser(emil).get(reverse("assistance:request", args=[CHANNEL, ref])).content.decode()
    assert "This node counts otherwise" in page

    act = filling.act(CHANNEL, ref, "disputed", {"text": ["One was never lodged."]}, by=emil)
    said = dict(counting.facts(act))
    assert "we count 2, they state 3" in said["Where we count otherwise"]
    officials.second(officials.prepare(act, by=emil), by=dora)

    found = stating.statement(CHANNEL, ref)
    assert "disputed" == found.standing.state
    assert [3, 2] == [max(line.figures["lodged"] for line in side.figures.lines) for side in found.sides]
    page = browser(emil).get(reverse("assistance:request", args=[CHANNEL, ref])).content.decode()
    assert all(side.digest in page for side in found.sides)


def test_an_act_is_done_by_page_without_writing_a_digest(asked_twice, emil, browser):
    """Nobody copies sixty-four letters."""
    ref = theirs(asked_twice)
    address = reverse("assistance:act", args=[CHANNEL, ref, "agreed"])
    client = browser(emil)
    form = client.get(address).content.decode()
    read = client.post(address, {"language": "en", "marked_tlp": ""}).content.decode()

    assert 'name="figures"' not in form
    assert 'name="shown"' in read
    assert stating.statement(CHANNEL, ref).sides[0].digest in read


def test_a_statement_is_made_by_page_over_what_was_shown(asked_twice, emil, browser):
    """What arrives while the officer reads does not change what is signed."""
    client, address = browser(emil), reverse("assistance:state-figures", args=[CHANNEL])
    read = client.post(address, {"as_of": day().isoformat()})
    act = counting.statement(CHANNEL, as_of=day())
    assert "That day is not over" in read.content.decode()
    lodges(asked_twice, "bb-2026-0003")

    shown = {"as_of": day().isoformat(), "logs": act.stated["logs"], "shown": officials.text_digest(act)}
    done = client.post(address, shown)
    assert 302 == done.status_code
    assert 422 == client.post(address, {"as_of": "never"}).status_code
    assert 409 == client.post(address, {**shown, "logs": ["aa 1 " + "0" * 64]}).status_code


@pytest.mark.parametrize(
    "hostile",
    [
        {"logs": ["aa 999999 " + "0" * 64, "bb 1 " + "0" * 64]},
        {"logs": ["bb 1 " + "0" * 64]},
        {"logs": ["aa 1 " + "0" * 64, "zz 1 " + "0" * 64]},
        {"as_of": "0001-01-01"},
        {"as_of": "9999-12-31"},
        {"since": "9999-12-31"},
    ],
    ids=str,
)
def test_a_hostile_statement_harms_no_page_and_cannot_be_agreed(asked_twice, emil, browser, hostile):
    """It stands as it was sent; this node says why it cannot count it, or that it counts otherwise."""
    ref = theirs(asked_twice, **hostile)
    page = browser(emil).get(reverse("assistance:request", args=[CHANNEL, ref]))

    assert 200 == page.status_code
    with pytest.raises(ComityError):
        filling.act(CHANNEL, ref, "agreed", {}, by=emil)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {"figures": None},
        {"figures": {"form": "comity/figures/v1"}},
        {"figures": [[[[]]]]},
        b'{"figures": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001,
        {"figures": {"lines": [{"figures": {"lodged": -1}}]}},
    ],
    ids=lambda one: str(one)[:40],
)
def test_numbers_that_cannot_be_read_are_said_to_be_so(asked_twice, emil, browser, payload):
    """The digest in the open still counts: this node counts again without them."""
    heads = stating.heads(CHANNEL)
    figures = stating.count_over(CHANNEL, day(), None, heads)
    stated = {
        "instrument": "charter", "table": CHARTER.digest, "requested": "aa", "as_of": day().isoformat(),
        "figures": figures.digest,
        "logs": [f"{party} {head.size} {head.root}" for party, head in sorted(heads.items())],
    }  # fmt: skip
    asked_twice.does(counting.STATED, "bb-figures-1", stated=stated, payload=payload, by=SECONDED)
    page = browser(emil).get(reverse("assistance:request", args=[CHANNEL, "bb-figures-1"])).content.decode()

    assert "The numbers cannot be read" in page
    assert "as this node counts" in page
    with pytest.raises(NothingToPublish):
        publishing.statement_file(CHANNEL, "bb-figures-1")


def test_a_statement_withdrawn_is_published_no_more(ours, asked_twice, emil, dora):
    """Who takes back its word is not quoted by its own node."""
    act = filling.act(CHANNEL, ours, "withdrawn", {}, by=emil)
    assert [] == rooms.doubts(act)
    officials.second(officials.prepare(act, by=emil), by=dora)

    with pytest.raises(NothingToPublish):
        publishing.statement_file(CHANNEL, ours)
    with pytest.raises(NothingToPublish):
        publishing.stated_of(CHANNEL, day().isoformat())


def test_what_is_published_names_no_case_and_is_verified_by_anybody(ours, asked_twice, emil, browser):
    """Numbers, checkpoints, proofs: nothing that says about whom, about what, or under which reference."""
    answers(asked_twice, ours, "agreed")
    asked_twice.receipts()
    made = publishing.statement_file(CHANNEL, ours)
    found = verify_statement(made)

    assert "agreed" == found.state
    assert 1 == len(found.figures)
    said = "\n".join(one.words() for one in found.report.proven)
    assert "aa stated the figures" in said
    assert "bb counted the same entries and agreed to" in said
    assert "aa signed a log that begins with exactly" in said
    for secret in ("bb-2026", "Ostap", "Statement of one", "testimony of", "purpose"):
        assert secret not in _opened(made)
    assert made == browser(emil).get(reverse("channels:statement", args=[CHANNEL, ours])).content


def test_the_page_verifies_what_is_published_as_the_command_does(ours, asked_twice):
    """Whoever is told figures may have them checked without a command."""
    answers(asked_twice, ours, "agreed")
    asked_twice.receipts()
    made = publishing.statement_file(CHANNEL, ours)

    shown = _result(_given(made))

    assert [one.words() for one in verify_statement(made).report.proven] == shown["proven"]
    assert "the file itself" == shown["subject"][-1]["value"]  # no charter here can be read
    altered = made.replace(b'"lodged": 2', b'"lodged": 3')
    assert altered != made
    assert not _result(_given(altered))["holds"]


def _given(made: bytes) -> VerifyForm:
    """The form of the page with a file in it."""
    form = VerifyForm({}, {"file": SimpleUploadedFile("figures.json", made)})
    return form if form.is_valid() else pytest.fail(str(form.errors))


def _opened(made: bytes) -> str:
    """Everything a reader of the file can come to, with its entries opened."""
    file = read_statement(made)
    leaves = [TlogProof.parse(one.encode()).extra.decode() for one in file.entries]
    return made.decode() + "".join(leaves)


def test_nothing_is_published_that_is_not_receipted(asked_twice, emil, dora):
    """One side's word alone is not what the file is for."""
    act = counting.statement(CHANNEL, as_of=day())
    officials.second(officials.prepare(act, by=emil), by=dora)

    with pytest.raises(NotYetSigned):
        publishing.statement_file(CHANNEL, act.ref)


def test_what_is_disputed_is_published_with_both_counts(asked_twice, emil, dora):
    """Both stand side by side, wherever it is read."""
    ref = theirs(asked_twice, change=claims_more)
    act = filling.act(CHANNEL, ref, "disputed", {}, by=emil)
    officials.second(officials.prepare(act, by=emil), by=dora)
    asked_twice.receipts()
    found = verify_statement(publishing.statement_file(CHANNEL, ref))

    assert "disputed" == found.state
    assert 2 == len(found.figures)
    assert "figures-in-dispute" in [one.code for one in found.report.not_proven]


def _change(name, value):
    def change(file):
        file[name] = value

    return change


def _another_number(file):
    file["figures"][0]["lines"][0]["figures"]["lodged"] += 1


def _another_root(file):
    file["figures"][0]["logs"]["aa"]["root"] = "0" * 64


def _twice(file):
    file["entries"] *= 2


def _more_figures(file):
    other = json.loads(json.dumps(file["figures"][0]))
    other["lines"] = []
    file["figures"].append(other)


def _another_checkpoint(file):
    file["logs"]["aa"], file["logs"]["bb"] = file["logs"]["bb"], file["logs"]["aa"]


@pytest.mark.parametrize(
    "change",
    [
        _another_number, _another_root, _twice, _more_figures, _another_checkpoint,
        _change("entries", []), _change("figures", []), _change("logs", {}), _change("policy", ""),
        _change("channel", "z" * 16), _change("form", "comity/figures-statement/v2"), _change("more", 1),
    ],
)  # fmt: skip
def test_a_statement_with_anything_changed_does_not_hold(ours, asked_twice, change):
    """Every byte that matters is covered by somebody's signature."""
    file = json.loads(publishing.statement_file(CHANNEL, ours))
    change(file)

    with pytest.raises(ComityError):
        verify_statement(json.dumps(file).encode())


def test_a_statement_of_entries_of_another_procedure_does_not_hold(ours, asked_twice, lodged):
    """A proof of another entry proves another entry."""
    file = json.loads(publishing.statement_file(CHANNEL, ours))
    other = queries.entries(CHANNEL, ref=lodged)[0]
    file["entries"].append(proofs.proof(other.ref).decode())

    with pytest.raises(StatementDoesNotHold, match="no act of the statement"):
        verify_statement(json.dumps(file).encode())
