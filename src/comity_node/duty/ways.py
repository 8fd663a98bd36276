"""The ways in which an officer is called, one function each; a row of the table ``WAYS``.

None of them says a word of a case. A mail says what the open header of an entry says, and not even that where
its official wants it bare; a push, which passes through a service of strangers, is always bare.
"""

from __future__ import annotations

import os
import signal
import smtplib
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.errors import ComityError
from comity.keys import push
from comity_node.api import reaching
from comity_node.api.errors import HookNotAnswered
from comity_node.duty.errors import NotReached, WayEnded
from comity_node.duty.push_key import push_key
from comity_node.duty.sources import GRAVE, SOURCES
from comity_node.home import secret_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from django_stubs_ext import StrPromise

    from comity_node.duty.models import Cause, Sending, Way
    from comity_node.home import Program

_SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"
_PUSH_LASTS: Final = timedelta(hours=4)
_TOKEN_LASTS: Final = timedelta(hours=12)
_GONE: Final = (404, 410)


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of way.

    Attributes:
        title: What officials call it.
        send: Sends one thing, or raises NotReached.
        is_set_up: Whether this node can be reached out by it at all.
    """

    title: StrPromise
    send: Callable[[Sending, Way], None]
    is_set_up: Callable[[], bool]


def send(sending: Sending, way: Way) -> None:
    """Send one thing by one way, in the language of its official.

    Raises:
        NotReached: It was not taken.
        WayEnded: It never will be again.
    """
    kind = WAYS[way.way]
    if not kind.is_set_up():
        raise NotReached("this node is not set up for it any more: see node.toml")
    with translation.override(sending.official.language):
        kind.send(sending, way)


def said(sending: Sending) -> dict[str, Any]:
    """What a web service or a program is told: every member always there, empty where it does not apply."""
    cause, node = sending.cause, settings.NODE
    return {
        "id": sending.key,
        "event": f"duty.{cause.source}",
        "at": cause.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "party": node.party,
        "title": str(SOURCES[cause.source].title),
        "severity": cause.severity,
        "exercise": cause.exercise,
        "channel": cause.channel,
        "ref": cause.ref,
        "from": cause.party,
        "step": cause.step,
        "official": sending.official.login,
        "href": node.address + "/",
    }


def _node_name() -> str:
    return urlsplit(settings.NODE.address).netloc


def _bare_line(cause: Cause) -> str:
    said = {"node": _node_name(), "severity": cause.severity}
    if cause.exercise:
        return _("EXERCISE: something waits for you at %(node)s, severity %(severity)s") % said
    return _("Something waits for you at %(node)s, severity %(severity)s") % said


# --- mail -----------------------------------------------------------------------------------------------


def _mail(sending: Sending, way: Way) -> None:
    mail = settings.NODE.duty.mail
    assert mail is not None, "a way that is not set up is not used"
    message = EmailMessage(
        subject=_subject(sending, way),
        body=_body(sending, way),
        from_email=mail.sender,
        to=[way.address],
        headers={
            "Auto-Submitted": "auto-generated",
            "Message-ID": f"<{sending.key[:40]}@{urlsplit(settings.NODE.address).hostname}>",
            "Importance": "high" if sending.cause.severity >= GRAVE else "normal",
        },
    )
    try:
        message.connection = get_connection(
            _SMTP,
            host=mail.host,
            port=mail.port,
            username=mail.login or None,
            password=secret_text(mail.password_file) if mail.password_file else None,
            use_tls=mail.security == "starttls",
            use_ssl=mail.security == "tls",
            timeout=mail.seconds,
        )
        message.send()
    except smtplib.SMTPResponseException as refused:
        raise NotReached(f"the mail server refused it: {refused.smtp_code}") from refused
    except smtplib.SMTPRecipientsRefused as refused:
        raise NotReached("the mail server refused the address") from refused
    except (smtplib.SMTPException, OSError, ComityError) as error:
        raise NotReached(f"the mail server did not take it: {type(error).__name__}") from error


def _subject(sending: Sending, way: Way) -> str:
    line = _bare_line(sending.cause)
    ref = "" if way.bare else sending.cause.ref
    return f"Comity: {line}, {ref}" if ref else f"Comity: {line}"


def _body(sending: Sending, way: Way) -> str:
    cause = sending.cause
    known = [str(SOURCES[cause.source].title)]
    known += [_("Reference: %(ref)s") % {"ref": cause.ref}] if cause.ref else []
    known += [_("From: %(party)s") % {"party": cause.party.upper()}] if cause.party else []
    lines = [
        _bare_line(cause),
        "",
        *([] if way.bare else known),
        f"{cause.at:%Y-%m-%d %H:%M} UTC",
        settings.NODE.address + "/",
        "",
        _("What it is about stands at the node, and is never sent by mail. Nobody reads answers to this."),
    ]
    return "\n".join(lines) + "\n"


# --- a browser ------------------------------------------------------------------------------------------


def _push(sending: Sending, way: Way) -> None:
    cause, now = sending.cause, timezone.now()
    word = {"title": "Comity", "body": _bare_line(cause), "tag": sending.key[:32], "to": "/"}
    place = urlsplit(way.address)
    try:
        sealed = push.seal(msgspec.json.encode(word), p256dh=way.keys["p256dh"], auth=way.keys["auth"])
        proof = push_key().authorization(
            f"{place.scheme}://{place.netloc}", contact=_contact(), until=now + _TOKEN_LASTS
        )
        status = reaching.status_of(
            way.address,
            sealed,
            {
                "Content-Type": "application/octet-stream",
                "Content-Encoding": "aes128gcm",
                "TTL": str(int(_PUSH_LASTS.total_seconds())),
                "Urgency": "high" if cause.severity >= GRAVE else "normal",
                "Topic": push.topic(sending.key),
                "Authorization": proof,
            },
        )
    except ComityError as error:
        raise NotReached(f"the push service did not take it: {error}") from error
    if status in _GONE:
        raise WayEnded(f"the browser takes no more pushes ({status}): the way was removed")
    if not 200 <= status < 300:
        raise NotReached(f"the push service did not take it: {status}")


def _contact() -> str:
    """Where the operator of a push service finds ours."""
    node = settings.NODE
    if node.duty.mail is not None:
        return f"mailto:{node.duty.mail.sender}"
    return str(node.address) if node.is_https else f"mailto:postmaster@{urlsplit(node.address).hostname}"


# --- a web service and a program ------------------------------------------------------------------------


def _webhook(sending: Sending, way: Way) -> None:
    body = msgspec.json.encode(said(sending), order="deterministic")
    try:
        reaching.post(way.address, body, at=timezone.now())
    except HookNotAnswered as error:
        raise NotReached(str(error)) from error


def _command(sending: Sending, way: Way) -> None:
    """Run the administrator's program: fixed words, no shell, a bare environment, and an end."""
    program = settings.NODE.duty.program
    assert program is not None, "a way that is not set up is not used"
    body = msgspec.json.encode({**said(sending), "address": way.address}, order="deterministic")
    try:
        status = _ran(program, body)
    except OSError as error:
        raise NotReached(f"the program could not be run: {error.strerror}") from error
    except subprocess.TimeoutExpired as late:
        raise NotReached(f"the program did not end within {program.seconds} seconds") from late
    if status:
        raise NotReached(f"the program ended with status {status}")


def _ran(program: Program, body: bytes) -> int:
    """Run it; where it does not end in time, it and whatever it has started are ended."""
    with subprocess.Popen(  # noqa: S603 - the words are the administrator's, from node.toml, and no others
        list(program.words),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"},
        start_new_session=True,
    ) as running:
        try:
            running.communicate(body, timeout=program.seconds)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            raise
        return running.returncode


WAYS: Final = {
    "mail": Kind(gettext_lazy("Mail"), _mail, lambda: settings.NODE.duty.mail is not None),
    "push": Kind(gettext_lazy("This browser"), _push, lambda: True),
    "webhook": Kind(gettext_lazy("Web service"), _webhook, lambda: True),
    "command": Kind(gettext_lazy("Program"), _command, lambda: settings.NODE.duty.program is not None),
}
