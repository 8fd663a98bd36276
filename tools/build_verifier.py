"""Build the verifier page: one HTML file with everything in it, from ``verifier/`` and the words of the core.

It needs Python alone. What others wrote lies in ``verifier/vendor/`` as they published it; each file
must have the digest that ``vendor.lock.json`` pins. A script inside a page can import nothing, so each
module becomes a function that gives its exports, after those it imports. The policy of the page names
the digests of its one script and its one style, and lets it load nothing.

Follows: docs/adr/0023-the-verifier-page.md.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import sys
import tomllib
from base64 import b64encode
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[1]
SOURCE: Final = ROOT / "verifier"
VENDOR: Final = SOURCE / "vendor"
LOCALE: Final = ROOT / "src" / "comity_node" / "locale"
PAGE: Final = ROOT / "src" / "comity_node" / "web" / "built" / "verifier.html"
LANGUAGES: Final = {"en": "English", "ru": "Русский", "ar": "العربية"}
# What the modules call others by, and where these lie.
PACKAGES: Final = {"@noble/ed25519": "@noble/ed25519/index.js", "fflate": "fflate/esm/browser.js"}
FIRST: Final = "page.js"

_IMPORT: Final = re.compile(
    r"^import\s+(?:\* as (\w+)|\{([^}]*)\})\s+from\s+[\"']([^\"']+)[\"'];?", re.MULTILINE
)
_EXPORTED: Final = re.compile(
    r"^export\s+(?=(?:async\s+)?(?:const|let|var|class|function)\b\s*\*?\s*(\w+))", re.MULTILINE
)
_LIST: Final = re.compile(r"^export\s*\{([^}]*)\};?", re.MULTILINE)
_LEFT: Final = re.compile(r"^(?:import|export)\b", re.MULTILINE)
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_PLACE: Final = re.compile(r"\{\{(\w+)\}\}")


class CannotBuild(Exception):
    """The page cannot be built from what is there."""


def build() -> str:
    """The page."""
    words = tomllib.loads((SOURCE / "words.toml").read_text("utf-8"))
    script = bundle(FIRST, {"words.js": words_module(words)})
    style = (SOURCE / "style.css").read_text("utf-8")
    parts = {
        **{name: html.escape(text) for name, text in words.items()},
        "policy_label": html.escape(words["policy"]),
        "policy": f"default-src 'none'; script-src '{digest(script)}'; style-src '{digest(style)}';"
        " base-uri 'none'; form-action 'none'",
        "script": script,
        "style": style,
    }
    return _PLACE.sub(lambda found: parts[found[1]], (SOURCE / "page.html").read_text("utf-8"))


def digest(content: str) -> str:
    """A script's or a style's digest, as a content security policy names it."""
    return "sha256-" + b64encode(hashlib.sha256(content.encode()).digest()).decode()


def words_module(words: dict[str, str]) -> str:
    """The words of the page and of every statement, in each language, as a module."""
    sys.path.insert(0, str(ROOT / "src"))
    from comity.channel import statements  # noqa: PLC0415 - not installed yet where a wheel is built

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    said: dict[str, Any] = {}
    for code, name in LANGUAGES.items():
        translated = _catalogue(code)
        said[code] = {
            "name": name,
            "page": {key: translated.get(text, text) for key, text in words.items()},
            "statements": {key: translated.get(text, text) for key, text in statements.ENGLISH.items()},
            "refusals": {key: translated.get(text, text) for key, text in statements.REFUSALS.items()},
            "noTime": translated.get(statements.NO_TIME, statements.NO_TIME),
        }
    shown = json.dumps(said, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    return f"export const WORDS = {shown};\nexport const VERSION = {json.dumps(project['version'])};\n"


def _catalogue(code: str) -> dict[str, str]:
    path = LOCALE / code / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale=code) if one.string}


def bundle(first: str, made: dict[str, str]) -> str:
    """One script of a module and all it imports.

    Args:
        first: The module to begin with.
        made: Modules that are not files, by name.
    """
    done: dict[str, str] = {}
    _add(first, made, done, ())
    functions = "\n".join(done.values())
    script = f'"use strict";\nconst modules = {{}};\n{functions}\n'
    if "</script" in script.lower() or "<!--" in script:
        raise CannotBuild("a module would end the script it stands in")
    return script


def _add(name: str, made: dict[str, str], done: dict[str, str], above: tuple[str, ...]) -> None:
    if name in done:
        return
    if name in above:
        raise CannotBuild(f"{name} imports what imports it")
    source = made.get(name) or _read(name)
    for _all, _names, wanted in _IMPORT.findall(_COMMENT.sub("", source)):
        _add(_place(name, wanted), made, done, (*above, name))
    done[name] = _function(name, source)


def _read(name: str) -> str:
    path = SOURCE / "src" / name
    if path.exists():
        return path.read_text("utf-8")
    content = (VENDOR / name).read_bytes()
    if hashlib.sha256(content).hexdigest() != _pinned().get(name):
        raise CannotBuild(f"verifier/vendor/{name} is not the file that vendor.lock.json pins")
    return content.decode()


def _pinned() -> dict[str, str]:
    lock = json.loads((VENDOR / "vendor.lock.json").read_text("utf-8"))
    return {f"{one['name']}/{file}": sha256 for one in lock for file, sha256 in one["files"].items()}


def _place(importer: str, wanted: str) -> str:
    """Where an imported module lies, by the module that imports it."""
    if not wanted.startswith("."):
        return PACKAGES.get(wanted, wanted)
    parts: list[str] = []
    for part in (PurePosixPath(importer).parent / wanted).parts:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


def _function(name: str, source: str) -> str:
    """A module as a function that is called once and gives what it exports."""
    exports = dict(_exports(source))
    body = _IMPORT.sub(lambda found: _imported(name, found), source)
    body = _LIST.sub("", _EXPORTED.sub("", body))
    if _LEFT.search(_COMMENT.sub("", body)):
        raise CannotBuild(f"{name} imports or exports in a way that is not known here")
    given = ", ".join(f"{outside}: {inside}" for outside, inside in exports.items())
    return f"modules[{json.dumps(name)}] = (() => {{\n{body}\nreturn {{ {given} }};\n}})();"


def _exports(source: str) -> Iterator[tuple[str, str]]:
    bare = _COMMENT.sub("", source)
    yield from ((name, name) for name in _EXPORTED.findall(bare))
    for names in _LIST.findall(bare):
        yield from ((outside, inside) for inside, outside in _pairs(names))


def _imported(importer: str, found: re.Match[str]) -> str:
    whole, names, wanted = found.groups()
    module = f"modules[{json.dumps(_place(importer, wanted))}]"
    if whole:
        return f"const {whole} = {module};"
    pairs = ", ".join(f"{outside}: {inside}" for outside, inside in _pairs(names))
    return f"const {{ {pairs} }} = {module};"


def _pairs(names: str) -> Iterator[tuple[str, str]]:
    """Each name with what it is called on the other side: ``a as b``."""
    for one in filter(None, map(str.strip, names.split(","))):
        first, _, second = one.partition(" as ")
        yield first.strip(), (second or first).strip()


def main(arguments: list[str]) -> int:
    """Write the page, here or where it is asked for."""
    target = Path(arguments[0]) if arguments else PAGE
    target.parent.mkdir(exist_ok=True)
    target.write_text(build(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
