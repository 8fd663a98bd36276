"""What the doctor says of calling officers: which ways this node is set up for, and when each last worked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone

from comity_cli.findings import Finding
from comity_node.duty import push_key, queries
from comity_node.duty.ways import WAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECTIONS: Final = {"mail": "[mail]", "command": "[command]"}


def duty() -> Iterator[Finding]:
    """Somebody is on duty, and can be reached."""
    now = timezone.now()
    on_duty = [one.official.login for one in queries.on_duty(now)]
    if on_duty:
        yield Finding("duty", "ok", f"on duty: {', '.join(on_duty)}")
    else:
        says = "nobody is on duty: everybody who may answer is called"
        yield Finding("duty", "note", says, "comity duty add LOGIN --from … --until …")
    kept = queries.last_worked()
    for way in WAYS:
        yield _way(way, *kept[way])
    for one in queries.failing():
        says = f"{one.official.login} was not reached: {one.last_error}"
        yield Finding(f"calls by {one.way}", "note", says, "see what it says; test it on the page of ways")
    lost = queries.given_up(now)
    if lost:
        yield Finding("calls", "note", f"{lost} given up or held back within a day", "see the desk")


def _way(way: str, officials: int, worked_at: object) -> Finding:
    subject = f"calls by {way}"
    if not WAYS[way].is_set_up():
        return Finding(subject, "note", "not set up", f"write the section {_SECTIONS[way]} of node.toml")
    if way == "push" and push_key.where().exists() and push_key.where().stat().st_mode & 0o077:
        return Finding(subject, "wrong", "others can read keys/push", f"chmod 600 {push_key.where()}")
    if way == "mail" and settings.NODE.duty.mail is not None and settings.NODE.duty.mail.security == "none":
        says = f"{_says(officials, worked_at)}; it goes to the server in the open"
        return Finding(subject, "note", says, 'write security = "starttls"')
    return Finding(subject, "ok", _says(officials, worked_at))


def _says(officials: int, worked_at: object) -> str:
    last = f"last worked {worked_at:%Y-%m-%d %H:%M} UTC" if worked_at else "never used yet"
    return f"chosen by {officials} officials, {last}"
