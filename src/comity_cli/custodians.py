"""Custodians at the terminal: shares are given out one by one, and gathered one by one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import click

from comity.errors import OurFault
from comity.keys import shares as core

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from comity.keys.shares import Drawn, Share

_IN_A_LINE: Final = 6


class SheetsExist(OurFault):
    """Sheets of shares lie where the new ones should."""

    code = "sheets-exist"
    default_hint = "name another folder: an older sheet may be the last one there is"


class SheetsUnread(OurFault):
    """What was written of shares does not open what it should."""

    code = "sheets-unread"
    default_hint = "nothing was changed; try another disk or stick"


def gather(files: Sequence[Path], *, ask: bool) -> list[Share]:
    """Read the shares in files, and ask for as many more as are needed.

    Raises:
        BadShare: One is none.
    """
    held = [core.read(path.read_text("utf-8", "replace")) for path in files]
    while ask and (not held or len({share.number for share in held}) < held[0].needed):
        place = f"share {len(held) + 1}" + (f" of {held[0].needed} of set {held[0].set}" if held else "")
        typed = click.prompt(f"{place}, all its words", hide_input=True, err=True)
        try:
            held.append(core.read(typed))
        except core.BadShare as fault:
            click.echo(f"{fault}; type it again", err=True)
    return held


def hand_out(drawn: Drawn, folder: Path | None, *, party: str, opens: str, day: str) -> list[Path]:
    """Give each custodian a share: as a file each in a folder, or on the screen, one after the other.

    What was written is read back and joined before anything is put under it.

    Returns:
        The files, if files were asked for.

    Raises:
        SheetsExist: One of the files is there already.
        SheetsUnread: What was written does not read back.
        click.Abort: Nobody confirmed having one.
    """
    texts = [_sheet(share, len(drawn.shares), party, opens, day) for share in drawn.shares]
    if folder is None:
        for share, text in zip(drawn.shares, texts, strict=True):
            _show(share, text)
        return []
    paths = [_write(folder, share, text) for share, text in zip(drawn.shares, texts, strict=True)]
    if core.join(core.read(path.read_text("utf-8")) for path in paths) != drawn.secret:
        raise SheetsUnread(f"nothing was changed: the shares written to {folder} do not read back")
    return paths


def _sheet(share: Share, count: int, party: str, opens: str, day: str) -> str:
    words = share.words.split()
    lines = [
        f"# Comity: share {share.number} of {count}, set {share.set}, drawn {day}",
        f"# Any {share.needed} of the {count} open {opens} of {party}; fewer say nothing of it.",
        "# SLIP-39. Keep it where no other share is. Whoever gathers enough can sign in the party's name.",
        "# Lines that begin with # are for you; the others are the share, in this order.",
    ]
    lines += [" ".join(words[at : at + _IN_A_LINE]) for at in range(0, len(words), _IN_A_LINE)]
    return "\n".join(lines) + "\n"


def _write(folder: Path, share: Share, text: str) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"share-{share.set}-{share.number:02}.txt"
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise SheetsExist(f"nothing was changed: {path} exists") from error
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return path


def _show(share: Share, text: str) -> None:
    """Show one custodian their share, have them type three of its words, and clear the screen."""
    click.confirm(f"share {share.number}: is its custodian alone at the screen?", abort=True, err=True)
    click.echo(text, err=True)
    words = share.words.split()
    for place in (4 + share.number % 3, len(words) // 2 + share.number % 5, len(words) - 1):
        asked = f"from your note, word {place + 1}"
        while click.prompt(asked, err=True).strip().lower() != words[place]:
            click.echo("that is another word: compare your note with the screen", err=True)
    click.clear()
