"""``comity verifier``: the verifier page as a file, for whoever has a browser and not this command."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

import click

from comity.errors import OurFault
from comity_cli.verb import NEW_FILE, Answer, verb


class NotBuilt(OurFault):
    """This installation has no verifier page."""

    code = "not-built"
    default_hint = "install Comity again: the page is made while it is installed (make setup)"


@click.command("verifier")
@click.argument("file", type=NEW_FILE)
@verb
def verifier(file: Path) -> Answer:
    """Write the verifier page to FILE: it checks proofs and exports in a browser, with no network.

    Its SHA-256 is the same for everybody who has this version, so that a court can compare it.
    """
    page = _page()
    file.write_bytes(page)
    digest = hashlib.sha256(page).hexdigest()
    lines = [f"wrote {file}", f"SHA-256 {digest}"]
    return Answer({"file": str(file), "sha256": digest}, lines)


def _page() -> bytes:
    spec = find_spec("comity_node")
    places = spec.submodule_search_locations if spec is not None else None
    path = Path(places[0]) / "web" / "built" / "verifier.html" if places else None
    if path is None or not path.exists():
        raise NotBuilt("there is no verifier page in this installation")
    return path.read_bytes()
