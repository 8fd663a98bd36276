"""Changing the roster, handing over, and choosing how one is called. The journal says who did what.

Whoever keeps the roster adds and removes shifts. Any officer who serves may take over now, and may swap a
shift of their own: at three in the morning nobody can be asked first. What was handed over cannot be changed.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from comity.errors import ComityError
from comity.keys import push
from comity_node.api import reaching
from comity_node.duty import access
from comity_node.duty.errors import NoSuchShift, UnfitShift, UnfitWay
from comity_node.duty.models import HandOver, ReadNote, Sending, Shift, Way, Wishes
from comity_node.duty.ways import WAYS
from comity_node.officials import people
from comity_node.officials.access import holds, require
from comity_node.officials.models import Journal
from comity_node.register import news

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, time

    from comity_node.officials.models import Official

LONGEST_SHIFT: Final = timedelta(days=14)
FURTHEST: Final = timedelta(days=400)
USUAL: Final = timedelta(hours=8)
LONGEST_NOTE: Final = 4_000
MOST_WAYS: Final = 12
LONGEST_ADDRESS: Final = 1_000
_NUMBER: Final = re.compile(r"[0-9+() ./-]{3,40}", re.ASCII)


# --- the roster -----------------------------------------------------------------------------------------


@transaction.atomic
def add(
    official: Official, *, begins: datetime, ends: datetime, order: int, by: Official | None = None
) -> Shift:
    """Put an official on duty from an instant to another.

    Args:
        official: Who is on duty.
        begins: From when.
        ends: Until when.
        order: 1, 2 or 3: who is called first, second, third.
        by: Who keeps the roster; None for the operator at the console.

    Raises:
        NotEmpowered: The official may not keep the roster, or the one to serve may not.
        UnfitShift: It overlaps another of theirs or of this order, has no length, or lies too far off.
    """
    access.must_keep(by)
    _must_fit(official, begins, ends, order)
    shift = Shift.objects.create(official=official, begins=begins, ends=ends, order=order, added_by=by)
    _note(by, "roster.added", shift)
    return shift


@transaction.atomic
def remove(pk: int, *, by: Official | None = None) -> None:
    """Take a shift out of the roster; one that runs ends now.

    Raises:
        NotEmpowered: The official may not keep the roster.
        NoSuchShift: There is none, or it is over.
    """
    access.must_keep(by)
    shift = _shift(pk)
    _note(by, "roster.removed", shift)
    _end(shift, timezone.now())


@transaction.atomic
def take_over(*, by: Official, order: int = 1) -> Shift:
    """Be on duty from now, in the place of whoever is; for as long as they would have been.

    Raises:
        NotEmpowered: The official may not serve.
        UnfitShift: They are on duty in this order already.
    """
    require(by, access.SERVE)
    now = timezone.now()
    running = Shift.objects.select_for_update().filter(begins__lte=now, ends__gt=now)
    before = running.filter(order=order).first()
    if before is not None and before.official_id == by.pk:
        raise UnfitShift(
            "nothing was changed: you are on duty already", hint="hand over, or leave it as it is"
        )
    until = before.ends if before is not None else _free_until(order, now)
    for one in [*([before] if before is not None else []), *running.filter(official=by)]:
        _end(one, now)
    shift = Shift.objects.create(official=by, begins=now, ends=until, order=order, added_by=by)
    _note(by, "roster.taken-over", shift)
    return shift


@transaction.atomic
def swap(one: int, other: int, *, by: Official | None = None) -> None:
    """Exchange the officials of two shifts.

    Raises:
        NotEmpowered: The official keeps no roster, and neither shift is theirs.
        NoSuchShift: One of them is over, or there is none.
        UnfitShift: Somebody would be on duty twice at a time.
    """
    first, second = _shift(one), _shift(other)
    if by is None or by.pk not in (first.official_id, second.official_id):
        access.must_keep(by)
    Shift.objects.filter(pk__in=[first.pk, second.pk]).delete()
    for shift, official in ((first, second.official), (second, first.official)):
        _must_fit(official, shift.begins, shift.ends, shift.order)
        Shift.objects.create(
            official=official, begins=shift.begins, ends=shift.ends, order=shift.order, added_by=by
        )
    _note(by, "roster.swapped", first)
    _note(by, "roster.swapped", second)


@transaction.atomic
def hand_over(text: str, *, by: Official, to: Official | None = None) -> HandOver:
    """Leave the incoming officer what they have to know. It cannot be changed afterwards.

    Args:
        text: What they have to know.
        by: The outgoing officer.
        to: Who is to read it; None: whoever is on duty next.

    Raises:
        NotEmpowered: The official may not serve.
        UnfitShift: Nothing was written, or too much.
    """
    require(by, access.SERVE)
    said = text.replace("\x00", "\ufffd").strip()
    if not said or len(said) > LONGEST_NOTE:
        raise UnfitShift(
            f"nothing was handed over: a note has 1 to {LONGEST_NOTE} characters", hint="write it anew"
        )
    note = HandOver.objects.create(outgoing=by, incoming=to, text=said)
    Journal.objects.create(official=by, did="roster.handed-over", about=to.login if to else "")
    return note


def read(note: HandOver, *, by: Official) -> None:
    """Mark a note as read by the incoming officer.

    Raises:
        NotEmpowered: The official may not serve.
    """
    require(by, access.SERVE)
    ReadNote.objects.get_or_create(note=note, by=by)


def _must_fit(official: Official, begins: datetime, ends: datetime, order: int) -> None:
    overlapping = Shift.objects.filter(begins__lt=ends, ends__gt=begins)
    flaws = {
        "it ends before it begins": ends <= begins,
        "it is over already": ends <= timezone.now(),
        f"it is longer than {LONGEST_SHIFT.days} days": ends - begins > LONGEST_SHIFT,
        f"it lies more than {FURTHEST.days} days ahead": begins - timezone.now() > FURTHEST,
        f"{official.login} does not serve": not holds(official, access.SERVE),
        f"{official.login} is on duty then already": overlapping.filter(official=official).exists(),
        "somebody else is on duty then in this order": overlapping.filter(order=order).exists(),
    }
    flaw = next((text for text, is_so in flaws.items() if is_so), "")
    if flaw:
        raise UnfitShift(f"the roster was not changed: {flaw}", hint="choose other times, or another officer")


def _shift(pk: int) -> Shift:
    found = Shift.objects.select_related("official").filter(pk=pk, ends__gt=timezone.now()).first()
    if found is None:
        raise NoSuchShift("there is no such shift in the roster from now on")
    return found


def _end(shift: Shift, now: datetime) -> None:
    """What has been served stays in the roster; what has not begun goes."""
    if shift.begins < now:
        Shift.objects.filter(pk=shift.pk).update(ends=now)
    else:
        shift.delete()


def _free_until(order: int, now: datetime) -> datetime:
    later = Shift.objects.filter(order=order, begins__gt=now, begins__lt=now + USUAL).first()
    return later.begins if later is not None else now + USUAL


def _note(by: Official | None, did: str, shift: Shift) -> None:
    about = (
        f"{shift.official.login}: {shift.order}, {shift.begins:%Y-%m-%d %H:%M} - {shift.ends:%Y-%m-%d %H:%M}"
    )
    Journal.objects.create(official=by, did=did, about=about[: people.LONGEST_ABOUT])


# --- how one is called ----------------------------------------------------------------------------------


def wish(by: Official, *, quiet_from: time | None, quiet_until: time | None, sound: bool) -> None:
    """Say when one is to be left alone unless it is grave, and whether one's page may sound."""
    if (quiet_from is None) != (quiet_until is None):
        raise UnfitWay("the quiet hours were not kept: they have a beginning and an end", hint="give both")
    Wishes.objects.update_or_create(
        official=by, defaults={"quiet_from": quiet_from, "quiet_until": quiet_until, "sound": sound}
    )


