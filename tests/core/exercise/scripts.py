"""A short script, and the record of its playing, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from comity.exercise import Heard, Script, must_be_sound, play, read_script
from comity.names import EntryRef, Origin

CHANNEL = "a" * 16
BEGAN = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
SHORT = b"""title   = "A short alert"
summary = "One alert."
aims    = ["Acknowledge in time"]
ends_at = 60

[channel]
purpose     = "Exercise"
instruments = ["ets-185"]

[[party]]
code  = "cc"
name  = "Corland"
plays = "Warns."

# What comes first.
[[inject]]
id     = "alert"
opens  = "alert"
by     = "cc"
states = { severity = "5" }
fields = { what_happens = "Encryption." }
as     = "ransom"

[[inject.expect]]
id    = "acknowledge"
act   = ["acknowledged"]
clock = "acknowledge_5"
says  = "Acknowledge"
[[inject]]
id     = "grows"
when   = { acknowledged = "ransom" }
by     = "cc"
on     = "ransom"
act    = "updated"
text   = "More."

[[inject]]
id     = "grows-again"
at     = 30
by     = "cc"
on     = "ransom"
act    = "updated"
text   = "Still more."

[[inject]]
id     = "told"
when   = { overdue = "acknowledge", minutes = 5 }
by     = "cc"
on     = "ransom"
act    = "notified_again"
"""


def changed(old: str, new: str) -> bytes:
    """The script with its first such text changed."""
    assert old.encode() in SHORT, old
    return SHORT.replace(old.encode(), new.encode(), 1)


def script() -> Script:
    """The script as it is."""
    found = read_script(SHORT)
    must_be_sound(found)
    return found


class Record:
    """Acts on record, minute by minute."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []

    def act(self, party: str, act: str, minute: float, **more) -> Heard:
        """Put an act on the alert on record, receipted at once."""
        index = sum(one.party == party for one in self.heard)
        at = BEGAN + timedelta(minutes=minute)
        other = "aa" if party == "cc" else "cc"
        one = Heard(
            ref=EntryRef(Origin(party, CHANNEL), index), party=party, procedure="alert", name="cc-1", act=act,
            at=at, stated={"requested": "aa"}, received={other: at}, opens=act == "raised", **more,
        )  # fmt: skip
        self.heard.append(one)
        return one

    def playing(self, speed: float = 1):
        """How far the script is."""
        return play(script(), self.heard, began=BEGAN, speed=speed, trainee="aa")
