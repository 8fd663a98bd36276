"""Requests as the vectors write them; see ``vectors/README.md``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.drafting import Authorship, Request
from comity.instruments import Authority, Mark, library, parties

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).with_name("vectors")
WHOLE = "whole"


@cache
def vector(name: str) -> dict[str, Any]:
    """Return one file."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def names() -> list[str]:
    """Return the defects that have a file."""
    return sorted(file.stem for file in FOLDER.glob("*.toml") if file.stem != WHOLE)


def request(*changes: Mapping[str, Any]) -> Request:
    """Return the whole request with these changes."""
    said = {**vector(WHOLE)["in"]}
    keeps = all(one.get("whole", True) for one in changes)
    fields = {**vector(WHOLE)["fields"]} if keeps else {}
    translation: dict[str, str] = {}
    for one in changes:
        said |= one.get("in", {})
        fields |= one.get("fields", {})
        translation |= one.get("translation", {})
    return Request(
        instrument=library()[said["instrument"]],
        procedure=said["procedure"],
        types=said["types"],
        title=said["title"],
        language=said["language"],
        fields=fields,
        translation_language=said.get("translation_language", ""),
        translation=translation,
        authorship=Authorship(**said.get("authorship", {"how": "human", "office": "Translation service"})),
        exhibits=said.get("exhibits", ()),
        stated=said.get("stated", {}),
        authorities=_authorities(said),
        preservations=said.get("preservations", ()),
    )


def _authorities(said: Mapping[str, Any]) -> list[Authority]:
    if "authorities" in said:
        return [
            Authority(party="bb", name=one, basis="Art. 5", verified=Mark.UNKNOWN)
            for one in said["authorities"]
        ]
    known = parties().get(said["instrument"])
    return [one for one in known.authorities if one.party == said["requested"]] if known else []
