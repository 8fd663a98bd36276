"""``comity keys``: how this node's keys are kept, and by whom they are opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from comity.errors import OurFault
from comity.keys import shares as core
from comity_cli.custodians import gather, hand_out
from comity_cli.verb import FILE, Answer, console_verb, node_verb, official_verb, takes_shares

if TYPE_CHECKING:
    from comity.keys.shares import Drawn, Share
    from comity_node.counterparts.renewing import Use
    from comity_node.officials.models import Official

_DIRECTORY: Final = click.Path(path_type=Path, file_okay=False)
_CUSTODIANS: Final = click.option(
    "--custodians",
    "numbers",
    nargs=2,
    type=int,
    metavar="K N",
    help="Draw N shares, of which any K open it.",
)
_TO: Final = click.option(
    "--to",
    "folder",
    type=_DIRECTORY,
    metavar="DIR",
    help="Write the shares to files in DIR; without it each is shown to its custodian in turn.",
)


class HowProtected(OurFault):
    """It was not said, or said twice, what the keys are to lie under."""

    code = "how-protected"
    default_hint = "give one of --custodians K N, --passphrase-file FILE, --bare"


@click.group("keys")
def keys() -> None:
    """How this node's keys are kept: passphrase, custodians with shares, a token."""


@keys.command("show")
@node_verb
def show() -> Answer:
    """Say what the keyring lies under, which keys are in a token, and whether a copy was put away."""
    from comity_node.counterparts import safekeeping
    from comity_node.register.keyring import keyring

    lies, copied = safekeeping.lies(), safekeeping.copied()
    document: dict[str, Any] = {"lies": lies, "opened": False, "in_token": [], "copied": None}
    lines = [f"the keyring lies {lies}"]
    try:
        ring = keyring()
    except OurFault as closed:
        lines.append(f"this command did not open it: {closed}")
    else:
        document |= {"opened": True, "in_token": [use for use, _ in ring.in_tokens]}
        lines += [f"{use}: Ed25519 half in a token, {key.uri}" for use, key in ring.in_tokens]
        if copied is not None:
            document["copied_keys_are_current"] = copied.keys == safekeeping.keys_of(ring)
    if copied is None:
        lines.append("no copy of it was put away: comity keys copy DIR --custodians 3 5")
    else:
        document["copied"] = {"at": copied.at, "opened_by": str(copied.opened_by)}
        lines.append(f"a copy was put away at {copied.at}, under {copied.opened_by}")
        if document.get("copied_keys_are_current") is False:
            lines.append("keys were changed since: put another away")
    return Answer(document, lines)


@keys.command("protect")
@_CUSTODIANS
@_TO
@click.option("--passphrase-file", type=FILE, metavar="FILE", help="Put it under the passphrase in FILE.")
@click.option("--bare", is_flag=True, help="Put it under nothing: whoever reads the disk can sign.")
@console_verb
def protect(
    numbers: tuple[int, int] | None,
    folder: Path | None,
    passphrase_file: Path | None,
    bare: bool,
    by: Official | None,
) -> Answer:
    """Put the keyring under shares of custodians, under a passphrase, or under nothing.

    Under 2 N shares no one opens it, and so starts the node or signs by command, alone. A process that has
    it open keeps it until it ends: restart the node.
    """
    from django.conf import settings

    from comity_node.counterparts import safekeeping
    from comity_node.register.keyring import keyring, today

    if sum((bool(numbers), passphrase_file is not None, bare)) != 1:
        raise HowProtected("nothing was changed: one way to keep the keys must be named")
    keyring()  # shares are drawn only for what can be put under them
    under: Drawn | str | None = None
    written: list[Path] = []
    if numbers:
        under = core.draw(*numbers)
        written = hand_out(under, folder, party=settings.NODE.party, opens="the keyring", day=today())
    elif passphrase_file is not None:
        under = passphrase_file.read_text(encoding="utf-8").partition("\n")[0]
    lies = safekeeping.protect(under, by=by)
    lines = [
        f"the keyring lies {lies}",
        *(f"share: {path}" for path in written),
        "restart the node; backups made before are opened as before",
    ]
    if numbers:
        lines.append("each custodian tries theirs with others: comity keys try --ask-shares")
    return Answer({"lies": lies, "shares": [str(path) for path in written]}, lines)


