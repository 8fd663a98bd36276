"""``comity official``: who acts for this party. The journal says who changed what, the operator included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from comity_cli.verb import Answer, console_verb, node_verb

if TYPE_CHECKING:
    from comity_node.officials.models import Official

_PASSWORD = click.option("--password-file", metavar="FILE", help="Their password; asked for without it.")
_REASON = click.option("--reason", default="", help="Why; it stands in the journal.")


@click.group("official")
def official() -> None:
    """The officials of this node, their offices and roles.

    The operator does all of this at the console; an administrator does it --as LOGIN, never to themselves.
    """


@official.command("add")
@click.argument("login")
@click.option("--name", required=True, help="The name colleagues know them by; never leaves this node.")
@click.option("--office", required=True, metavar="CODE", help="Their office.")
@click.option("--office-name", help="Name of a new office, in English; it is made with that code.")
@click.option("--role", "roles", multiple=True, required=True, help="A role of theirs; may be repeated.")
@click.option("--language", default="en", show_default=True, help="The language their pages begin in.")
@_PASSWORD
@console_verb
def add(
    login: str,
    name: str,
    office: str,
    office_name: str | None,
    roles: tuple[str, ...],
    language: str,
    password_file: str | None,
    by: Official | None,
) -> Answer:
    """Add an official with their office, roles and first password."""
    from django.db import transaction

    from comity_cli.acting import password_of
    from comity_node.officials import people

    password = password_of(login, password_file, confirm=True)
    with transaction.atomic():
        if office_name:
            people.add_office(office, names={"en": office_name}, by=by)
        people.add_official(
            login,
            display_name=name,
            office=office,
            roles=roles,
            password=password,
            language=language,
            by=by,
        )
    return Answer(
        {"login": login, "office": office, "roles": list(roles)}, [f"{login} may sign in", *_must_choose(by)]
    )


@official.command("list")
@node_verb
def list_() -> Answer:
    """List the officials with their offices and roles."""
    from comity_node.officials import queries

    rows = [_row(one) for one in queries.roster()]
    lines = [
        f"{row['login']:16} {row['office']:24} {row['state']:12} {', '.join(row['roles'])}" for row in rows
    ]
    return Answer({"officials": rows}, lines)


@official.command("show")
@click.argument("login")
@node_verb
def show(login: str) -> Answer:
    """Show an official, and what was changed about them, the latest first."""
    from comity_node.officials import people, queries

    row = _row(people.find(login))
    changes = [
        {
            "at": one.at,
            "by": one.official.login if one.official else "console",
            "did": one.did,
            "about": one.about,
        }
        for one in queries.changes_about(login)
    ]
    lines = [f"{name}: {value}" for name, value in row.items()]
    lines += [f"{one['at']:%Y-%m-%d %H:%M} {one['by']} {one['did']} {one['about']}" for one in changes]
    return Answer({**row, "changes": changes}, lines)


@official.command("appoint")
@click.argument("login")
@click.option("--role", "roles", multiple=True, required=True, help="A role of theirs; may be repeated.")
@click.option("--office", metavar="CODE", help="Another office.")
@console_verb
def appoint(login: str, roles: tuple[str, ...], office: str | None, by: Official | None) -> Answer:
    """Give an official exactly these roles, in another office if one is named; powers follow at once."""
    from comity_node.officials import people

    people.appoint(login, roles=roles, office=office, by=by)
    return _changed(login)


@official.command("password")
@click.argument("login")
@_PASSWORD
@console_verb
def password(login: str, password_file: str | None, by: Official | None) -> Answer:
    """Give an official a new password, or choose your own; every session under the old one ends."""
    from comity_cli.acting import password_of
    from comity_node.officials import people

    people.find(login)
    new = password_of(f"{login} from now on", password_file, confirm=True)
    if by is not None and by.login == login:
        people.set_own_password(by, new)
        return Answer({"login": login}, ["your password is changed"])
    people.set_password(login, password=new, by=by)
    return Answer({"login": login}, [f"{login} has a new password", *_must_choose(by)])


@official.command("suspend")
@click.argument("login")
@_REASON
@console_verb
def suspend(login: str, reason: str, by: Official | None) -> Answer:
    """Suspend an official: no powers and no sign-in until they are reinstated in the roles they had."""
    from comity_node.officials import people

    people.suspend(login, by=by, reason=reason)
    return _changed(login)


@official.command("reinstate")
@click.argument("login")
@_REASON
@console_verb
def reinstate(login: str, reason: str, by: Official | None) -> Answer:
    """End the suspension of an official; whoever left office is appointed anew first."""
    from comity_node.officials import people

    people.reinstate(login, by=by, reason=reason)
    return _changed(login)


@official.command("end")
@click.argument("login")
@_REASON
@console_verb
def end(login: str, reason: str, by: Official | None) -> Answer:
    """Relieve an official: no roles and no sign-in. What they did stays in the journal."""
    from comity_node.officials import people

    people.end(login, by=by, reason=reason)
    return _changed(login)


@official.command("office")
@click.argument("code")
@click.option("--name", required=True, help="Its name in English, as entries signed from now on say it.")
@console_verb
def office(code: str, name: str, by: Official | None) -> Answer:
    """Open an office, or give one another name."""
    from comity_node.officials import people

    people.add_office(code, names={"en": name}, by=by)
    return Answer({"office": code, "name": name}, [f"office {code}: {name}"])


@official.command("offices")
@node_verb
def offices() -> Answer:
    """List the offices."""
    from comity_node.officials import queries

    rows = [{"office": one.code, "names": one.names} for one in queries.offices()]
    return Answer({"offices": rows}, [f"{row['office']:24} {row['names']}" for row in rows])


def _changed(login: str) -> Answer:
    from comity_node.officials import people

    row = _row(people.find(login))
    return Answer(row, [f"{login}: {row['state']}; {', '.join(row['roles']) or 'no role'}; {row['office']}"])


def _must_choose(by: Official | None) -> list[str]:
    """What holds of a password that an administrator gave."""
    return ["until they have chosen their own password they may do nothing"] if by is not None else []


def _row(one: Official) -> dict[str, Any]:
    return {
        "login": one.login,
        "office": one.office.code,
        "roles": list(one.roles),
        "active": one.is_active,
        "state": _state(one),
    }


def _state(one: Official) -> str:
    if not one.is_active:
        return "suspended" if one.roles else "left office"
    return "no password of their own" if one.password_is_given else "active"
