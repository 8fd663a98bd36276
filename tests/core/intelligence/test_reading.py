"""Bundles are read object by object; what two readers could read differently is named and left out."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.intelligence import Limits, MalformedBundle, read

BUNDLE = '{"type": "bundle", "id": "bundle--1", "objects": [%s]}'
FEW = Limits(characters=200, objects=5)


def items(text, limits=FEW, size=7):
    """What is read of a text that comes in small portions."""
    raw = text if isinstance(text, bytes) else text.encode()
    return list(read((raw[at : at + size] for at in range(0, len(raw), size)), limits))


def flaws(one):
    """What is noted of one object of a bundle of two, the other of which is read all the same."""
    first, second = items(BUNDLE % f'{one}, {{"a": 1}}')
    assert ((), {"a": 1}) == (second.flaws, second.value)
    return first.flaws


def test_each_object_is_read_as_its_author_wrote_it():
    """The text is what is compared and passed on; it is never written again."""
    read_of = items(BUNDLE % '{"b":1.50,  "a": "é"} , {}')

    assert ['{"b":1.50,  "a": "é"}', "{}"] == [one.text for one in read_of]
    assert [0, 1] == [one.position for one in read_of]
    assert {"b": 1.5, "a": "é"} == read_of[0].value


@pytest.mark.parametrize("text", ['{"objects": [{"a": 1}]}', '{"more": true, "objects": [{"a": 1}]}'])
def test_an_envelope_is_read_like_a_bundle(text):
    """A TAXII server sends its objects in one."""
    assert [{"a": 1}] == [one.value for one in items(text)]


def test_a_file_that_is_one_object_is_that_object():
    """People export one, and expect it to be taken."""
    (one,) = items(' {"type": "identity", "name": "A"}\n')

    assert ('{"type": "identity", "name": "A"}', "A") == (one.text, one.value["name"])


@pytest.mark.parametrize(
    ("one", "said"),
    [
        ('{"a": 1, "a": 2}', "the name a is given twice"),
        ('{"a": {"b": 1, "b": 1}}', "the name b is given twice"),
        ('{"a": NaN}', "NaN is no number"),
        ('{"a": -Infinity}', "-Infinity is no number"),
        ('{"a": 1e999}', "a number is too great to be read by all"),
        ('{"a": 9007199254740992}', "a whole number is too great to be read by all alike"),
        ('{"a": ' + "9" * 190 + "}", "a whole number is too great to be read by all alike"),
        (r'{"a": "\ud800"}', "it has characters that are none"),
        (r'{"\ufdd0": 1}', "it has characters that are none"),
        (r'{"a": ["\u0000"]}', "it has characters that are none"),
        ('{"a": "\U0001fffe"}', "it has characters that are none"),
        ('{"a": "' + "x" * 200 + '"}', "it has 209 characters; the limit is 200"),
        ('{"a": ' + "[" * 40 + "]" * 40 + "}", "it is nested deeper than 32"),
        ("[1]", "it is no object"),
    ],
)
def test_what_two_readers_could_read_differently_is_named(one, said):
    """And the objects after it are read."""
    assert (said,) == flaws(one)


@pytest.mark.parametrize("one", [r'{"a": "\ud83d\ude00 \\u0000"}', '{"a": 9007199254740991, "b": -0.0}'])
def test_what_all_read_alike_is_read(one):
    """A pair of halves is one character, and a backslash that is written is no NUL."""
    assert () == flaws(one)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "after 0 objects, at character 0: it ends where { was expected"),
        ("[]", "{ was expected"),
        (BUNDLE % '{"a": 1}, ', "after 1 objects"),
        (BUNDLE[:-4] + '{"a": 1}', "after 1 objects, at character 58: it ends where , or ] was expected"),
        (BUNDLE % '{"a": "x', "it is broken off, or no JSON any more"),
        (BUNDLE % "" + "{}", "more follows the end of the bundle"),
        (BUNDLE % ",".join(["{}"] * 6), "it has more than 5 objects, which is the limit"),
        ('{"objects": [], "objects": []}', "of the bundle itself: the name objects is given twice"),
        ('{"a": ' + "[" * 100_000, "it is"),
        (b'\xef\xbb\xbf{"objects": []}', "{ was expected"),
        (b'{"objects": ["\xff"]}', "it is no UTF-8"),
        ('{"objects": ["a\nb"]}', "no JSON"),
        ('{"a": "' + "x" * 9000 + '"}', "a value of more than 3,200 characters is not read"),
    ],
)
def test_a_file_that_ceases_to_be_a_bundle_is_refused_from_there(text, said):
    """With the place, and what stands before it."""
    with pytest.raises(MalformedBundle, match=said.replace("{", r"\{")):
        items(text)


def test_no_more_is_held_than_one_object():
    """A bundle of a million objects is read in the memory of one."""
    taken = []

    def portions():
        yield b'{"objects": ['
        for number in range(2_000):
            taken.append(number)
            yield b'{"a": "' + b"x" * 100 + b'"},'
        yield b"{}]}"

    reading = read(portions(), Limits())
    ahead = [len(taken) - one.position for one in reading]

    assert 2_001 == len(ahead)
    assert max(ahead) < 10


documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(max_size=5), documents, max_size=3), max_size=4), st.integers(1, 40))
def test_whatever_is_written_is_read_back(objects, size):
    """However the file is cut into portions, and however its author sets it."""
    for indent in (None, 1):
        text = json.dumps({"type": "bundle", "objects": objects}, indent=indent, ensure_ascii=bool(indent))
        assert objects == [one.value for one in items(text, Limits(), size)]


@given(st.binary(max_size=80), st.integers(1, 9))
def test_whatever_comes_is_read_or_refused_by_name(raw, size):
    """Nothing a stranger sends breaks the reader."""
    for text in (raw, b'{"objects": [' + raw, b'{"objects": [{"a": 1}, ' + raw + b"]}"):
        with suppress(MalformedBundle):
            items(text, FEW, size)
