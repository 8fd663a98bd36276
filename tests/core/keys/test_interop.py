"""Other implementations open what we seal, and we what they seal: pyrage, Debian's age, age-encryption."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pyrage
import pytest

from comity.keys.sealing import (
    HybridIdentity,
    X25519Identity,
    armor,
    open_sealed,
    parse_identity,
    parse_recipient,
    remove_armor,
    seal,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]
MODULES = ROOT / "out" / "interop"
AGE_ENCRYPTION = (
    "node",
    "--input-type=module",
    "--eval",
    (ROOT / "tests/interop/age.mjs").read_text("utf-8"),
)
PIECE = 64 * 1024
SIZES = pytest.mark.parametrize("size", [0, 1, PIECE, PIECE + 1, 3 * PIECE])
needs_age = pytest.mark.skipif(not shutil.which("age"), reason="the age tool is not installed")
needs_node = pytest.mark.skipif(
    not (shutil.which("node") and (MODULES / "node_modules" / "age-encryption").exists()),
    reason="node or age-encryption is not installed (tests/interop/README.md)",
)


def run(*command: str, given: bytes, within: Path = ROOT) -> bytes:
    """Run a program with ``given`` on its input and return its output."""
    return subprocess.run(command, input=given, capture_output=True, check=True, cwd=within).stdout


@SIZES
def test_pyrage_and_we_open_each_other(size: int) -> None:
    """A classic file is for any age implementation, whoever sealed it."""
    theirs = pyrage.x25519.Identity.generate()
    content = bytes(size)

    assert content == pyrage.decrypt(seal(content, [parse_recipient(str(theirs.to_public()))]), [theirs])
    sealed = pyrage.encrypt(content, [theirs.to_public(), pyrage.x25519.Identity.generate().to_public()])
    assert content == open_sealed(sealed, [parse_identity(str(theirs))])


@needs_age
@SIZES
@pytest.mark.parametrize("as_text", [False, True], ids=["binary", "armored"])
def test_the_age_tool_and_we_open_each_other(tmp_path: Path, size: int, as_text: bool) -> None:
    """Whoever has no Comity, in ten years or tomorrow, opens an export with the tool of the distribution."""
    ours = X25519Identity.generate()
    key = tmp_path / "identity"
    key.write_text(f"{ours}\n")
    content = bytes(size)
    write: Callable[[bytes], bytes] = (lambda sealed: armor(sealed).encode()) if as_text else bytes
    read: Callable[[bytes], bytes] = remove_armor if as_text else bytes

    opened = run("age", "--decrypt", "-i", str(key), given=write(seal(content, [ours.recipient()])))
    sealed = run("age", *["-a"] * as_text, "-r", str(ours.recipient()), given=content)

    assert content == opened
    assert content == open_sealed(read(sealed), [ours])


@needs_node
@pytest.mark.parametrize("size", [0, PIECE + 1])  # node starts slowly; the sizes are proven above
@pytest.mark.parametrize("kind", [HybridIdentity, X25519Identity], ids=["hybrid", "classic"])
def test_age_encryption_and_we_open_each_other(
    kind: type[HybridIdentity | X25519Identity], size: int
) -> None:
    """The hybrid kind is young: an implementation written apart from ours must agree on every byte."""
    ours = kind.generate()
    content = bytes(size)

    opened = run(*AGE_ENCRYPTION, "open", str(ours), given=seal(content, [ours.recipient()]), within=MODULES)
    sealed = run(*AGE_ENCRYPTION, "seal", str(ours.recipient()), given=content, within=MODULES)

    assert content == opened
    assert content == open_sealed(sealed, [ours])
