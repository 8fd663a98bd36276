"""What is made while Comity is installed or packed: catalogues as a node reads them; the verifier page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools import build_verifier


class MakeArtifacts(BuildHookInterface[Any]):
    """The build hook of ``pyproject.toml``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's own signature
        """Write ``django.mo`` beside each ``django.po``, and the verifier page where the node serves it."""
        made = []
        for path in Path(self.root).glob("src/comity_node/locale/*/LC_MESSAGES/django.po"):
            with path.open("rb") as words, path.with_suffix(".mo").open("wb") as table:
                write_mo(table, read_po(words, locale=path.parts[-3]))
            made.append(path.with_suffix(".mo"))
        build_verifier.main([])
        made.append(build_verifier.PAGE)
        build_data["artifacts"] += [str(path.relative_to(self.root)) for path in made]
