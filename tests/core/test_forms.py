"""Forms that are read into from several threads at once, as a node reads them."""

from __future__ import annotations

import ast
import subprocess
import sys

from tests.house.source import files, shown, tree

# Eight threads, one moment apart and made to take turns as often as possible.
_READERS = """
import sys, threading, time
from pathlib import Path
from comity.instruments.parse import parse_instrument
sys.setswitchinterval(1e-6)
texts = {path.name: path.read_bytes() for path in Path(sys.argv[1]).glob("*.toml")}
begin = threading.Barrier(8)
def read(turn):
    begin.wait()
    time.sleep(turn / 10_000)
    parse_instrument(texts)
readers = [threading.Thread(target=read, args=(turn,)) for turn in range(8)]
for reader in readers: reader.start()
for reader in readers: reader.join()
"""


def test_the_first_readers_of_a_form_may_come_at_once() -> None:
    """A node is asked by several people the moment it starts, and must not end over it."""
    tables = next(path.parent for path in files("src", ending="instrument.toml"))

    ended = [
        subprocess.run([sys.executable, "-c", _READERS, tables], check=False).returncode for _ in range(5)
    ]

    assert [0] * 5 == ended


def test_every_form_that_is_read_is_learnt_where_it_is_defined() -> None:
    """One left out ends the process of whoever reads it first, and only sometimes."""
    forms = [
        (shown(path), form)
        for path in files("src", ending=".py")
        for form in ast.walk(tree(path))
        if isinstance(form, ast.ClassDef)
        and any(word.arg == "forbid_unknown_fields" for word in form.keywords)
    ]

    assert len(forms) > 40
    assert [] == [
        (where, form.name)
        for where, form in forms
        if ["learnt"] != [one.id for one in form.decorator_list if isinstance(one, ast.Name)]
    ]
