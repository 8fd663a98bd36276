"""Hooks: addresses of our authority's own systems that are called when something happens.

A hook is added by an administrator, and called by the courier (:mod:`comity_node.wire.courier`), apart from
every exchange. A notice is sent until it is answered, in order, later each time; so a receiver may see one
twice and knows it by its id.

Follows: docs/spec/hooks.md.
"""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Final

import msgspec
from django.db import transaction
from django.utils import timezone

from comity_node.api import noticing, reaching
from comity_node.api.access import HOOKS
from comity_node.api.errors import HookNotAnswered, NoSuchHook, UnfitHook
from comity_node.api.models import Hook, Notice
from comity_node.officials import people
from comity_node.officials.access import require
from comity_node.officials.models import Journal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from comity_node.officials.models import Official

LOG: Final = logging.getLogger("comity.hooks")
LONGEST_ADDRESS: Final = 500
SHORTEST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(hours=1)
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_IN_A_ROW: Final = 200
_LONGEST_ROW: Final = 30.0
_CLAIMED_FOR: Final = timedelta(minutes=2)


def add(
    name: str,
    *,
    address: str,
    events: Sequence[str] = noticing.EVENTS,
    channels: Iterable[str] = (),
    by: Official | None = None,
) -> Hook:
    """Have an address called from now on.

    Args:
        name: What it is called by here.
        address: Where it listens.
        events: What it is told.
        channels: The only channels it is told of; all of them if none is named.
        by: The administrator; None for the operator at the console.

    Raises:
        NotEmpowered: The official may not manage hooks.
        UnfitHook: The name is taken or unfit, an event is unknown, or the address may not be called.
    """
    if by is not None:
        require(by, HOOKS)
    unknown = sorted({*events} - {*noticing.EVENTS})
    flaws = {
        "its name is 1 to 40 small letters, digits and hyphens": not _NAME.fullmatch(name),
        f"there is a hook {name[:40]} already": Hook.objects.filter(name=name).exists(),
        f"events are {', '.join(noticing.EVENTS)}": bool(unknown) or not events,
        "its address is too long": len(address) > LONGEST_ADDRESS,
    }
    flaw = next((text for text, is_so in flaws.items() if is_so), "")
    if flaw:
        raise UnfitHook(f"no hook was added: {flaw}", hint="say it otherwise, and add it again")
    reaching.check(address)
    with transaction.atomic():
        noticing.begin()
        hook = Hook.objects.create(
            name=name,
            address=address,
            events=[one for one in noticing.EVENTS if one in events],
            channels=list(dict.fromkeys(channels)),
            added_by=by,
        )
        _note(by, "hook.added", hook)
    return hook


def remove(name: str, *, by: Official | None = None) -> None:
    """Call an address no more; what waited for it is dropped.

    Raises:
        NotEmpowered: The official may not manage hooks.
        NoSuchHook: There is none of that name.
    """
    if by is not None:
        require(by, HOOKS)
    with transaction.atomic():
        hook = find(name)
        _note(by, "hook.removed", hook)
        hook.delete()
        if not Hook.objects.exists():
            noticing.end()


def try_now(name: str, *, by: Official | None = None) -> None:
    """Call a hook now, with a notice that says nothing but that it is a test.

    Raises:
        NotEmpowered: The official may not manage hooks.
        NoSuchHook: There is none of that name.
        HookNotAnswered: It did not answer, or not with success.
    """
    if by is not None:
        require(by, HOOKS)
    hook = find(name)
    _note(by, "hook.tested", hook)
    _call(hook, noticing.document(noticing.TEST))
    Hook.objects.filter(pk=hook.pk).update(
        answered_at=timezone.now(), last_error="", failures=0, again_at=None
    )


def find(name: str) -> Hook:
    """A hook by its name.

    Raises:
        NoSuchHook: There is none.
    """
    found = Hook.objects.filter(name=name).first()
    if found is None:
        raise NoSuchHook(f"there is no hook {name[:40]}")
    return found


def tell(now: datetime) -> None:
    """Send what waits, hook by hook; one that did not answer is left alone for a while."""
    for hook in Hook.objects.filter(notices__isnull=False).exclude(again_at__gt=now).distinct():
        # Of several processes that look, one takes it: the row is as it was read only for the first.
        claimed = Hook.objects.filter(pk=hook.pk, again_at=hook.again_at, failures=hook.failures)
        if claimed.update(again_at=now + _CLAIMED_FOR):
            _tell(hook)


def _tell(hook: Hook) -> None:
    until = monotonic() + _LONGEST_ROW
    try:
        for waiting in hook.notices.all()[:_IN_A_ROW]:
            if monotonic() >= until:  # a receiver that takes its time has its turn again after the others
                break
            _call(hook, {**waiting.document, "missed": hook.missed})
            with transaction.atomic():
                Notice.objects.filter(pk=waiting.pk).delete()
                told = Hook.objects.filter(pk=hook.pk)
                told.update(answered_at=timezone.now(), last_error="", failures=0, missed=0)
            hook.missed = hook.failures = 0
    except HookNotAnswered as error:
        wait = min(SHORTEST_WAIT * 2 ** min(hook.failures, 20), LONGEST_WAIT)
        Hook.objects.filter(pk=hook.pk).update(
            failures=hook.failures + 1, again_at=timezone.now() + wait, last_error=str(error)[:300]
        )
        LOG.warning("hook %s not answered", hook.name)
    else:
        Hook.objects.filter(pk=hook.pk).update(again_at=None)


def _call(hook: Hook, said: Mapping[str, object]) -> None:
    body = msgspec.json.encode({"missed": 0, **said}, order="deterministic")
    reaching.post(hook.address, body, at=timezone.now())


def _note(by: Official | None, did: str, hook: Hook) -> None:
    about = f"{hook.name}: {hook.address}"[: people.LONGEST_ABOUT]
    Journal.objects.create(official=by, did=did, about=about)
