"""Compile the catalogues while Comity is installed or packed: the source keeps words, a node reads tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileMessages(BuildHookInterface[Any]):
    """The build hook of ``pyproject.toml``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's own signature
        """Write ``django.mo`` beside each ``django.po``."""
        for path in Path(self.root).glob("src/comity_node/locale/*/LC_MESSAGES/django.po"):
            with path.open("rb") as words, path.with_suffix(".mo").open("wb") as table:
                write_mo(table, read_po(words, locale=path.parts[-3]))
            build_data["artifacts"].append(str(path.with_suffix(".mo").relative_to(self.root)))
