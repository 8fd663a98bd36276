"""The main job, from a draft to a closed request, for officials who have no mouse or no script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import scenes

if TYPE_CHECKING:
    from tests.browser.conftest import Case, House

pytestmark = [pytest.mark.browser, pytest.mark.two_nodes]


def test_the_main_job_is_done_without_script(case: Case) -> None:
    """A hardened browser must not shut an authority out, and both sides must see the same end."""
    for officer in (case.anna, case.boris):
        officer.until(case.request, "Correspondence")

        assert "Nothing further is due from either Party." in officer.said


@pytest.mark.lengthy
def test_the_main_job_is_done_by_keyboard_alone(house: House, channel: str) -> None:
    """Whoever cannot use a mouse does the same work."""
    anna, clara, boris, berta = (
        house.seat(login, keys=True) for login in ("anna", "clara", "boris", "berta")
    )

    request = scenes.lodge(anna, clara, "Records of another account")
    scenes.execute((boris, berta), anna, request)

    boris.until(request, "Correspondence")
    assert "Nothing further is due from either Party." in boris.said
    assert [] == anna.troubles + clara.troubles + boris.troubles + berta.troubles
