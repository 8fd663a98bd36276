"""``comity renew``: an authority's time stamp over an export, and over the time stamps it has already."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.errors import CounterpartBreach, OurFault
from comity_cli.verb import FILE, Answer, library_verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.keys.timestamps import Query


class NoAuthority(OurFault):
    """No time-stamping authority was named."""

    code = "no-authority"
    default_hint = "give --tsa URL and --roots FILE, or --home of a node whose node.toml names them"


class AuthorityDidNotAnswer(CounterpartBreach):
    """The time-stamping authority did not answer as RFC 3161 has it."""

    code = "authority-did-not-answer"
    default_hint = "nothing was changed; try again, or ask another authority"


@click.command("renew")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--tsa", metavar="URL", default="", help="The time-stamping authority's address.")
@click.option("--roots", type=FILE, metavar="FILE", help="Certificates (PEM) its token must verify under.")
@library_verb
def renew(directory: Path, tsa: str, roots: Path | None, at_home: bool) -> Answer:
    """Put a newer RFC 3161 time stamp over the export in DIR, kept in its renewals/.

    Do so right after exporting, and again before the algorithms or certificates of the last one grow old.
    """
    from comity.channel.renewal import FILES, TOKEN, listing, verify_renewals
    from comity.keys import timestamps
    from comity_cli.directory import Directory

    if at_home:
        tsa, roots = _of_the_node(tsa, roots)
    if not tsa or roots is None:
        raise NoAuthority("nothing was asked for: no time-stamping authority is named")
    trusted = roots.read_bytes()[: timestamps.MAX_ROOTS]
    export = Directory(directory)
    number = len(verify_renewals(export, None)) + 1
    said = listing(export, _every_file(directory))
    asked = timestamps.query(said)
    token = _asked(tsa, asked)
    at = timestamps.verify(token, said, trusted, nonce=asked.nonce)
    _keep(directory / "renewals", str(number), {FILES: said, TOKEN: token})
    count = said.count(b"\n")
    lines = [
        f"time stamp {number}, of {at:%Y-%m-%d %H:%M:%S} UTC, over {count:,} files of {directory}",
        f"check it in {directory}: sha512sum -c renewals/{number}/{FILES}",
        f"openssl ts -verify -data renewals/{number}/{FILES} -in renewals/{number}/{TOKEN} -CAfile {roots}",
    ]
    return Answer({"number": number, "at": at.isoformat(), "files": count}, lines)


def _of_the_node(tsa: str, roots: Path | None) -> tuple[str, Path | None]:
    from django.conf import settings

    node = settings.NODE
    return tsa or node.timestamp_address, roots or (
        node.path / node.timestamp_roots if node.timestamp_roots else None
    )


def _every_file(root: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        folders.sort()
        yield from (str((Path(folder) / name).relative_to(root)) for name in names)


def _asked(address: str, asked: Query) -> bytes:
    """Post a request; never more of the answer than a token has, and no redirect followed."""
    import httpx

    from comity.keys.timestamps import MAX_TOKEN, QUERY_TYPE

    answer = bytearray()
    headers = {"Content-Type": QUERY_TYPE, "Accept-Encoding": "identity"}
    try:
        with (
            httpx.Client(timeout=30.0, trust_env=False) as http,
            http.stream("POST", address, content=asked.body, headers=headers) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise AuthorityDidNotAnswer(f"{address} answered {response.status_code}")
            for part in response.iter_raw():
                answer += part
                if len(answer) > MAX_TOKEN:
                    raise AuthorityDidNotAnswer(f"{address} answered with more than {MAX_TOKEN:,} bytes")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise AuthorityDidNotAnswer(f"{address} did not answer: {type(error).__name__}") from error
    return bytes(answer)


def _keep(folder: Path, name: str, files: dict[str, bytes]) -> None:
    """Put a time stamp in its place, whole or not at all."""
    folder.mkdir(exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=folder.parent))
    try:
        for file, content in files.items():
            with (draft / file).open("wb") as written:
                written.write(content)
                written.flush()
                os.fsync(written.fileno())
        draft.chmod(0o755)
        draft.rename(folder / name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
