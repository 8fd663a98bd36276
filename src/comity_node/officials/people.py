"""Who works here: officials added, appointed, suspended, relieved; their passwords and sign-ins.

``by`` is the administrator, or None for the operator at the node's own console.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from comity_node.officials import powers
from comity_node.officials.access import MANAGE, require
from comity_node.officials.errors import (
    NameTaken,
    NoSuchOfficial,
    OwnAppointment,
    UnfitLogin,
    WeakPassword,
)
from comity_node.officials.models import Appointment, Journal, Office, Official, SignIn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST_ABOUT: Final = 300
_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}", re.ASCII)


@transaction.atomic
def add_office(code: str, *, names: Mapping[str, str], by: Official | None = None) -> Office:
    """Open an office; adding it again changes its names."""
    _may_manage(by)
    office, is_new = Office.objects.update_or_create(code=code, defaults={"names": dict(names)})
    named = ", ".join(names.values())
    _note(by, "office.added" if is_new else "office.renamed", f"{code}: {named}")
    return office


@transaction.atomic
def add_official(
    login: str,
    *,
    display_name: str,
    office: str,
    roles: Iterable[str],
    password: str,
    language: str = "en",
    by: Official | None = None,
) -> Official:
    """Add a person with their office, roles and first password.

    A password given by an administrator counts for nothing until its owner has chosen another.

    Raises:
        UnfitLogin: The log-in name is not short and plain.
        NameTaken: Somebody has that log-in name.
        NoSuchOfficial: There is no such office.
        NoSuchRole: A role is not in the table of powers.
        RolesApart: One of the roles is held with no other.
        WeakPassword: The password is too easy to guess.
    """
    _may_manage(by)
    if not _LOGIN.fullmatch(login):
        raise UnfitLogin(f"no official was added: {login[:80]!r} is no log-in name")
    if Official.objects.filter(login=login).exists():
        raise NameTaken(f"no official was added: {login!r} exists", hint="choose another log-in name")
    held = powers.held_together(roles)
    official = Official(login=login, display_name=display_name, office=_office(office), language=language)
    official.password_is_given = by is not None
    _give_password(official, password)
    official.save()
    Appointment.objects.bulk_create(Appointment(official=official, role=role) for role in held)
    _note(by, "official.added", f"{login}: {', '.join(held)}; {office}")
    return official


@transaction.atomic
def appoint(
    login: str, *, roles: Iterable[str], office: str | None = None, by: Official | None = None
) -> None:
    """Give an official exactly these roles, in another office if one is named; powers follow at once.

    Raises:
        NotEmpowered: The official may not appoint others.
        OwnAppointment: Nobody appoints themselves.
        NoSuchOfficial: There is no such official or office.
        NoSuchRole: A role is not in the table of powers.
        RolesApart: One of the roles is held with no other.
    """
    official = _another(login, by)
    held = powers.held_together(roles)
    if office is not None:
        official.office = _office(office)
        official.save(update_fields=["office"])
    official.appointments.exclude(role__in=held).delete()
    new = [role for role in held if role not in official.roles]
    Appointment.objects.bulk_create(Appointment(official=official, role=role) for role in new)
    _note(by, "official.appointed", f"{login}: {', '.join(held) or 'no role'}; {official.office.code}")


@transaction.atomic
def set_password(login: str, *, password: str, by: Official | None = None) -> None:
    """Give an official a new password; every session under the old one ends.

    One that an administrator gave counts for nothing until its owner has chosen another.
    """
    official = _another(login, by)
    official.password_is_given = by is not None
    _give_password(official, password)
    official.save(update_fields=["password", "password_is_given"])
    _end_all(official)
    _note(by, "official.password-set", login)


@transaction.atomic
def set_own_password(official: Official, password: str) -> None:
    """Change one's own password, the old one having been given; every session under it ends.

    Raises:
        WeakPassword: The password is too easy to guess, or it is the one somebody else gave.
    """
    if official.check_password(password):
        raise WeakPassword("the password was not set", hint="choose another than the one you have")
    _give_password(official, password)
    official.password_is_given = False
    official.save(update_fields=["password", "password_is_given"])
    _end_all(official)
    _note(official, "official.password-changed", official.login)


@transaction.atomic
def suspend(login: str, *, by: Official | None = None, reason: str = "") -> None:
    """Suspend an official: no powers and no sign-in until they are reinstated in the roles they had."""
    _set_active(login, by=by, active=False)
    _note(by, "official.suspended", f"{login}: {reason}" if reason else login)


@transaction.atomic
def reinstate(login: str, *, by: Official | None = None, reason: str = "") -> None:
    """End the suspension of an official; whoever had left office has to be appointed anew first."""
    _set_active(login, by=by, active=True)
    _note(by, "official.reinstated", f"{login}: {reason}" if reason else login)


@transaction.atomic
def end(login: str, *, by: Official | None = None, reason: str = "") -> None:
    """Relieve an official: no roles and no sign-in. What they did stays in the journal under their name."""
    _set_active(login, by=by, active=False).appointments.all().delete()
    _note(by, "official.ended", f"{login}: {reason}" if reason else login)


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
        require(by, MANAGE)


def _another(login: str, by: Official | None) -> Official:
    """The official to be changed, who is not the one changing them."""
    _may_manage(by)
    official = find(login)
    if official == by:
        raise OwnAppointment("nothing was changed: nobody changes their own office, roles or standing")
    return official


def _set_active(login: str, *, by: Official | None, active: bool) -> Official:
    official = _another(login, by)
    official.is_active = active
    official.save(update_fields=["is_active"])
    if not active:
        _end_all(official)
    return official


def _note(by: Official | None, did: str, about: str) -> None:
    """Write in the journal what was changed about whom: ``login: what``."""
    Journal.objects.create(official=by, did=did, about=about[:LONGEST_ABOUT])


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
