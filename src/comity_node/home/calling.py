"""How officers of this node are called: what ``node.toml`` says of mail, the program, and who comes when."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from comity.errors import OurFault
    from comity_node.home.table import Table

SECURITIES: Final = ("starttls", "tls", "none")
CALLED: Final = ("first", "second", "third", "coordinator", "everybody")
_MAIL_PORT: Final = 587
_LONGEST_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class MailBy:
    """The server that takes our mail. ``password_file`` is empty where it asks for none."""

    host: str
    port: int
    security: str
    login: str
    password_file: str
    sender: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Program:
    """A program that is run to call an officer: always with these words, never through a shell."""

    words: tuple[str, ...]
    seconds: int


@dataclass(frozen=True, slots=True)
class Step:
    """Who is called once so much of an alert's time has passed, in hundredths of it."""

    after_percent: int
    to: tuple[str, ...]


USUAL_STEPS: Final = (
    Step(0, ("first",)),
    Step(33, ("second",)),
    Step(66, ("third", "coordinator")),
    Step(100, ("everybody",)),
)


@dataclass(frozen=True, slots=True)
class Duty:
    """What the roster and its calls go by.

    Attributes:
        time_zone: The zone in which shifts and quiet hours are written.
        silent_minutes: After how long a line that is not answered is a cause to call.
        attempts: After how many failures a call is given up.
        hourly: How many calls one officer is sent by one way in an hour; more stand on the page alone. What
            is sent about one party, and of what is grave, is reckoned from it (``duty/deciding.py``).
    """

    time_zone: str = "UTC"
    silent_minutes: int = 15
    attempts: int = 8
    hourly: int = 60
    steps: tuple[Step, ...] = USUAL_STEPS
    mail: MailBy | None = None
    program: Program | None = field(default=None)

    @property
    def at_once(self) -> tuple[str, ...]:
        """Who is called the moment an alert stands here."""
        return tuple(who for step in self.steps if step.after_percent == 0 for who in step.to)

    @property
    def zone(self) -> ZoneInfo:
        """The zone itself."""
        return ZoneInfo(self.time_zone)


def duty(node: Table, path: Path, fault: type[OurFault]) -> Duty:
    """Read the sections ``duty``, ``escalation``, ``mail`` and ``command``.

    Args:
        node: The whole of ``node.toml``.
        path: The home directory, in which a password is looked for.
        fault: What is raised where they cannot be used.
    """
    said, usual = node.table("duty"), Duty()
    found = Duty(
        time_zone=_zone(said.text("time_zone", default="UTC"), fault),
        silent_minutes=said.number("silent_minutes", default=usual.silent_minutes),
        attempts=said.number("attempts", default=usual.attempts),
        hourly=said.number("hourly", default=usual.hourly),
        steps=_steps(node.tables("escalation"), fault),
        mail=_mail(node.table("mail"), path, fault),
        program=_program(node.table("command"), fault),
    )
    said.finish()
    return found


def _zone(name: str, fault: type[OurFault]) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise fault(
            f"node.toml: duty: time_zone: {name[:60]!r} is no time zone",
            hint='name one as the zone database does: time_zone = "Europe/Vienna"',
        ) from unknown
    return name


def _steps(tables: list[Table], fault: type[OurFault]) -> tuple[Step, ...]:
    """The steps of escalation, in the order of their time; the usual ones where none is given."""
    found = []
    for table in tables:
        step = Step(table.number("after_percent", default=0, least=0), tuple(table.words("to")))
        table.finish()
        unknown = [one for one in step.to if one not in CALLED]
        if unknown or not step.to or step.after_percent > 100:
            raise fault(
                f"node.toml: escalation: to is some of {', '.join(CALLED)}; after_percent is 0 to 100",
                hint='write after_percent = 33 and to = ["second"], as many [[escalation]] as you want',
            )
        found.append(step)
    if found and min(one.after_percent for one in found) > 0:
        raise fault(
            "node.toml: escalation: nobody is called at once",
            hint="give one [[escalation]] after_percent = 0",
        )
    return tuple(sorted(found, key=lambda one: one.after_percent)) or USUAL_STEPS


def _mail(table: Table, path: Path, fault: type[OurFault]) -> MailBy | None:
    mail = MailBy(
        host=table.text("host", default=""),
        port=table.number("port", default=_MAIL_PORT),
        security=table.text("security", default="starttls"),
        login=table.text("login", default=""),
        password_file=table.text("password_file", default=""),
        sender=table.text("sender", default=""),
        seconds=table.number("seconds", default=20),
    )
    table.finish()
    if not mail.host and not mail.sender:
        return None
    flaw = next((text for text, is_so in _flaws_of(mail).items() if is_so), "")
    if flaw:
        raise fault(
            f"node.toml: mail: {flaw}", hint='write host = "mail.example" and sender = "comity@aa.example"'
        )
    kept = str(path / mail.password_file) if mail.password_file else ""
    return MailBy(mail.host, mail.port, mail.security, mail.login, kept, mail.sender, mail.seconds)


def _flaws_of(mail: MailBy) -> dict[str, bool]:
    return {
        "host and sender are both needed": not mail.host or not mail.sender,
        f"security is one of {', '.join(SECURITIES)}": mail.security not in SECURITIES,
        "sender is no mail address": parseaddr(mail.sender)[1] != mail.sender or "@" not in mail.sender,
        "port is at most 65535": mail.port > 65_535,
        f"seconds is at most {_LONGEST_SECONDS}": mail.seconds > _LONGEST_SECONDS,
        "login and password_file are needed together": bool(mail.login) != bool(mail.password_file),
        "a password is not sent in the open: security is none": bool(mail.login) and mail.security == "none",
    }


def _program(table: Table, fault: type[OurFault]) -> Program | None:
    found = Program(tuple(table.words("words")), table.number("seconds", default=10))
    table.finish()
    if not found.words:
        return None
    if not Path(found.words[0]).is_absolute():
        raise fault(
            "node.toml: command: words begins with no whole path of a program",
            hint='write words = ["/usr/local/bin/call-officer", "--quiet"]',
        )
    if found.seconds > _LONGEST_SECONDS:
        raise fault(
            f"node.toml: command: seconds is at most {_LONGEST_SECONDS}", hint="a program has to end soon"
        )
    return found
