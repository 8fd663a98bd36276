"""The keys of the tests: fixed seeds, fictional parties."""

from __future__ import annotations

from comity.keys.signing import Ed25519Key, MLDSA44Key
from comity.tlog.signer import Cosigner, NoteSigner

ORIGIN = "aa.comity/abcdefghijklmnop"
MIRROR = "bb.comity/mirror"
AT = 1_767_225_600

LOG_ED25519 = Ed25519Key.from_seed(b"\x01" * 32)
LOG_MLDSA44 = MLDSA44Key.from_seed(b"\x02" * 32)
MIRROR_ED25519 = Ed25519Key.from_seed(b"\x03" * 32)
MIRROR_MLDSA44 = MLDSA44Key.from_seed(b"\x04" * 32)
WITNESS_ED25519 = Ed25519Key.from_seed(b"\x05" * 32)
STRANGER = Ed25519Key.from_seed(b"\x06" * 32)

LOG = NoteSigner(ORIGIN, LOG_ED25519)
LOG_PQ = Cosigner(ORIGIN, LOG_MLDSA44, AT)
RECEIPT = Cosigner(MIRROR, MIRROR_ED25519, AT)
RECEIPT_PQ = Cosigner(MIRROR, MIRROR_MLDSA44, AT)
WITNESSED = Cosigner("x-witness.comity/witness", WITNESS_ED25519, AT)
