"""Who works here: officials added, appointed, relieved; their passwords and sign-ins.

``by`` is the administrator, or None for the operator at the node's own console.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from comity_node.officials import powers
from comity_node.officials.access import require
from comity_node.officials.errors import NameTaken, NoSuchOfficial, WeakPassword
from comity_node.officials.models import Appointment, Journal, Office, Official, SignIn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@transaction.atomic
def add_office(code: str, *, names: Mapping[str, str], by: Official | None = None) -> Office:
    """Open an office; adding it again changes its names."""
    _may_manage(by)
    office, _ = Office.objects.update_or_create(code=code, defaults={"names": dict(names)})
    Journal.objects.create(official=by, did="office.added", about=code)
    return office


@transaction.atomic
def add_official(
    login: str,
    *,
    display_name: str,
    office: str,
    roles: Iterable[str],
    password: str,
    by: Official | None = None,
) -> Official:
    """Add a person with their office, roles and first password.

    Raises:
        NameTaken: Somebody has that log-in name.
        NoSuchOfficial: There is no such office.
        NoSuchRole: A role is not in the table of powers.
        WeakPassword: The password is too easy to guess.
    """
    _may_manage(by)
    if Official.objects.filter(login=login).exists():
        raise NameTaken(f"no official was added: {login!r} exists", hint="choose another log-in name")
    held = [powers.role(code) for code in roles]
    official = Official(login=login, display_name=display_name, office=_office(office))
    _give_password(official, password)
    official.save()
    Appointment.objects.bulk_create(Appointment(official=official, role=role.code) for role in held)
    Journal.objects.create(official=by, did="official.added", about=login)
    return official


@transaction.atomic
def appoint(login: str, *, roles: Iterable[str], by: Official | None = None) -> None:
    """Give an official exactly these roles; powers follow at once, in every open session."""
    _may_manage(by)
    official = find(login)
    held = [powers.role(code).code for code in roles]
    official.appointments.exclude(role__in=held).delete()
    new = [role for role in held if role not in official.roles]
    Appointment.objects.bulk_create(Appointment(official=official, role=role) for role in new)
    Journal.objects.create(official=by, did="official.appointed", about=f"{login}: {', '.join(held)}")


@transaction.atomic
def set_password(login: str, *, password: str, by: Official | None = None) -> None:
    """Give an official a new password; every session under the old one ends."""
    _may_manage(by)
    official = find(login)
    _give_password(official, password)
    official.save(update_fields=["password"])
    _end_all(official)
    Journal.objects.create(official=by, did="official.password-set", about=login)


@transaction.atomic
def set_own_password(official: Official, password: str) -> None:
    """Change one's own password, the old one having been given; every session under it ends."""
    official.set_password(password)
    official.save(update_fields=["password"])
    _end_all(official)
    Journal.objects.create(official=official, did="official.password-changed", about=official.login)


@transaction.atomic
def deactivate(login: str, *, by: Official | None = None) -> None:
    """Relieve an official: no powers, no sign-in. What they did stays in the journal under their name."""
    _may_manage(by)
    official = find(login)
    official.is_active = False
    official.save(update_fields=["is_active"])
    _end_all(official)
    Journal.objects.create(official=by, did="official.deactivated", about=login)


def end_sign_in(official: Official, *, pk: int) -> None:
    """Sign one of the official's browsers out."""
    for sign_in in SignIn.objects.filter(official=official, pk=pk):
        _end(sign_in)


def drop_expired_sessions() -> None:
    """Delete what expired sessions hold: what they kept of a draft should not outlive them."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def find(login: str) -> Official:
    """Return an official by log-in name.

    Raises:
        NoSuchOfficial: There is none.
    """
    try:
        return Official.objects.select_related("office").get(login=login)
    except Official.DoesNotExist:
        raise NoSuchOfficial(f"no official of this node has the log-in name {login!r}") from None


def _may_manage(by: Official | None) -> None:
    if by is not None:
        require(by, "official.manage")


def _office(code: str) -> Office:
    try:
        return Office.objects.get(code=code)
    except Office.DoesNotExist:
        raise NoSuchOfficial(f"this node has no office {code!r}", hint="add the office first") from None


def _give_password(official: Official, password: str) -> None:
    try:
        validate_password(password, official)
    except ValidationError as weak:
        raise WeakPassword("the password was not set", hint=" ".join(weak.messages)) from weak
    official.set_password(password)


def _end_all(official: Official) -> None:
    for sign_in in SignIn.objects.filter(official=official):
        _end(sign_in)


def _end(sign_in: SignIn) -> None:
    SessionStore(sign_in.session_key).delete()
    sign_in.delete()
