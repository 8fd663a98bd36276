"""Our own vectors of deliveries: every file is read, and found as its header says."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.channel.bundle import read_bundle
from comity.errors import ComityError
from tests.vectors.bundle.generate import cases
from tests.vectors.frame import read

FILES = Path(__file__).parents[2] / "vectors" / "bundle"


@pytest.mark.parametrize("file", sorted(FILES.glob("*.txt")), ids=lambda file: file.stem)
def test_each_vector_is_judged_as_its_header_says(file) -> None:
    """Another State's implementation runs the same files, so ours must agree with them first."""
    header, data = read(file)

    found = "accepted"
    try:
        read_bundle(data)
    except ComityError as error:
        found = error.code

    assert header["expect"] == found


def test_the_generator_makes_these_files_and_no_others() -> None:
    """A vector nobody can remake is one nobody can trust."""
    made = {f"{case.name}.txt": case.encode() for case in cases()}

    assert made == {file.name: file.read_bytes() for file in FILES.glob("*.txt")}
