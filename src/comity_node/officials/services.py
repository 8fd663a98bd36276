"""Signing for this party: alone where the procedure allows it, otherwise with a second officer.

What the second officer approves is the text they read, letter for letter; what was prepared is judged again
at that moment, because the standing may have moved since.
"""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comity.errors import OurFault
from comity.names import EntryRef
from comity_node.officials import powers
from comity_node.officials.access import require
from comity_node.officials.errors import (
    AlreadyDecided,
    AnotherMustSecond,
    Overtaken,
    TextMoved,
    WaitsAlready,
)
from comity_node.officials.models import Journal, PreparedAct
from comity_node.register import queries, rooms
from comity_node.register import services as register
from comity_node.register.acts import Act, Capacity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity_node.officials.models import Official


def prepare(act: Act, *, by: Official) -> PreparedAct | EntryRef:
    """Sign an act, or have it wait for a second officer where its procedure asks for one.

    Returns:
        The entry, if it was recorded; otherwise the prepared act that awaits approval. The same text sent
        again by the same official is the one that waits already.

    Raises:
        NotEmpowered: The official does not hold the power.
        WaitsAlready: A colleague prepared the same text, and it still waits.
        OurFault: The procedure does not allow the act now; nothing was recorded or prepared.
    """
    rule = powers.rule(act.kind)
    capacity = require(by, rule.sign)
    verdict = rooms.verdict(act, settings.NODE.party)
    if not verdict.second_needed:
        return _sign(act, by=by, capacity=capacity)
    text = act.text()
    with transaction.atomic():
        prepared, is_new = PreparedAct.objects.get_or_create(
            digest=act.digest(),
            state=PreparedAct.State.AWAITING,
            defaults={
                "act": _fields(act),
                "text": text,
                "sentence": verdict.sentence,
                "basis": verdict.basis,
                "verified": verdict.verified,
                "power": rule.second,
                "other_office": rule.other_office,
                "prepared_by": by,
                "office": capacity.office,
                "capacity": capacity.capacity,
            },
        )
        if is_new:
            Journal.objects.create(official=by, did="act.prepared", about=_about(act))
    if prepared.prepared_by != by:
        raise WaitsAlready(f"nothing was prepared: the same text waits already as approval {prepared.pk}")
    return prepared


def sign_at_once(act: Act, *, by: Official) -> EntryRef:
    """Sign an act that takes one officer; it is judged once, with the record locked.

    Raises:
        NotEmpowered: The official does not hold the power.
        TakesTwo: The procedure asks for a second officer; nothing was recorded.
        OurFault: The procedure does not allow the act now; nothing was recorded.
    """
    capacity = require(by, powers.rule(act.kind).sign)
    with transaction.atomic():
        (entry,) = register.append_all([act], by=capacity, alone=True)
        Journal.objects.create(official=by, did="act.signed", about=_about(act), entry=str(entry))
    return entry


def second(prepared: PreparedAct, *, by: Official) -> EntryRef:
    """Approve the text of a prepared act, and record it in the names of both offices.

    Args:
        prepared: As the officer read it: the approval counts for this digest and no other.
        by: A different officer who holds the power, from a different office where the rule says so.

    Raises:
        NotEmpowered: The officer does not hold the power to second.
        AnotherMustSecond: They prepared it themselves, or belong to the same office.
        AlreadyDecided: Somebody decided it meanwhile; nothing was recorded now.
        Overtaken: It is no longer allowed as things stand; it is kept as overtaken, with the reason.
    """
    capacity = _second_capacity(prepared, by)
    stall("checked")
    try:
        with transaction.atomic():
            return _record(prepared, by=by, capacity=capacity)
    except Overtaken as overtaken:
        with transaction.atomic():
            _decide(prepared, PreparedAct.State.OVERTAKEN, by=by, reason=str(overtaken))
            Journal.objects.create(official=by, did="act.overtaken", about=prepared.act["ref"])
        raise


def return_(prepared: PreparedAct, *, by: Official, note: str) -> None:
    """Send a prepared act back to its author, with what is to be changed; its author may take it back so too.

    Raises:
        NotEmpowered: The officer neither prepared it nor holds the power to second it.
        AlreadyDecided: Somebody decided it meanwhile.
    """
    if by != prepared.prepared_by:
        require(by, prepared.power)
    with transaction.atomic():
        _decide(prepared, PreparedAct.State.RETURNED, by=by, reason=note)
        Journal.objects.create(official=by, did="act.returned", about=prepared.act["ref"])


def sign(act: Act, *, shown: str, by: Official) -> PreparedAct | EntryRef:
    """Sign or prepare an act exactly as it was shown on its confirmation page, and once only.

    Args:
        act: The act as the record stands now.
        shown: What ``text_digest`` gave when the text was shown.
        by: The official who read it.

    Raises:
        TextMoved: The record has moved since; nothing was recorded.
        OurFault: As ``prepare``.
    """
    with transaction.atomic():
        if text_digest(act) != shown:
            raise TextMoved("nothing was recorded: the record has moved since the text was shown")
        return prepare(act, by=by)


