"""The import contracts and the lint bans really stop what they name: each is shown one violation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

BIN = Path(sys.executable).parent
VIOLATIONS = [
    ("core-is-pure", "comity/tlog/planted.py", "import socket"),
    ("core-is-pure", "comity/names.py", "import django.conf"),
    ("core-layers", "comity/names.py", "import comity.entries"),
    ("core-layers", "comity/wishes/__init__.py", ""),
    ("one-home-for-cryptography", "comity/tlog/planted.py", "import cryptography.x509"),
    ("one-home-for-cryptography", "comity_node/register/planted.py", "import pyrage"),
    ("one-home-for-cryptography", "comity_node/assistance/planted.py", "import pyhanko.sign"),
    ("one-home-for-cryptography", "comity_node/letters/setting.py", "import pyhanko.sign"),
    ("node-layers", "comity_node/assistance/planted.py", "import comity_node.evidence"),
    ("node-layers", "comity_node/letters/planted.py", "import comity_node.register"),
    ("node-layers", "comity_node/register/planted.py", "import comity_node.officials"),
    ("node-layers", "comity_node/wishes/__init__.py", ""),
    ("command-on-top", "comity_node/register/planted.py", "import comity_cli.main"),
    ("register-tables", "comity_node/assistance/planted.py", "import comity_node.register.models"),
    ("no-circles", "comity_node/register/planted_a.py", "import comity_node.register.planted_b"),
]
NEEDED = [
    "comity_node/register/__init__.py",
    "comity_node/register/models.py",
    "comity_node/register/planted_b.py",
    "comity_node/officials/__init__.py",
    "comity_node/assistance/__init__.py",
    "comity_node/evidence/__init__.py",
]
BANS = [
    ("from datetime import UTC, datetime\nNOW = datetime.now(UTC)\n", "datetime.datetime.now"),
    ("import time\n", "time"),
    ("import secrets\n", "secrets"),
    ("import os\nNOISE = os.urandom(8)\n", "os.urandom"),
    ("from uuid import uuid4\n", "uuid.uuid4"),
    ("from pathlib import Path\n", "pathlib.Path"),
    ('FILE = open("entries")\n', "open()"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the Python source alone, with the configuration, to be spoilt."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=_all_but_python)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in NEEDED:
        place = tmp_path / "src" / name
        place.parent.mkdir(exist_ok=True)
        place.touch()
    (tmp_path / "src" / NEEDED[2]).write_text("import comity_node.register.planted_a\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("contract", "file", "line"), VIOLATIONS)
def test_a_violation_breaks_the_contract_it_is_about(copy: Path, contract: str, file: str, line: str) -> None:
    """A contract that cannot break guards nothing: a misspelt module name would leave it always kept."""
    planted = copy / "src" / file
    if contract != "no-circles":
        (copy / "src" / NEEDED[2]).unlink()
    planted.parent.mkdir(exist_ok=True)
    (planted.parent / "__init__.py").touch()
    with planted.open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")

    linted = _lint_imports(copy, contract)

    assert 1 == linted.returncode, linted.stdout
    assert "0 kept, 1 broken" in linted.stdout, linted.stdout


@pytest.mark.parametrize(("source", "banned"), BANS)
def test_the_core_may_not_reach_for_clock_randomness_or_files(copy: Path, source: str, banned: str) -> None:
    """What the core draws by itself cannot be replayed by a third party from the same bytes."""
    (copy / "src" / "comity" / "planted.py").write_text(source, encoding="utf-8")

    linted = _ruff(copy, "src/comity/planted.py")

    assert f"`{banned}`" in linted.stdout


def test_the_ban_stays_inside_the_core(copy: Path) -> None:
    """The node has clock, files and randomness; a ban that leaked to it would be switched off."""
    (copy / "src" / "comity_node" / "planted.py").write_text(BANS[0][0] + BANS[5][0], encoding="utf-8")

    linted = _ruff(copy, "src/comity_node/planted.py")

    assert "" == linted.stdout.replace("All checks passed!", "").strip()


def _lint_imports(copy: Path, contract: str) -> subprocess.CompletedProcess[str]:
    command = [
        BIN / "lint-imports",
        "--no-logo",
        "--no-cache",
        "--config",
        copy / "pyproject.toml",
        "--contract",
        contract,
    ]
    environment = os.environ | {"PYTHONPATH": str(copy / "src"), "COLUMNS": "200"}
    return subprocess.run(
        command, cwd=copy / "src", env=environment, capture_output=True, text=True, check=False
    )


def _ruff(copy: Path, file: str) -> subprocess.CompletedProcess[str]:
    command = [
        BIN / "ruff",
        "check",
        "--no-cache",
        "--select",
        "TID251,PTH123",
        "--output-format",
        "concise",
        file,
    ]
    return subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)


def _all_but_python(folder: str, names: list[str]) -> set[str]:
    return {
        name
        for name in names
        if name == "__pycache__" or not (Path(folder, name).is_dir() or name.endswith((".py", "ruff.toml")))
    }
