"""The verifier page as a court opens it: from a disk, with no network, against files made to mislead."""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from comity.channel.charter import policy_of
from comity.channel.export import POLICY
from comity.channel.verification import verify_export
from comity.channel.verified_parts import verify_proof
from comity.errors import ComityError
from comity.tlog.merkle import leaf_hash
from comity.tlog.note import parse_note
from comity.tlog.policy import Policy
from comity.tlog.proof import TlogProof
from comity_cli.staging.nodes import comity
from tests.core.channel.exported import (
    CHANNEL,
    Author,
    InMemory,
    conversation,
    export_of,
    of_claims,
    whole_export,
)
from tests.core.channel.rotated import STORIES
from tests.core.channel.test_seen import CASES
from tools import build_verifier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

    from tests.browser.conftest import Case, House

pytestmark = pytest.mark.browser

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z")
_NO_ED25519 = """
const whole = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = async (form, key, algorithm, ...rest) => {
  if (algorithm === "Ed25519") throw new DOMException("not here", "NotSupportedError");
  return whole(form, key, algorithm, ...rest);
};
"""


@dataclass
class Court:
    """A window with the page in it, and what it asked of the world."""

    context: BrowserContext
    page_file: Path
    asked: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda message: self.troubles.append(message.text))
        self.page.goto(self.page_file.as_uri())

    def verify(self, name: str, content: bytes, policy: bytes | None = None) -> bool:
        """Give files and have them verified; says whether everything held."""
        self._give("#file", name, content)
        self._give("#policy", "policy", policy)
        self.page.keyboard.press("Escape")
        self.page.locator("#given button").focus()
        self.page.keyboard.press("Enter")
        self.page.locator("#given button:enabled").wait_for()
        return self.page.locator("#answer").get_attribute("data-holds") == "yes"

    def _give(self, where: str, name: str, content: bytes | None) -> None:
        kind = "application/octet-stream"
        files = [] if content is None else [{"name": name, "mimeType": kind, "buffer": content}]
        self.page.set_input_files(where, files)

    def codes(self, heading: str) -> list[str]:
        """The statements under a heading."""
        every = self.page.locator(f"#{heading} li").all()
        return [str(one.get_attribute("data-code")) for one in every]

    def words(self, heading: str) -> list[str]:
        """The same in words."""
        return self.page.locator(f"#{heading} li").all_inner_texts()

    @property
    def why(self) -> str:
        """What does not hold."""
        return self.page.locator("#why").inner_text()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as it is built now."""
    file = tmp_path_factory.mktemp("verifier") / "comity-verifier.html"
    build_verifier.main([str(file)])
    return file


@pytest.fixture
def court(chromium: Browser, page_file: Path) -> Iterator[Court]:
    """A window that is cut off from every network."""
    context = chromium.new_context(offline=True, locale="en-GB")
    court = Court(context, page_file)
    yield court
    assert [] == court.troubles
    assert {page_file.as_uri()} == set(court.asked), "the page asked the network for something"
    context.close()


def zipped(files: InMemory, root: str = "") -> bytes:
    """An export as a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.held.items():
            archive.writestr(root + path, content)
    return packed.getvalue()


