"""How long before it takes effect a denunciation must be notified, as an instrument sets it.

Follows: docs/spec/charter.md, Leaving.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, date, timedelta
from typing import Annotated, Final

import msgspec

from comity.forms import learnt

_LAST: Final = date(MAXYEAR, 12, 31)


@learnt
class Notice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A period of notice.

    Attributes:
        months, days: How long it is; a month ends on the day of the same number, or on the last there is.
        from_the_first: It takes effect on the first day of the month after the period has run out.
    """

    months: Annotated[int, msgspec.Meta(ge=0, le=120)] = 0
    days: Annotated[int, msgspec.Meta(ge=0, le=3_650)] = 0
    from_the_first: bool = False

    def earliest(self, given: date) -> date:
        """The first day on which a notice given on that day can take effect; the last there is, at most."""
        try:
            out = _months_after(given, self.months) + timedelta(days=self.days)
            return _months_after(out, 1).replace(day=1) if self.from_the_first else out
        except (ValueError, OverflowError):
            return _LAST


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
