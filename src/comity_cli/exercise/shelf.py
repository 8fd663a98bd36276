"""The scripts: those that come with Comity, by name, and a trainer's own, by path."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from comity.exercise import must_be_sound, read_script
from comity_cli.exercise.errors import NoSuchScript

if TYPE_CHECKING:
    from comity.exercise import Script

_FOLDER: Final = resources.files(__package__) / "scripts"
_SUFFIX: Final = ".toml"


def shipped() -> list[str]:
    """The names of the scripts that come with Comity."""
    return sorted(one.name.removesuffix(_SUFFIX) for one in _FOLDER.iterdir() if one.name.endswith(_SUFFIX))


def find(name: str) -> Script:
    """A script by its name or its path, read and found sound.

    Raises:
        NoSuchScript: There is none.
        MalformedScript: It cannot be played as it is written.
    """
    if name in shipped():
        raw = (_FOLDER / f"{name}{_SUFFIX}").read_bytes()
    else:
        path = Path(name)
        if not path.is_file():
            raise NoSuchScript(f"there is no script {name[:100]}")
        raw = path.read_bytes()
    script = read_script(raw)
    must_be_sound(script)
    return script
