"""``comity webhook``: addresses of our own systems that are called when something happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from comity_cli.exits import Exit
from comity_cli.verb import Answer, console_verb, node_verb

if TYPE_CHECKING:
    from comity_node.officials.models import Official


@click.group("webhook")
def webhook() -> None:
    """Addresses of our authority's own systems that this node calls when something happens.

    A notice says what happened and where to read it, never what a case is about. It is signed by this node,
    and sent until it is answered.
    """


@webhook.command("add")
@click.argument("name")
@click.argument("address")
@click.option(
    "--event", "events", multiple=True, help="What it is told; may be repeated. Without, everything."
)
@click.option("--channel", "channels", multiple=True, help="A channel it is told of; without, every one.")
@console_verb
def add(
    name: str, address: str, events: tuple[str, ...], channels: tuple[str, ...], by: Official | None
) -> Answer:
    """Call ADDRESS from now on, under the name NAME."""
    from comity_node.api import hooks, noticing

    hook = hooks.add(name, address=address, events=events or noticing.EVENTS, channels=channels, by=by)
    return Answer(
        {"hook": name, "address": address, "events": hook.events},
        [f"hook {name} is called when something happens", f"try it: comity webhook test {name}"],
    )


@webhook.command("list")
@node_verb
def list_() -> Answer:
    """List the hooks, what waits for each, and why it last failed. The code is 1 where one is failing."""
    from comity_node.api import queries

    rows = [
        {
            "hook": one.name,
            "address": one.address,
            "events": one.events,
            "channels": one.channels,
            "waiting": one.waiting,  # type: ignore[attr-defined]  # the query counts them
            "missed": one.missed,
            "failures": one.failures,
            "last_error": one.last_error,
            "answered_at": one.answered_at,
        }
        for one in queries.hooks()
    ]
    lines = [
        f"{row['hook']:20} {row['waiting']} waiting  {row['address']}  {row['last_error']}".rstrip()
        for row in rows
    ]
    failing = any(row["failures"] for row in rows)
    return Answer({"hooks": rows}, lines or ["none"], Exit.NOT_SO if failing else Exit.DONE)


@webhook.command("test")
@click.argument("name")
@console_verb
def test(name: str, by: Official | None) -> Answer:
    """Call the hook NAME now, with a notice that is only a test."""
    from comity_node.api import hooks

    hooks.try_now(name, by=by)
    return Answer({"hook": name}, [f"hook {name} answered"])


@webhook.command("remove")
@click.argument("name")
@console_verb
def remove(name: str, by: Official | None) -> Answer:
    """Call the hook NAME no more; what waited for it is dropped."""
    from comity_node.api import hooks

    hooks.remove(name, by=by)
    return Answer({"hook": name}, [f"hook {name} is gone"])
