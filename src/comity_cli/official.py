"""``comity official``: who works at this node. Its operator may do this; the journal says so."""

from __future__ import annotations

from typing import Any

import click

from comity_cli.verb import Answer, node_verb

_PASSWORD = click.option("--password-file", metavar="FILE", help="Their password; asked for without it.")


@click.group("official")
def official() -> None:
    """The officials of this node."""


@official.command("add")
@click.argument("login")
@click.option("--name", required=True, help="The name colleagues know them by; never leaves this node.")
@click.option("--office", required=True, metavar="CODE", help="Their office; made if it is new.")
@click.option("--office-name", help="Name of a new office, in English.")
@click.option("--role", "roles", multiple=True, required=True, help="A role of theirs; may be repeated.")
@_PASSWORD
@node_verb
def add(
    login: str,
    name: str,
    office: str,
    office_name: str | None,
    roles: tuple[str, ...],
    password_file: str | None,
) -> Answer:
    """Add an official with their office, roles and first password."""
    from comity_cli.acting import password_of
    from comity_node.officials import people

    if office_name:
        people.add_office(office, names={"en": office_name})
    password = password_of(login, password_file, confirm=True)
    people.add_official(login, display_name=name, office=office, roles=roles, password=password)
    return Answer({"login": login, "office": office, "roles": list(roles)}, [f"{login} may sign in"])


@official.command("list")
@node_verb
def list_() -> Answer:
    """List the officials with their offices and roles."""
    from comity_node.officials import queries

    rows: list[dict[str, Any]] = [
        {"login": one.login, "office": one.office.code, "roles": list(one.roles), "active": one.is_active}
        for one in queries.roster()
    ]
    lines = [
        f"{row['login']:16} {row['office']:24} {', '.join(row['roles']) if row['active'] else 'relieved'}"
        for row in rows
    ]
    return Answer({"officials": rows}, lines)


@official.command("password")
@click.argument("login")
@_PASSWORD
@node_verb
def password(login: str, password_file: str | None) -> Answer:
    """Give an official a new password; every session under the old one ends."""
    from comity_cli.acting import password_of
    from comity_node.officials import people

    people.find(login)
    people.set_password(login, password=password_of(login, password_file, confirm=True))
    return Answer({"login": login}, [f"{login} has a new password"])


@official.command("deactivate")
@click.argument("login")
@node_verb
def deactivate(login: str) -> Answer:
    """Relieve an official: no powers and no sign-in. What they did stays in the journal."""
    from comity_node.officials import people

    people.deactivate(login)
    return Answer({"login": login}, [f"{login} is relieved"])
