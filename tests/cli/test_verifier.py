"""``comity verifier`` gives away the page a court opens."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from comity_cli.main import comity
from tools import build_verifier

if TYPE_CHECKING:
    from pathlib import Path


def test_the_page_is_written_with_its_digest(tmp_path: Path) -> None:
    """A court compares the digest with the one the other authority's command prints."""
    file = tmp_path / "verifier.html"

    done = CliRunner().invoke(comity, ["verifier", "--json", str(file)])

    assert done.exit_code == 0
    assert hashlib.sha256(file.read_bytes()).hexdigest() == json.loads(done.stdout)["sha256"]
    assert build_verifier.build() == file.read_text("utf-8"), "not built since its source changed: make setup"


def test_a_library_file_that_was_touched_is_not_built_in(monkeypatch, tmp_path: Path) -> None:
    """What computes in court must be what its author published."""
    vendor = tmp_path / "vendor"
    for name in build_verifier._pinned():
        (vendor / name).parent.mkdir(parents=True, exist_ok=True)
        (vendor / name).write_bytes((build_verifier.VENDOR / name).read_bytes())
    lock = (build_verifier.VENDOR / "vendor.lock.json").read_bytes()
    (vendor / "vendor.lock.json").write_bytes(lock)
    monkeypatch.setattr(build_verifier, "VENDOR", vendor)
    assert "script-src 'sha256-" in build_verifier.build()
    touched = vendor / "@noble" / "post-quantum" / "ml-dsa.js"
    touched.write_text(touched.read_text("utf-8").replace("return false", "return true", 1), "utf-8")

    with pytest.raises(build_verifier.CannotBuild, match=r"ml-dsa\.js"):
        build_verifier.build()
