"""Whether the pattern of an indicator is one, by the grammar of OASIS.

Indicators come by the hundred thousand, and their patterns differ in what stands in quotation marks: each
shape is looked at once.

Follows: STIX 2.1, 9 (STIX patterning).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from stix2patterns.validator import run_validator

LONGEST: Final = 20_000
_DEEPEST: Final = 40
_TEXT: Final = re.compile(r"'(?:[^'\\]|\\['\\])*'")
# What the grammar tells apart by the text before the quotation mark: times, binary and hexadecimal values.
_TYPED: Final = re.compile(r"\b[tbh]'")
_SHAPES: Final = 4_096


def fault(pattern: str) -> str:
    """What is wrong with a pattern, in words; empty where nothing is."""
    if len(pattern) > LONGEST:
        return f"it has {len(pattern):,} characters; the limit is {LONGEST:,}"
    if not pattern.strip("( \t\r\n"):
        return "it is empty"
    shape = pattern if _TYPED.search(pattern) else _TEXT.sub("'a'", pattern)
    if _depth(shape) > _DEEPEST:
        return f"it is nested deeper than {_DEEPEST}"
    return _of_shape(shape)


def _depth(shape: str) -> int:
    depth = deepest = 0
    for mark in re.findall(r"[()\[\]]", shape):
        depth += 1 if mark in "([" else -1
        deepest = max(deepest, depth)
    return deepest


@lru_cache(maxsize=_SHAPES)
def _of_shape(shape: str) -> str:
    try:
        found = run_validator(shape, stix_version="2.1")
    except RecursionError:
        return "it is too long to be looked at"
    return found[0].removeprefix("FAIL: ")[:200] if found else ""