def tarred(files: InMemory) -> bytes:
    """An export as tar packs a folder."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path, content in files.held.items():
            member = tarfile.TarInfo(f"./export/{path}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def a_proof() -> tuple[bytes, bytes]:
    """The proof of one entry, and the policy it is verified by."""
    anna, boris, _ = conversation()
    note = parse_note(anna.receipted_by(boris))
    proof = TlogProof(1, (leaf_hash(anna.leaves[0]),), note, extra=anna.leaves[1])
    return proof.encode(), policy_of(CHANNEL, [anna.keys(), boris.keys()]).encode()


def test_a_proof_says_in_the_page_what_it_says_in_the_command(court: Court) -> None:
    """A court must not learn more, or less, from one verifier than from the other."""
    proof, policy = a_proof()
    report = verify_proof(proof, Policy.parse(policy))

    assert court.verify("entry.tlog-proof", proof, policy)

    assert [one.words() for one in report.proven] == court.words("proven")
    assert [one.words() for one in report.not_proven] == court.words("not_proven")
    assert f"Signatures checked\n{report.signatures}" in court.page.inner_text("#answer")


@pytest.mark.parametrize("form", ["zip", "zip of a folder", "tar"])
def test_an_export_is_verified_however_it_is_packed(court: Court, form: str) -> None:
    """Who hands a record over packs it with what their desk has."""
    files = whole_export()
    packed = {"zip": zipped(files), "zip of a folder": zipped(files, "record/"), "tar": tarred(files)}[form]
    report = verify_export(files)

    assert court.verify("export", packed)

    only_here = {"text-is-stated", "standings-unread"}
    assert {one.code for one in report.proven} - {"standings"} == set(court.codes("proven")) - only_here
    assert {one.code for one in report.not_proven} == set(court.codes("not_proven")) - only_here
    assert f"Signatures checked\n{report.signatures}" in court.page.inner_text("#answer")


def test_an_export_of_several_tiles_is_verified(court: Court) -> None:
    """Beyond 256 entries there are tiles above tiles, and each must lead to the signed root."""
    anna, boris = Author("aa"), Author("bb")
    for number in range(600):
        anna.writes("note.sent", f"aa-{number}")
    boris.writes("note.sent", "bb-1", seen={"aa": 600})
    files = export_of(anna, boris)
    for path in [path for path in files.held if path.startswith("instruments/")]:
        del files.held[path]

    assert court.verify("export.zip", zipped(files))

    files.held["aa/tile/1/000.p/2"] = bytes(64)
    assert not court.verify("export.zip", zipped(files))
    assert "aa/tile/1/000.p/2" in court.why


def test_what_entries_say_to_have_seen_is_judged_as_the_command_judges_it(court: Court) -> None:
    """Cases of two, three and four parties, honest and not, with one log of two histories or without."""
    for case in CASES:
        files = of_claims(case["logs"], case.get("forked", ()))
        assert case["holds"] == court.verify("export.zip", zipped(files)), case["name"]
        assert case["holds"] or "claims-the-unseen" in court.why, case["name"]
        assert not case["holds"] or ("misconduct" in court.codes("proven")) == ("forked" in case)


@pytest.mark.parametrize("name", STORIES)
def test_keys_that_changed_are_followed_as_the_command_follows_them(court: Court, name: str) -> None:
    """The same answer, the same statements with the same values, the same refusal."""
    story, holds = STORIES[name]
    files, own = story.export(), story.own_policy()
    policy = Policy.parse(own) if own else None

    assert holds == court.verify("export.zip", zipped(files), own), court.why
    if not holds:
        with pytest.raises(ComityError) as refused:
            verify_export(files, policy)
        assert court.why.startswith(f"{refused.value.code}: ")
        return
    report = verify_export(files, policy)
    assert Counter(one.code for one in report.proven) == Counter(court.codes("proven"))
    words = {_TIME.sub(r"\1 \2 UTC", one.words()) for one in report.proven}
    assert words == set(court.words("proven"))
    expected = {one.code for one in report.not_proven} | {"standings-unread"}
    assert expected == set(court.codes("not_proven"))
    assert str(report.signatures) in court.page.inner_text("#answer dl")


def test_the_readers_own_policy_is_believed_and_a_strangers_is_not(court: Court) -> None:
    """Keys from elsewhere are what makes the answer worth something."""
    files = whole_export()
    own = files.held.pop(POLICY)
    others = policy_of(CHANNEL, [Author("cc").keys(), Author("dd").keys()]).encode()

    assert court.verify("export.zip", zipped(files), own)
    assert "whose-keys-given" in court.codes("not_proven")
    assert not court.verify("export.zip", zipped(files), others)


def test_one_altered_bit_in_any_file_is_noticed(court: Court) -> None:
    """If one byte could be changed unnoticed in a browser, nobody should verify in one."""
    files = whole_export()
    unnoticed = []
    for path in sorted(files.held.keys() - {"README"}):
        content = bytearray(files.held[path])
        content[len(content) // 2] ^= 1
        if court.verify("export.zip", zipped(InMemory({**files.held, path: bytes(content)}))):
            unnoticed.append(path)

    assert [] == unnoticed


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"index 1", b"index 0", "not-included"),
        (b"c2sp.org", b"c2sp.orf", "not-known"),
        (b"index 1", b"index 01", "malformed-proof"),
        (b"\n2\n", b"\n3\n", "bad-signature"),
        (b"extra ", b"extra A", "malformed-proof"),
    ],
)
def test_a_proof_that_was_altered_is_refused_for_what_is_wrong(
    court: Court, old: bytes, new: bytes, code: str
) -> None:
    """The reader must learn what to ask about."""
    proof, policy = a_proof()
    assert old in proof

    assert not court.verify("entry.tlog-proof", proof.replace(old, new), policy)

    if code == "not-known":
        assert "neither the proof of an entry nor an export" in court.page.inner_text("#status")
    else:
        assert court.why.startswith(f"{code}: ")


def test_a_proof_only_its_author_signed_for_is_refused(court: Court) -> None:
    """A party's own mirror never makes a receipt for its own log."""
    anna, boris, _ = conversation()
    note = parse_note(anna.receipted_by(anna))
    proof = TlogProof(1, (leaf_hash(anna.leaves[0]),), note, extra=anna.leaves[1]).encode()

    assert not court.verify(
        "entry.tlog-proof", proof, policy_of(CHANNEL, [anna.keys(), boris.keys()]).encode()
    )

    assert court.why.startswith("no-quorum")


