"""Who acts: an official of this node, by name and password, with the powers of their roles and no others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.errors import OurFault
from comity_cli.verb import Answer

if TYPE_CHECKING:
    from comity.names import EntryRef
    from comity_node.officials.models import Official, PreparedAct


class NotAuthenticatedHere(OurFault):
    """The password is not that of an active official of this node."""

    code = "wrong-password"
    default_hint = "an administrator can set a new one: comity official password LOGIN"


def official(login: str, password_file: str | None) -> Official:
    """The official who acts, once the password is theirs.

    Raises:
        NotAuthenticatedHere: There is no such active official, or the password is another.
    """
    from comity_node.officials.models import Official

    password = password_of(login, password_file)
    found = Official.objects.select_related("office").filter(login=login, is_active=True).first()
    # An unknown name takes as long as a wrong password.
    if not (found or Official()).check_password(password) or found is None:
        raise NotAuthenticatedHere(f"nothing was done: that is not the password of {login}")
    return found


def password_of(login: str, password_file: str | None, *, confirm: bool = False) -> str:
    """Read a password from a file, or ask at the terminal."""
    if password_file:
        return Path(password_file).read_text(encoding="utf-8").partition("\n")[0]
    typed: str = click.prompt(f"password of {login}", hide_input=True, confirmation_prompt=confirm, err=True)
    return typed


def recorded(done: PreparedAct | EntryRef) -> Answer:
    """What became of an act: its entry, or the text that waits for a second officer."""
    from comity.names import EntryRef

    if isinstance(done, EntryRef):
        return Answer({"entry": str(done)}, [f"recorded as {done}"])
    lines = [
        f"waits for a second officer as approval {done.pk}, under {done.basis}",
        f"sign it: comity approve sign {done.pk} --as LOGIN",
    ]
    return Answer({"approval": done.pk, "basis": done.basis, "text": done.text}, lines)
