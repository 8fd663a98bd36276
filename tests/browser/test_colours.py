"""Text can be told from its ground by weak eyes, in light and in dark, on either side's colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.browser.conftest import Case, House

pytestmark = [pytest.mark.browser, pytest.mark.two_nodes]

PAIRS: Final = (
    ("ink", "paper"), ("ink", "sheet"), ("ink", "shade"), ("ink-2", "paper"), ("ink-2", "shade"),
    ("accent", "paper"), ("accent", "sheet"), ("accent-ink", "accent"), ("ink", "accent-wash"),
    ("ours", "paper"), ("ours", "sheet"), ("theirs", "paper"), ("theirs", "sheet"),
    ("alarm", "paper"), ("alarm", "alarm-wash"), ("notice", "notice-wash"), ("exercise-ink", "exercise"),
)  # fmt: skip
LEAST: Final = 4.5  # WCAG 2.2, 1.4.3
# The browser itself resolves light-dark() and oklch(), and paints one pixel of each.
_RATIO: Final = """([text, ground]) => {
  const probe = document.body.appendChild(document.createElement("i"));
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (token) => {
    probe.style.setProperty("color", `var(--${token})`);
    context.fillStyle = getComputedStyle(probe).color;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map(one => one / 255)
      .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark, bright] = [light(text), light(ground)].sort((a, b) => a - b);
  probe.remove();
  return (bright + 0.05) / (dark + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(house: House, case: Case, scheme: str) -> None:
    """Every pair of colours the pages use has the contrast the standard asks of text."""
    anna = house.seat("anna", color_scheme=scheme)
    anna.open(case.request)

    ratios = {pair: anna.page.evaluate(_RATIO, list(pair)) for pair in PAIRS}

    assert {} == {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < LEAST}