def add_way(
    by: Official,
    way: str,
    *,
    address: str,
    least_severity: int = 3,
    bare: bool = False,
    keys: Mapping[str, str] | None = None,
    label: str = "",
) -> Way:
    """Be called in one more way; one that is there already takes the new threshold.

    Raises:
        UnfitWay: The address is none, may not be called, or this node is not set up for the way.
    """
    flaw = _flaw(by, way, address, keys or {})
    if flaw:
        raise UnfitWay(f"the way was not kept: {flaw}")
    said: dict[str, Any] = {
        "least_severity": min(5, max(0, least_severity)),
        "bare": bare,
        "keys": dict(keys or {}),
        "label": label[:120],
    }
    kept, _is_new = Way.objects.update_or_create(official=by, way=way, address=address, defaults=said)
    return kept


def remove_way(way: Way) -> None:
    """Be called in this way no more; what waited for it is given up."""
    way.delete()


def seen(by: Official, *, up_to: int) -> None:
    """Take what stands on one's page as seen, as far as it was shown: what came meanwhile is not."""
    unseen = Sending.objects.filter(official=by, by_way="page", seen_at__isnull=True, pk__lte=up_to)
    unseen.update(seen_at=timezone.now())
    news.ring()


def _flaw(by: Official, way: str, address: str, keys: Mapping[str, str]) -> str:
    if way not in WAYS or not WAYS[way].is_set_up():
        return "this node is not set up for it: see node.toml"
    if Way.objects.filter(official=by).exclude(way=way, address=address).count() >= MOST_WAYS:
        return f"nobody is called in more than {MOST_WAYS} ways"
    if len(address) > LONGEST_ADDRESS:
        return "the address is too long"
    return _CHECKS[way](address, keys)


def _mail_flaw(address: str, _keys: Mapping[str, str]) -> str:
    try:
        validate_email(address)
    except ValidationError:
        return "that is no mail address"
    return "" if address.isascii() else "mail goes to addresses in ASCII letters only"


def _push_flaw(address: str, keys: Mapping[str, str]) -> str:
    try:
        push.must_be_subscribed(str(keys.get("p256dh", "")), str(keys.get("auth", "")))
    except ComityError:
        return "those are not the keys of a browser"
    return reaching.flaw_of(address)


def _webhook_flaw(address: str, _keys: Mapping[str, str]) -> str:
    return reaching.flaw_of(address)


def _command_flaw(address: str, _keys: Mapping[str, str]) -> str:
    return "" if _NUMBER.fullmatch(address) else "that is no number a program could call"


_CHECKS: Final[Mapping[str, Callable[[str, Mapping[str, str]], str]]] = {
    "mail": _mail_flaw,
    "push": _push_flaw,
    "webhook": _webhook_flaw,
    "command": _command_flaw,
}