def text_digest(act: Act) -> str:
    """SHA-256 of the exact text of an act and of the entry it would follow.

    The confirmation page carries it on: what is signed is what was read, and a page sent twice signs once.
    """
    before = [str(one.ref) for one in queries.entries(act.channel, ref=act.ref, last=1)]
    return _digest("\n".join([act.text(), *before]))


def act_of(prepared: PreparedAct) -> Act:
    """The act behind a prepared text."""
    return _act(prepared.act)


def stall(_moment: str) -> None:
    """Do nothing. Tests of races replace this to let another officer act between check and record."""


def _sign(act: Act, *, by: Official, capacity: Capacity) -> EntryRef:
    with transaction.atomic():
        entry = register.append(act, by=capacity)
        Journal.objects.create(official=by, did="act.signed", about=_about(act), entry=str(entry))
    return entry


def erase_texts(entries: Sequence[str]) -> None:
    """Erase what was prepared as these entries, and what was sent back or overtaken before under their names.

    The digest stays, and so does who decided what and when. Within the transaction that erases the entries'
    content.
    """
    signed = PreparedAct.objects.filter(entry__in=entries)
    for channel, ref, kind in signed.values_list("act__channel", "act__ref", "act__kind"):
        alike = PreparedAct.objects.filter(act__channel=channel, act__ref=ref, act__kind=kind)
        sent_back = Q(state__in=(PreparedAct.State.RETURNED, PreparedAct.State.OVERTAKEN))
        for one in alike.filter(Q(entry__in=entries) | sent_back).exclude(text=""):
            PreparedAct.objects.filter(pk=one.pk).update(act={**one.act, "payload": None}, text="")


def _second_capacity(prepared: PreparedAct, by: Official) -> Capacity:
    capacity = require(by, prepared.power)
    if by == prepared.prepared_by:
        raise AnotherMustSecond("the act was not signed: whoever prepared it cannot also second it")
    if prepared.other_office and by.office == prepared.prepared_by.office:
        raise AnotherMustSecond("the act was not signed: it takes officers of two different offices")
    return capacity


def _record(prepared: PreparedAct, *, by: Official, capacity: Capacity) -> EntryRef:
    """Record the act if it still waits: the row is locked first, so of two approvals one finds it decided."""
    held = _lock(prepared)
    act = _act(held.act)
    _judge_again(act, held)
    author = Capacity(office=prepared.office, capacity=prepared.capacity)
    entry = register.append(act, by=author, second=capacity)
    _decide(prepared, PreparedAct.State.SIGNED, by=by, entry=str(entry))
    Journal.objects.create(official=by, did="act.seconded", about=_about(act), entry=str(entry))
    return entry


def _judge_again(act: Act, prepared: PreparedAct) -> None:
    """Ask once more whether the act may be done, by its author, in these words."""
    try:
        require(prepared.prepared_by, powers.rule(act.kind).sign)
        rooms.verdict(act, settings.NODE.party)
    except OurFault as forbidden:
        raise Overtaken(f"the act was not signed: {forbidden}") from forbidden
    if _digest(act.text()) != prepared.digest:
        raise Overtaken("the act was not signed: this version of the node words its text differently")


def _lock(prepared: PreparedAct) -> PreparedAct:
    """The row as it stands now, with whoever prepared it as they stand now."""
    waiting = PreparedAct.objects.select_for_update().filter(
        pk=prepared.pk, digest=prepared.digest, state=PreparedAct.State.AWAITING
    )
    held = waiting.first()
    if held is None:
        raise AlreadyDecided("the act was not signed: it no longer waits, or its text is not the one read")
    return held


def _decide(prepared: PreparedAct, state: str, *, by: Official, reason: str = "", entry: str = "") -> None:
    """Move the row out of ``awaiting``, if it is still there with the same text."""
    waiting = PreparedAct.objects.filter(
        pk=prepared.pk, digest=prepared.digest, state=PreparedAct.State.AWAITING
    )
    decided_at = timezone.now()
    if not waiting.update(state=state, decided_by=by, decided_at=decided_at, reason=reason, entry=entry):
        raise AlreadyDecided("nothing was changed: the act no longer waits for an approval")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _about(act: Act) -> str:
    return f"{act.kind} {act.ref}"


def _fields(act: Act) -> dict[str, Any]:
    return {**asdict(act), "answers": [str(ref) for ref in act.answers]}


def _act(fields: dict[str, Any]) -> Act:
    return Act(**{**fields, "answers": tuple(EntryRef.parse(ref) for ref in fields["answers"])})
