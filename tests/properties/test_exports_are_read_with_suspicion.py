"""Whatever stands in an export, the verifier answers with a named error and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.channel.export import read_receipt_name
from comity.channel.verification import verify_export
from comity.channel.verified_parts import verify_bundle, verify_proof
from comity.errors import ComityError
from comity.tlog.policy import Policy
from tests.core.channel.exported import InMemory, whole_export

WHOLE = whole_export()
POLICY = Policy.parse(WHOLE.held["policy"])
PATHS = sorted(set(WHOLE.held) - {"README"})


@given(st.sampled_from(PATHS), st.binary(max_size=400))
def test_a_file_of_any_content_is_refused_by_name(path: str, content: bytes) -> None:
    """A foreign exception would end the verification without an answer."""
    with pytest.raises(ComityError):
        verify_export(InMemory({**WHOLE.held, path: content}))


@given(st.sampled_from(PATHS), st.data())
def test_a_piece_cut_out_or_doubled_is_refused_by_name(path: str, data: st.DataObject) -> None:
    """Files made to look almost right are the ones an attacker makes."""
    whole = WHOLE.held[path]
    at = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(1, 40))
    piece = whole[at : at + length]
    content = data.draw(st.sampled_from([whole[:at] + whole[at + length :], whole[:at] + piece + whole[at:]]))

    with pytest.raises(ComityError):
        verify_export(InMemory({**WHOLE.held, path: content}))


@given(st.text(max_size=60), st.binary(max_size=60))
def test_files_under_any_name_never_end_in_a_foreign_error(name: str, content: bytes) -> None:
    """Names come from whoever made the directory."""
    for folder in (
        "",
        "aa/receipts/",
        "aa/witnessed/",
        "passports/",
        "misconduct/",
        "instruments/",
        "payloads/",
    ):
        try:
            verify_export(InMemory({**WHOLE.held, folder + name: content}))
        except ComityError:
            continue


@given(st.text(max_size=60))
def test_the_name_of_a_receipt_has_one_spelling(name: str) -> None:
    """Two names for one receipt would count it twice."""
    try:
        size, giver = read_receipt_name(name)
    except ComityError:
        return

    assert f"{size}.{giver}" == name


@given(st.binary(max_size=2000))
def test_parts_of_any_content_are_refused_by_name(data: bytes) -> None:
    """A stick or an attachment may hold anything."""
    with pytest.raises(ComityError):
        verify_bundle(data, POLICY)
    with pytest.raises(ComityError):
        verify_proof(data, POLICY)
