"""Who acts: an official of this node, by name and password, with the powers of their roles and no others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.errors import OurFault

if TYPE_CHECKING:
    from comity_node.officials.models import Official


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
