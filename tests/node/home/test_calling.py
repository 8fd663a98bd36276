"""What node.toml says of calling officers is read strictly: a mistake there is silence at night."""

from __future__ import annotations

import pytest

from comity_node import home as homes
from comity_node.home import BadHome, Step
from tests.node.home.test_node_toml import MINIMAL, make

WHOLE = """
[duty]
time_zone = "Europe/Vienna"
silent_minutes = 5
attempts = 4
hourly = 20
[[escalation]]
after_percent = 50
to = ["everybody"]
[[escalation]]
to = ["first", "coordinator"]
[mail]
host = "mail.aa.example"
sender = "comity@aa.example"
login = "comity"
password_file = "mail_password"
[command]
words = ["/usr/local/bin/call-officer", "--quiet"]
seconds = 5
"""


def test_without_a_word_the_usual_steps_hold_and_nothing_is_sent(tmp_path):
    """A node that says nothing of duty calls by its pages alone."""
    duty = homes.read(make(tmp_path)).duty

    assert ("UTC", None, None) == (duty.time_zone, duty.mail, duty.program)
    assert [0, 33, 66, 100] == [step.after_percent for step in duty.steps]


def test_everything_can_be_said(tmp_path):
    """Steps in the order of their time, whatever the order of the file; the password stays in its file."""
    duty = homes.read(make(tmp_path, MINIMAL + WHOLE)).duty

    assert (Step(0, ("first", "coordinator")), Step(50, ("everybody",))) == duty.steps
    assert ("first", "coordinator") == duty.at_once
    assert ("Europe/Vienna", 5, 4, 20) == (duty.zone.key, duty.silent_minutes, duty.attempts, duty.hourly)
    assert ("mail.aa.example", 587, "starttls") == (duty.mail.host, duty.mail.port, duty.mail.security)
    assert str(tmp_path / "mail_password") == duty.mail.password_file
    assert (("/usr/local/bin/call-officer", "--quiet"), 5) == (duty.program.words, duty.program.seconds)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ('[duty]\ntime_zone = "Vienna"', "'Vienna' is no time zone"),
        ('[duty]\ntime_zone = "../../etc/passwd"', "is no time zone"),
        ("[duty]\nsilent_minutes = 0", "at least 1"),
        ('[duty]\nzone = "UTC"', "not a setting"),
        ('[[escalation]]\nto = ["fourth"]', "to is some of"),
        ("[[escalation]]\nafter_percent = 0", "to is some of"),
        ('[[escalation]]\nafter_percent = 101\nto = ["first"]', "0 to 100"),
        ('[[escalation]]\nafter_percent = 10\nto = ["first"]', "nobody is called at once"),
        ('[[escalation]]\nto = "first"', "a list of texts"),
        ('[mail]\nhost = "mail.aa.example"', "host and sender are both needed"),
        ('[mail]\nhost = "m"\nsender = "nobody"', "sender is no mail address"),
        ('[mail]\nhost = "m"\nsender = "a@b"\nsecurity = "ssl"', "security is one of"),
        ('[mail]\nhost = "m"\nsender = "a@b"\nport = 70000', "port is at most"),
        ('[mail]\nhost = "m"\nsender = "a@b"\nseconds = 301', "seconds is at most"),
        ('[mail]\nhost = "m"\nsender = "a@b"\nlogin = "x"', "needed together"),
        (
            '[mail]\nhost = "m"\nsender = "a@b"\nlogin = "x"\npassword_file = "p"\nsecurity = "none"',
            "not sent in the open",
        ),
        ('[command]\nwords = ["call-officer"]', "no whole path"),
        ('[command]\nwords = ["/bin/true"]\nseconds = 301', "seconds is at most"),
        ('[command]\nwords = ["/bin/true", ""]', "a list of texts"),
    ],
)
def test_what_cannot_be_meant_stops_the_start(tmp_path, text, because):
    """Said by the name of the setting, with what to write instead."""
    with pytest.raises(BadHome, match=because) as refused:
        homes.read(make(tmp_path, f"{MINIMAL}\n{text}\n"))

    assert refused.value.hint