@keys.command("copy")
@click.argument("target", metavar="DIR", type=_DIRECTORY)
@click.option(
    "--custodians",
    "numbers",
    nargs=2,
    type=int,
    required=True,
    metavar="K N",
    help="Draw N shares, of which any K open the copy.",
)
@_TO
@console_verb
def copy(target: Path, numbers: tuple[int, int], folder: Path | None, by: Official | None) -> Answer:
    """Put a copy of the keys away in DIR, for the day the node or its passphrase is lost.

    Shares of its own open it. DIR may lie anywhere: without the shares nothing can be read in it.
    """
    from django.conf import settings

    from comity_node.counterparts import safekeeping
    from comity_node.register.keyring import keyring, today

    keyring()
    drawn = core.draw(*numbers)
    opens = f"the copy of the keyring in {target.name}"
    written = hand_out(drawn, folder, party=settings.NODE.party, opens=opens, day=today())
    said = safekeeping.copy(target, drawn, by=by)
    document = {"copy": str(target), "opened_by": str(said), "shares": [str(path) for path in written]}
    lines = [
        f"the keys are copied to {target}, under {said}",
        *(f"share: {path}" for path in written),
        f"try it: comity keys try --copy {target} --ask-shares",
    ]
    return Answer(document, lines)


@keys.command("try")
@takes_shares
@click.option("--copy", "folder", type=_DIRECTORY, metavar="DIR", help="Try them on the copy in DIR.")
@node_verb
def try_(share_files: tuple[Path, ...], ask_shares: bool, folder: Path | None) -> Answer:
    """Open the keyring, or a copy, with shares and nothing else; nothing is changed."""
    from comity_node.counterparts import safekeeping

    given = _given(share_files, ask=ask_shares)
    ring = safekeeping.tried(given, folder)
    numbers = sorted(share.number for share in given)
    what = f"the copy in {folder}" if folder else "the keyring"
    document = {
        "set": given[0].set,
        "numbers": numbers,
        "party": ring.party,
        "opens": what,
    }
    said = ", ".join(map(str, numbers))
    return Answer(document, [f"shares {said} of set {given[0].set} open {what}: keys of {ring.party}"])


@keys.command("bring-back")
@click.argument("folder", metavar="DIR", type=_DIRECTORY)
@takes_shares
@console_verb
def bring_back(folder: Path, share_files: tuple[Path, ...], ask_shares: bool, by: Official | None) -> Answer:
    """Put the copy in DIR in the place of this node's keyring; its shares open it from then on."""
    from comity_node.counterparts import safekeeping

    lies = safekeeping.bring_back(folder, _given(share_files, ask=ask_shares), by=by)
    lines = [
        f"the keyring is back; it lies {lies}",
        "start the node with those shares: comity serve --ask-shares",
        "then see that it names the keys it holds: comity doctor",
    ]
    return Answer({"lies": lies}, lines)


@keys.command("renew")
@click.argument("use", type=click.Choice(["identity", "wire", "witness", "sealing"]))
@click.option("--token", "in_token", is_flag=True, help="Draw it in the token of node.toml, to stay there.")
@official_verb
def renew(use: Use, in_token: bool, by: Official) -> Answer:
    """Draw new keys for one use and issue the passport that names them.

    Keys of logs and mirror are renewed by `comity passport rotate`. Send the new passport to every
    counterpart: until its node has it, it believes the old keys.
    """
    from comity_node.counterparts import queries, renewing

    row = renewing.renew(use, in_token=in_token, by=by)
    said = queries.read(row)
    lines = [f"version {row.version} of our passport names the new {use} keys"]
    if use == "identity":
        lines.append(f"our fingerprint is now {said.fingerprint.words()}")
        lines.append("counterparts follow without a ceremony: the old identity has signed it")
    lines.append("send it to every counterpart: comity passport export FILE; copy the keys anew")
    return Answer({"version": row.version, "use": use, "fingerprint": said.fingerprint.words()}, lines)


@keys.command("token")
@node_verb
def token() -> Answer:
    """Say whether the token of node.toml answers, and which of our keys are in it."""
    from comity_node.register import hardware
    from comity_node.register.keyring import keyring

    name, inside = hardware.answers(), keyring().in_tokens
    for _, key in inside:
        key.sign(b"comity keys token\n")
    lines = [f"the token answers: {name}", *(f"{use} signs in it: {key.uri}" for use, key in inside)]
    return Answer({"token": name, "keys": {use: key.uri for use, key in inside}}, lines)


def _given(files: tuple[Path, ...], *, ask: bool) -> list[Share]:
    found = gather(files, ask=ask)
    if not found:
        raise core.SharesMissing("nothing was opened: no share was given")
    return found
