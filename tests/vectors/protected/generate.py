"""Write the vectors of protected objects: ``python -m tests.vectors.protected.generate``.

``commitments.json``: lists as typed, with salts and padding; the canonical bytes and the leaf of each object,
the root over all, and a reveal of each. Salts are SHA-256 of a text, so that a stranger makes them too.
``reveals.json``: reveals against one commitment, with ``expect``: ``holds``, or the code of the error.
``values.json``: values as typed, and their one form; ``null`` where they have none.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from comity import protected

HERE = Path(__file__).parent
GRID = {
    "name": "Grid control centre North",
    "sector": "energy",
    "owner": "Northern Grid",
    "country": "aa",
    "region": "North",
    "domains": ["Grid.Example.", "Сеть.example"],
    "networks": ["2001:DB8:7::/48", "192.0.2.0/24"],
    "as_numbers": ["as 64500"],
    "certificates": ["AB" * 32],
    "contact": "CERT of Arland, duty desk",
    "undertaking": "hands_off",
}
LISTS: dict[str, tuple[list[dict[str, Any]], int]] = {
    "one": ([GRID], 0),
    "three-padded-to-sixteen": (
        [
            GRID,
            {"name": " Water\u00a0works  “East” ", "sector": "drinking_water"},
            {"name": 'Cafe\u0301 \\ "Bank"', "sector": "banking"},
        ],
        13,
    ),
    "three-hundred": ([{"name": f"Substation {n}", "sector": "energy"} for n in range(300)], 0),
}
VALUES = {
    "domains": [
        "Example.ORG.", "*.example.org", "bücher.example", "xn--bcher-kva.example", "BÜCHER.example",
        "пример。рф", "straße.example", "\u0430pple.example", "_dmarc.example.org", "example", "192.0.2.1",
        "xn--a.example", "xn--ab-.example", "exa mple.org", "example..org", "-a.example", "a\u200db.example",
    ],
    "networks": [
        "192.0.2.7", "192.0.2.0/24", "192.0.2.7/24", "2001:DB8::/32", "2001:db8::1", "::ffff:192.0.2.1",
        "fe80::1%eth0", "192.0.02.1", "10.0.0.0/8", "0.0.0.0/0", "2001::/16", "2000::/3", "300.1.1.1",
    ],
    "as_numbers": ["AS64500", "as 64500", "064500", "4294967295", "4294967296", "AS-SET", "٦٤"],
    "certificates": ["ab" * 32, "AB:" * 31 + "AB", "ab" * 31, "zz" * 32],
}  # fmt: skip


def salt(name: str, number: int, what: str = "salt") -> bytes:
    """The salt, or the random leaf, of a vector."""
    return hashlib.sha256(f"comity vector {name} {what} {number}".encode()).digest()


def built(name: str) -> tuple[list[protected.Salted], list[bytes], protected.Tree]:
    """A list with its salts, its padding, and its tree."""
    said, padding = LISTS[name]
    salted = [protected.Salted(protected.read_typed(one), salt(name, n)) for n, one in enumerate(said)]
    leaves = [salt(name, n, "padding") for n in range(padding)]
    return salted, leaves, protected.Tree.over(salted, leaves)


def commitments() -> list[dict[str, Any]]:
    """Every list, as a stranger computes it; of a long one, three objects."""
    found = []
    for name, (said, _padding) in LISTS.items():
        salted, padding, tree = built(name)
        shown = [0, len(said) // 2, len(said) - 1] if len(said) > 3 else range(len(said))
        found.append(
            {
                "name": name,
                "count": len(said),
                "padding": [one.hex() for one in padding],
                "leaves": tree.commitment.size,
                "root": tree.commitment.root.hex(),
                "objects": [
                    {
                        "typed": said[n],
                        "canonical": protected.canonical(salted[n].object).decode(),
                        "salt": salted[n].salt.hex(),
                        "leaf": salted[n].leaf.hex(),
                        "reveal": msgspec.to_builtins(protected.reveal(tree, salted[n])),
                    }
                    for n in shown
                ],
            }
        )
    return found


def reveals() -> list[dict[str, Any]]:
    """Reveals that hold, and such as do not, one fault each."""
    salted, _padding, tree = built("three-padded-to-sixteen")
    good = msgspec.to_builtins(protected.reveal(tree, salted[1]))
    other = msgspec.to_builtins(protected.reveal(tree, salted[2]))
    hashes, renamed = list(good["hashes"]), {**good["object"], "name": "X"}
    root, size = tree.commitment.root.hex(), tree.commitment.size
    cases = [
        ("good", "holds", good, root, size),
        ("another-object", "not-on-the-list", {**good, "object": renamed}, root, size),
        ("other-salt", "not-on-the-list", {**good, "salt": other["salt"]}, root, size),
        ("other-index", "not-on-the-list", {**good, "index": good["index"] ^ 1}, root, size),
        ("other-root", "not-on-the-list", good, "00" * 32, size),
        ("hashes-swapped", "not-on-the-list", {**good, "hashes": hashes[::-1]}, root, size),
        ("hash-missing", "malformed-reveal", {**good, "hashes": hashes[1:]}, root, size),
        ("hash-too-many", "malformed-reveal", {**good, "hashes": [*hashes, hashes[0]]}, root, size),
        ("index-outside", "malformed-reveal", {**good, "index": size}, root, size),
        ("other-size", "malformed-reveal", good, root, size * 2),
        (
            "not-in-its-one-form", "malformed-reveal",
            {**good, "object": {**good["object"], "domains": ["EXAMPLE.org"]}}, root, size,
        ),
        ("empty-member", "malformed-reveal", {**good, "object": {**good["object"], "owner": ""}}, root, size),
        ("unknown-member", "malformed-reveal", {**good, "object": {**good["object"], "x": 1}}, root, size),
    ]  # fmt: skip
    names = ("name", "expect", "reveal", "root", "leaves")
    return [dict(zip(names, one, strict=True)) for one in cases]


def values() -> dict[str, list[list[str | None]]]:
    """Values as typed, and their one form."""
    return {name: [[one, _form(name, one)] for one in typed] for name, typed in VALUES.items()}


def _form(name: str, typed: str) -> str | None:
    try:
        found = protected.read_typed({"name": "x", "sector": "other", name: [typed]})
    except protected.BadObject:
        return None
    return str(getattr(found, name)[0])


def texts() -> dict[str, str]:
    """The files, by name."""
    made = {"commitments.json": commitments(), "reveals.json": reveals(), "values.json": values()}
    return {name: json.dumps(one, ensure_ascii=False, indent=1) + "\n" for name, one in made.items()}


def main() -> int:
    """Write the files."""
    for name, text in texts().items():
        (HERE / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
