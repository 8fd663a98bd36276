"""Write the vectors of the transparency-log formats: ``python -m tests.vectors.tlog.generate``.

Each file is one case. A text header says what must happen and why; after a blank line comes the input, to
the last byte of the file::

    expect: <accepted, or the code of the error>
    because: <the rule>
    follows: <the section>
    format: <note | proof | submission | answer | policy | checkpoint | vkey | tile | bundle>
    seed: <the seeds of the keys involved, in hex>
    policy: <for notes and proofs: the lines to judge by, separated by semicolons>
    leaf: <for proofs: the leaf hash, in hex>
    at: <for notes: the times the policy's witnesses must be found to have signed at>

Everything is made from fixed seeds. ML-DSA-44 signing draws randomness, so its signatures are kept in
``recorded/`` and read from there.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.vectors.tlog.proofs import bodies, proofs
from tests.vectors.tlog.signed import cosignatures, notes
from tests.vectors.tlog.texts import texts

HERE = Path(__file__).parent


def vectors() -> dict[str, bytes]:
    """Every vector: file name and bytes."""
    every = [*notes(), *cosignatures(), *proofs(), *bodies(), *texts()]
    return {f"{vector.name}.txt": vector.encode() for vector in every}


def main() -> int:
    """Write the files, and remove those no longer made."""
    made = vectors()
    for stale in {file.name for file in HERE.glob("*.txt")} - made.keys():
        (HERE / stale).unlink()
    for name, data in made.items():
        (HERE / name).write_bytes(data)
    sys.stdout.write(f"{len(made)} vectors\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
