"""Our own vectors of mirroring: every delivery is judged as its header says."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.channel.bundle import read_bundle
from comity.errors import ComityError
from comity.mirror import Accepted, AlreadyHeld, Offer, SendFrom
from tests.core.mirror.parties import Author, Store
from tests.vectors.frame import read
from tests.vectors.mirror.generate import cases

FILES = Path(__file__).parents[2] / "vectors" / "mirror"


def judged(store: Store, data: bytes) -> str:
    """What becomes of a delivery, in the words of a vector."""
    try:
        bundle = read_bundle(data)
        parts = ("checkpoint", "start", "consistency", "entries", "payloads")
        judgement = store.takes(Offer(**{name: getattr(bundle, name) for name in parts}))
    except ComityError as error:
        return error.code
    if isinstance(judgement, SendFrom):
        return f"send-from {judgement.size}"
    if isinstance(judgement, Accepted | AlreadyHeld):
        return "accepted" if isinstance(judgement, Accepted) else "already-held"
    assert judgement.holds(store.author.vkeys)
    return "fork-proven"


@pytest.mark.parametrize("file", sorted(FILES.glob("*.txt")), ids=lambda file: file.stem)
def test_each_vector_is_judged_as_its_header_says(file) -> None:
    """Another State's implementation runs the same files, so ours must agree with them first."""
    header, data = read(file)
    store, held = Store(Author("bb"), sizes={"aa": 2}), int(header.get("held", "0"))
    if held:
        assert "accepted" == judged(store, data[:held])

    assert header["expect"] == judged(store, data[held:])


def test_the_generator_makes_these_files_and_no_others() -> None:
    """A vector nobody can remake is one nobody can trust."""
    made = {f"{case.name}.txt": case.encode() for case in cases()}

    assert made == {file.name: file.read_bytes() for file in FILES.glob("*.txt")}
