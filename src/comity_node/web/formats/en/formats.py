"""English as it is written between States: the day first and the month in letters, so neither is mistaken."""

from __future__ import annotations

DATE_FORMAT = "j F Y"
