"""Names and texts written by an opponent are shown as text, whatever is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.browser import scenes

if TYPE_CHECKING:
    from tests.browser.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.two_nodes]

MARKUP: Final = '<img src=x onerror="document.title=1"><script>document.title=2</script>{{ 7 }}'
BIDI: Final = "invoice\u202efdp.exe"
UNBROKEN: Final = "A" * 280


@pytest.mark.lengthy
def test_hostile_titles_and_names_are_only_text(house: House, channel: str) -> None:
    """They pass through the lists and pages of both sides without running or breaking anything."""
    anna, clara, boris = (house.seat(login) for login in ("anna", "clara", "boris"))
    boris.page.set_viewport_size({"width": 390, "height": 844})

    request = scenes.lodge(anna, clara, (MARKUP + UNBROKEN)[:300], listed_as="<img src=x")
    exhibit = scenes.add_exhibit(anna, channel, f"{BIDI}.csv", b"x")
    scenes.act(boris, request, "Acknowledge the request", words="\u202e" + MARKUP + "B" * 10_000)

    boris.until("/evidence/", "exe.csv")
    for path in ("/", "/requests/", request, f"{request}correspondence/", exhibit, channel):
        boris.open(path)
        assert 0 == boris.page.locator("main img, main script").count(), path
        assert not boris.page.title().startswith(("1", "2")), path
        assert boris.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    boris.open(exhibit)
    assert "\u202e" not in boris.page.locator("h1").inner_text()
    assert [] == anna.troubles + boris.troubles
