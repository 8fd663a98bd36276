"""What holds for every test: no sockets, a fixed thoroughness, and Django only where it is under test."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parent
WITHOUT_DJANGO = frozenset({"core", "house", "procedures", "properties", "two_states", "vectors"})
MAY_OPEN_SOCKETS = ("two_nodes", "browser", "loopback")
BY_THE_CLOCK = ("two_nodes", "browser", "many_nodes", "second_node", "cli", "bench")
_PLACE = {room: place for place, room in enumerate(BY_THE_CLOCK)}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

# Containers often forbid it; each of the hundreds of processes here would then compile the whole house anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# COMITY_TESTS=thorough searches longer: nightly, and before a release; COMITY_TESTS=long plays all there is.
settings.register_profile(
    "fast", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", parent=settings.get_profile("fast"), max_examples=2_000)
settings.register_profile("long", parent=settings.get_profile("fast"))
settings.load_profile(os.environ.get("COMITY_TESTS", "fast"))
_IS_LONG = os.environ.get("COMITY_TESTS") in ("long", "thorough")


class SocketForbidden(AssertionError):
    """A test opened a socket it may not open."""


class _Doorkeeper:
    """Watches the interpreter's own socket events, so no library can go round it."""

    test = "no test"
    may_use_loopback = False

    def watch(self, event: str, args: tuple[object, ...]) -> None:
        """Stop a connection that leaves this machine, or that the running test did not ask for."""
        if event not in {"socket.connect", "socket.bind"}:
            return
        address = args[1]
        if not isinstance(address, tuple):  # a Unix socket stays on this machine
            return
        if self.may_use_loopback and address[0] in LOOPBACK:
            return
        raise SocketForbidden(
            f"{self.test}: {event} to {address!r}; marks that allow loopback: {MAY_OPEN_SOCKETS}"
        )


_doorkeeper = _Doorkeeper()
sys.addaudithook(_doorkeeper.watch)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Open loopback only for the tests that are marked for it."""
    _doorkeeper.test = item.nodeid
    _doorkeeper.may_use_loopback = any(item.get_closest_marker(mark) for mark in MAY_OPEN_SOCKETS)
    try:
        return (yield)
    finally:
        _doorkeeper.may_use_loopback = False


def pytest_configure(config: pytest.Config) -> None:
    """Load the node's settings unless only the core is asked for: a rival could run those tests alone."""
    if all(_room(config, arg) in WITHOUT_DJANGO for arg in config.args):
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity_node.settings.test")
    # The browser's driver leaves a loop running in the thread; no test here calls Django from a coroutine.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    from django.conf import settings as django_settings  # noqa: PLC0415 - only where the node is under test

    assert django_settings.INSTALLED_APPS, "pytest-django sets Django up once its settings are read"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the rooms that wait for processes and clocks, so that no worker is left alone with them.

    What plays for minutes is left to the longer run, unless it is asked for by its file.
    """
    if not any(arg.partition("::")[0].endswith(".py") for arg in config.args) and not _IS_LONG:
        lengthy = [item for item in items if item.get_closest_marker("lengthy")]
        config.hook.pytest_deselected(items=lengthy)
        items[:] = [item for item in items if not item.get_closest_marker("lengthy")]
    items.sort(key=lambda item: _PLACE.get(item.path.relative_to(TESTS).parts[0], len(_PLACE)))


def _room(config: pytest.Config, arg: str) -> str:
    path = (config.invocation_params.dir / arg.partition("::")[0]).resolve()
    inside = path.relative_to(TESTS).parts if path.is_relative_to(TESTS) else ()
    return inside[0] if inside else ""
