"""The main job, scene by scene: trust, a channel, a request and its execution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.browser.officer import Officer

PURPOSE: Final = "Working group of two coordinators."
_DEMANDED: Final = (
    "Authority conducting the matter",
    "Subject and nature of the matter",
    "Offences, text of the provisions and penalties",
    "Summary of the facts",
    "Assistance sought",
    "Purpose of the assistance",
)


def trust(mine: Officer, theirs: Officer) -> None:
    """Read in the other side's passport and compare fingerprints."""
    theirs.open("/counterparts/")
    href = theirs.page.get_by_role("link", name="Download it to send it").get_attribute("href")
    passport = theirs.context.request.get(f"{theirs.address}{href}").body()
    mine.open("/counterparts/")
    mine.follow("Read in a passport")
    mine.give(
        "Passport or introduction", {"name": "passport.txt", "mimeType": "text/plain", "buffer": passport}
    )
    mine.press("Read it in")
    mine.follow("Compare fingerprints")
    mine.fill("With whom did you compare?", "Their coordinator")
    mine.press("Every word agreed")
    assert "trusted" in mine.said


def open_channel(proposer: Officer, second: Officer, answerer: Officer, their_second: Officer) -> str:
    """Propose a channel, approve, accept, approve; returns its address."""
    proposer.open("/channels/propose/")
    proposer.choose("MLAT 1999")
    proposer.fill("Purpose", PURPOSE)
    proposer.fill("Coordinating office", "Security Council")
    proposer.choose("This is an exercise")
    proposer.press("Review before signing")
    proposer.press("Send for the second signature")
    approve(second, "Propose the channel")
    answerer.until("/", PURPOSE)
    answerer.follow(PURPOSE)
    channel = answerer.path
    answerer.follow("Accept the channel")
    answerer.fill("Coordinating office", "Security Council")
    answerer.press("Review before signing")
    answerer.press("Send for the second signature")
    approve(their_second, "Accept the channel")
    proposer.until(channel, "open the log")
    return channel


def approve(second: Officer, act: str) -> None:
    """Find what waits on the desk, read it, sign it."""
    second.open("/")
    second.follow(act)
    second.press("Sign and record")
    assert "Signed and recorded" in second.said


def lodge(author: Officer, second: Officer, title: str, *, listed_as: str = "") -> str:
    """Draft a request, submit it, have it approved; returns its address."""
    author.until("/", PURPOSE)
    author.open("/requests/drafts/")
    author.follow("Draft a request")
    author.fill("Title", title)
    author.press("Begin the draft")
    author.follow("All on one page")
    author.choose("Documents, records and other items")
    author.press("Save the draft")
    for label in _DEMANDED:
        author.fill(label, f"Words on: {label.lower()}.")
    author.press("Continue to the text to be signed")
    author.press("Send for the second signature")
    approve(second, "Lodge the request")
    second.open("/requests/")
    second.follow(listed_as or title)
    return second.path


def act(
    officer: Officer, request: str, label: str, *, words: str = "", second: Officer | None = None
) -> None:
    """Do one act on a request: follow it, fill it in, read the text, sign."""
    officer.until(request, label)
    officer.follow(label)
    if words:
        officer.fill("In words", words)
    if label == "Provide the results of execution":
        officer.choose("in whole")
    officer.press("Continue to the text to be signed")
    officer.press("Send for the second signature" if second else "Sign and record")
    if second:
        approve(second, label)


def execute(requested: tuple[Officer, Officer], requesting: Officer, request: str) -> None:
    """Acknowledge, accept, execute with a second signature; confirm the results and close."""
    boris, berta = requested
    act(boris, request, "Acknowledge the request")
    act(boris, request, "Accept the request for execution", words="It is complete.")
    act(boris, request, "Provide the results of execution", words="The records are provided.", second=berta)
    act(requesting, request, "Confirm receiving the results")
    act(requesting, request, "Close the request")


def add_exhibit(officer: Officer, channel: str, name: str, content: bytes) -> str:
    """Upload a file, read the text with its hash, sign; returns its address."""
    officer.open(f"/evidence/{channel.strip('/').split('/')[-1]}/add/")
    officer.give("File", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    officer.fill("Description", "As described.")
    officer.press("Seal the file")
    officer.page.wait_for_url("**/taken-in/**")
    officer.press("Sign and record")
    return officer.path
