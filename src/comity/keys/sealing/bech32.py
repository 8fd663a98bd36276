"""Bech32: how recipients and identities are written down, with a checksum against slips of the pen.

Without the length limit of the original: a post-quantum recipient has 1,959 characters. A string is
accepted only if it is what encoding its own data would give.

Follows: BIP 173; C2SP age, conventions.
"""

from __future__ import annotations

from typing import Final

_CHARSET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_LENGTH: Final = 6
_MAX_LENGTH: Final = 4096


def encode(prefix: str, value: bytes) -> str:
    """Write ``value`` under a lower-case ``prefix``."""
    groups = _regroup(value)
    return f"{prefix}1{''.join(_CHARSET[group] for group in groups + _checksum(prefix, groups))}"


def decode(text: str) -> tuple[str, bytes] | None:
    """Read lower-case bech32: its prefix and value, or None where ``text`` is not bech32."""
    if len(text) > _MAX_LENGTH or not text.isascii():
        return None
    prefix, mark, data = text.rpartition("1")
    if not prefix or not mark or len(data) < _CHECKSUM_LENGTH or not set(data) <= set(_CHARSET):
        return None
    groups = [_CHARSET.index(character) for character in data[:-_CHECKSUM_LENGTH]]
    whole, spare = divmod(len(groups) * 5, 8)
    number = int("".join(f"{group:05b}" for group in groups) or "0", 2)
    value = (number >> spare).to_bytes(whole)
    return (prefix, value) if encode(prefix, value) == text else None


def _regroup(value: bytes) -> list[int]:
    """Cut ``value`` into groups of five bits, the last filled up with zeros."""
    bits = "".join(f"{byte:08b}" for byte in value)
    return [int(bits[start : start + 5].ljust(5, "0"), 2) for start in range(0, len(bits), 5)]


def _checksum(prefix: str, groups: list[int]) -> list[int]:
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    remainder = _polymod(expanded + groups + [0] * _CHECKSUM_LENGTH) ^ 1
    return [remainder >> 5 * place & 31 for place in reversed(range(_CHECKSUM_LENGTH))]


def _polymod(groups: list[int]) -> int:
    remainder = 1
    for group in groups:
        top = remainder >> 25
        remainder = (remainder & 0x1FFFFFF) << 5 ^ group
        for place, term in enumerate(_GENERATOR):
            if top >> place & 1:
                remainder ^= term
    return remainder