def test_a_slip_of_the_reader_is_no_verdict(court: Court) -> None:
    """A forgotten policy must not look like a false proof."""
    proof, _ = a_proof()
    court.verify("entry.tlog-proof", proof)

    assert court.page.locator("#answer").is_hidden()
    assert "give the policy too" in court.page.inner_text("#status")


def test_ed25519_is_checked_also_where_the_browser_has_none(chromium: Browser, page_file: Path) -> None:
    """Courts have old browsers; the answer must be the same in them."""
    context = chromium.new_context(offline=True)
    context.add_init_script(_NO_ED25519)
    court = Court(context, page_file)
    proof, policy = a_proof()
    head, mark, tail = proof.partition("— aa.comity/".encode())
    line, _, rest = tail.partition(b"\n")
    broken = line[:-6] + (b"AAAA" if line[-6:-2] != b"AAAA" else b"BBBB") + line[-2:]

    assert court.verify("entry.tlog-proof", proof, policy)
    assert not court.verify("entry.tlog-proof", head + mark + broken + b"\n" + rest, policy)
    assert court.why.startswith("bad-signature")
    assert [] == court.troubles
    context.close()


@pytest.mark.parametrize(
    ("language", "direction", "proven"), [("ru", "ltr", "Что доказано"), ("ar", "rtl", "ما ثبت")]
)
def test_the_answer_is_in_the_readers_language(
    chromium: Browser, page_file: Path, language: str, direction: str, proven: str
) -> None:
    """What is not proven must be understood by the court, not by its interpreter."""
    context = chromium.new_context(offline=True, locale=language)
    court = Court(context, page_file)
    proof, policy = a_proof()

    assert court.verify("entry.tlog-proof", proof, policy)

    assert (language, direction) == tuple(
        court.page.locator("html").get_attribute(name) for name in ("lang", "dir")
    )
    assert proven in court.page.inner_text("#answer")
    court.page.select_option("#language", "en")
    assert "What is proven" in court.page.inner_text("#answer")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_a_telephone_and_leads_the_eye_to_the_verdict(
    chromium: Browser, page_file: Path, scheme: str
) -> None:
    """The verdict must be found by whoever cannot see the page, and read on the smallest screen."""
    context = chromium.new_context(
        offline=True, viewport={"width": 360, "height": 700}, color_scheme=scheme, locale="ar"
    )
    court = Court(context, page_file)

    assert court.verify("export.zip", zipped(whole_export()))

    assert "H2" == court.page.evaluate("document.activeElement.tagName")
    assert court.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.two_nodes
def test_a_real_export_and_a_real_proof_of_our_nodes_are_verified(
    court: Court, case: Case, house: House, tmp_path: Path
) -> None:
    """What a node writes, with its exhibits and passports, is what a court will bring."""
    channel = case.channel.strip("/").split("/")[-1]
    node = house.pair.nodes["aa"]
    comity(node, "export", channel, str(tmp_path / "record"), "--payloads").result()
    files = InMemory(
        {
            str(one.relative_to(tmp_path / "record")): one.read_bytes()
            for one in (tmp_path / "record").rglob("*")
            if one.is_file()
        }
    )
    proof = case.anna.context.request.get(f"{case.anna.address}/logs/aa/{channel}/1/proof").body()

    assert court.verify("export.zip", zipped(files))
    assert {"log-is-whole", "received", "passport-agrees", "payloads-match"} <= set(court.codes("proven"))
    assert court.verify("entry.tlog-proof", proof, files.held[POLICY])
    assert "entry-received" in court.codes("proven")
    assert not court.verify("entry.tlog-proof", proof.replace(b"index 1", b"index 0"), files.held[POLICY])


@pytest.mark.two_nodes
def test_the_node_gives_the_page_away_as_a_file(case: Case, page_file: Path) -> None:
    """An official gives it to a court with the proof; it must be the very page that was built."""
    case.boris.open("/verify/")
    with case.boris.page.expect_download() as given:
        case.boris.page.get_by_role("link", name="comity-verifier.html").click()

    assert page_file.read_bytes() == given.value.path().read_bytes()
