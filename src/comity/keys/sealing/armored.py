"""Armor: a sealed file as text, to be pasted where only text passes.

Follows: C2SP age, ASCII armor; RFC 7468, figure 3 (strict).
"""

from __future__ import annotations

import binascii
from typing import Final

from comity.errors import MalformedArmor

MAX_ARMOR_SIZE: Final = 64 * 1024 * 1024

_BEGIN: Final = b"-----BEGIN AGE ENCRYPTED FILE-----"
_END: Final = b"-----END AGE ENCRYPTED FILE-----"
_COLUMNS: Final = 64
_LINE_SIZE: Final = 48
_WHITESPACE: Final = b" \t\r\n"


def is_armored(file: bytes) -> bool:
    """Say whether ``file`` looks like text rather than a binary sealed file."""
    return file.lstrip(_WHITESPACE).startswith(b"-----")


def armor(sealed: bytes) -> str:
    """Write a sealed file as text."""
    lines = (sealed[start : start + _LINE_SIZE] for start in range(0, len(sealed), _LINE_SIZE))
    body = [binascii.b2a_base64(line, newline=False) for line in lines]
    return b"\n".join([_BEGIN, *body, _END, b""]).decode("ascii")


def remove_armor(text: bytes) -> bytes:
    """Read the sealed file back; white space around the block and CRLF line ends are let pass, nothing else.

    Raises:
        MalformedArmor: The text is not one strictly armored file.
    """
    if len(text) > MAX_ARMOR_SIZE:
        raise _malformed(f"it has more than {MAX_ARMOR_SIZE} bytes")
    lines = [line.removesuffix(b"\r") for line in text.strip(_WHITESPACE).split(b"\n")]
    if len(lines) < 2 or lines[0] != _BEGIN or lines[-1] != _END:
        raise _malformed("it does not begin and end with the lines of an age file")
    body = lines[1:-1]
    if any(len(line) != _COLUMNS for line in body[:-1]) or any(
        not 1 <= len(line) <= _COLUMNS for line in body
    ):
        raise _malformed("its lines are not of 64 columns")
    return b"".join(_decode(line) for line in body)


def _decode(line: bytes) -> bytes:
    try:
        part = binascii.a2b_base64(line, strict_mode=True)
    except binascii.Error:
        raise _malformed("it is not base 64") from None
    if binascii.b2a_base64(part, newline=False) != line:
        raise _malformed("it is not canonical base 64")
    return part


def _malformed(reason: str) -> MalformedArmor:
    return MalformedArmor(f"the pasted text was not read: {reason}")
