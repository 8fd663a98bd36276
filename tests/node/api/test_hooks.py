"""Hooks: what happened is told once it stands, signed, at least once, and says nothing of a case."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count

import pytest
from django.utils import timezone

from comity_node import signatures
from comity_node.api import hooks, noticing, reaching
from comity_node.api.errors import HookNotAnswered, UnfitHook
from comity_node.api.models import Hook, Notice, ToldLog, ToldStanding
from comity_node.assistance import services as assistance
from comity_node.assistance.models import Request
from comity_node.officials import services as officials
from comity_node.officials.errors import NotEmpowered
from comity_node.officials.models import Journal
from comity_node.register.keyring import keyring
from tests.node.assistance.conftest import lodges
from tests.node.counterpart import CHANNEL

ADDRESS = "https://cases.example/hooks"


class Receiver:
    """Takes what is posted, or fails as it is told to."""

    def __init__(self):
        self.got, self.fails = [], False

    def __call__(self, address, body, *, at):
        """Take one notice."""
        if self.fails:
            raise HookNotAnswered("the hook was not answered: 503")
        self.got.append(json.loads(body))

    @property
    def told(self):
        """Event, reference and kind of each."""
        return [(one["event"], one["ref"], one["kind"]) for one in self.got]


@pytest.fixture
def receiver(monkeypatch):
    """What stands at the end of every hook."""
    taking = Receiver()
    monkeypatch.setattr(reaching, "post", taking)
    return taking


@pytest.fixture
def hook(boris, clara, receiver):
    """A hook that is told everything from now on."""
    return hooks.add("cases", address=ADDRESS, by=clara)


def told(*, after=timedelta()):
    """Let the courier's thread look once."""
    now = timezone.now() + after
    while noticing.notice(now):
        pass
    hooks.tell(now)


def test_what_the_counterpart_writes_and_signs_for_is_told(hook, receiver, boris, draft, anna, dora):
    """The four things a case system waits for: received, receipted, another standing, and a clock."""
    lodges(boris, "bb-2026-0007")
    told()
    theirs = receiver.told
    receiver.got.clear()
    officials.second(assistance.submit(draft, by=anna), by=dora)
    boris.receipts()
    told()

    lodged = "assistance.request.lodged"
    assert ("entry.received", "bb-2026-0007", lodged) in theirs
    assert ("request.standing", "bb-2026-0007", "assistance.request") in theirs
    assert {
        ("entry.receipted", draft.ref, lodged),
        ("request.standing", draft.ref, "assistance.request"),
    } == {one for one in receiver.told if one[1] == draft.ref}


def test_a_notice_says_nothing_of_the_case(hook, receiver, boris):
    """It crosses networks and ends in logs that the record knows nothing of."""
    lodges(boris, "bb-2026-0007", title="The secret title")
    told()

    assert receiver.got
    assert "secret" not in json.dumps(receiver.got)
    assert {
        "id",
        "event",
        "at",
        "party",
        "channel",
        "ref",
        "kind",
        "entry",
        "standing",
        "due_at",
        "exercise",
        "href",
        "missed",
    } == {name for one in receiver.got for name in one}


def test_a_notice_leads_to_what_it_is_about(hook, receiver, boris, system):
    """Whoever is told asks next, with a token of their own."""
    lodges(boris, "bb-2026-0007")
    told()

    assert {"entry.received", "request.standing"} <= {one["event"] for one in receiver.got}
    for one in receiver.got:
        assert one["href"].startswith("http://aa.test/api/v1/")
        assert 200 == system("GET", one["href"].partition("/api/v1")[2]).status_code


def test_the_past_is_not_told(boris, asked, clara, receiver):
    """A system that is connected today reads the lists first."""
    hooks.add("cases", address=ADDRESS, by=clara)
    told()
    past = list(receiver.got)
    lodges(boris, "bb-2026-0007")
    told()

    assert [] == past
    assert {"bb-2026-0007"} == {one["ref"] for one in receiver.got}


def test_nothing_is_told_twice_once_it_was_answered(hook, receiver, boris):
    """A case system that is told the same again files it again."""
    lodges(boris, "bb-2026-0007")
    told()
    before = list(receiver.got)
    told()

    assert len(before) > 1
    assert before == receiver.got
    assert not Notice.objects.exists()
    assert len({one["id"] for one in before}) == len(before)


def test_what_is_not_answered_is_sent_again_later_in_order(hook, receiver, boris):
    """A receiver that was down for a night loses nothing."""
    receiver.fails = True
    lodges(boris, "bb-2026-0007")
    told()
    waiting = list(Notice.objects.values_list("event", flat=True))
    first = Hook.objects.get()
    receiver.fails = False
    told()
    too_early = list(receiver.got)
    told(after=timedelta(minutes=1))

    assert (1, "the hook was not answered: 503") == (first.failures, first.last_error)
    assert [] == too_early
    assert [str(one) for one in waiting] == [one["id"] for one in receiver.got]
    assert 0 == Hook.objects.get().failures


def test_the_wait_grows_and_has_an_end(hook, receiver, boris):
    """A dead address must not be called every few seconds for a year."""
    receiver.fails = True
    lodges(boris, "bb-2026-0007")
    waits = []
    for _ in range(14):
        Hook.objects.update(again_at=None)
        told()
        waits.append(Hook.objects.get().again_at - timezone.now())

    assert waits[0] < timedelta(seconds=6)
    assert timedelta(seconds=9) < waits[1] < timedelta(seconds=11)
    assert timedelta(minutes=59) < waits[-1] <= hooks.LONGEST_WAIT


def test_more_than_may_wait_is_counted_and_said(hook, receiver, boris, settings):
    """A receiver that was gone for weeks learns that it must read the lists anew."""
    settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, hook_notices=1))
    receiver.fails = True
    lodges(boris, "bb-2026-0007")
    told()
    missed = Hook.objects.get().missed
    receiver.fails = False
    told(after=timedelta(minutes=1))

    assert 1 == len(receiver.got)
    assert missed > 0
    assert missed == receiver.got[0]["missed"]
    assert 0 == Hook.objects.get().missed


def test_a_kill_between_keeping_and_telling_loses_nothing(hook, receiver, boris, monkeypatch):
    """How far the record was told advances with the notices, or not at all."""
    monkeypatch.setattr(noticing, "_keep", lambda _: 1 / 0)
    lodges(boris, "bb-2026-0007")
    with pytest.raises(ZeroDivisionError):
        told()
    monkeypatch.undo()
    monkeypatch.setattr(reaching, "post", receiver)
    told()

    assert "entry.received" in [one["event"] for one in receiver.got]


def test_a_hook_is_told_what_it_asked_for_only(boris, clara, receiver):
    """Whoever waits for receipts is not woken by everything."""
    hooks.add("receipts", address=ADDRESS, events=["entry.receipted"], by=clara)
    hooks.add("elsewhere", address=ADDRESS, channels=["zzzzzzzzzzzzzzzz"], by=clara)
    hooks.add("arrivals", address=ADDRESS, events=["entry.received"], channels=[CHANNEL], by=clara)
    lodges(boris, "bb-2026-0007")
    told()

    assert [("entry.received", "bb-2026-0007", "assistance.request.lodged")] == receiver.told


def test_a_clock_is_told_at_each_reminder_and_at_its_end(hook, receiver, asked, boris):
    """The case system's own calendar warns nobody of an instrument's deadline."""
    told()
    row = Request.objects.get(ref=asked)
    noticing.ToldClocks.objects.update(at=timezone.now() - timedelta(days=2, hours=2))
    Request.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(hours=1), due_warn=[2])
    receiver.got.clear()
    told()
    once = [one["event"] for one in receiver.got]
    receiver.got.clear()
    told(after=timedelta(minutes=1))

    assert ["clock.nearing", "clock.ended"] == once
    assert [] == receiver.got


def test_many_entries_are_told_in_portions(hook, receiver, boris, monkeypatch):
    """A log of a year must not be read into memory at once."""
    monkeypatch.setattr(noticing, "AT_ONCE", 3)
    for number in range(8):
        boris.writes("contact.nothing.known", f"bb-2026-{number:04}")
    boris.delivers()
    kept = []
    while noticing.notice(timezone.now()):
        kept.append(Notice.objects.count())
    told()

    assert [3, 6] == kept
    assert [f"bb-2026-{number:04}" for number in range(8)] == [one["ref"] for one in receiver.got]


def test_the_last_hook_gone_nothing_is_kept(hook, clara):
    """What nobody listens to is not worked out."""
    hooks.remove("cases", by=clara)

    assert not ToldLog.objects.exists()
    assert not ToldStanding.objects.exists()
    assert not noticing.notice(timezone.now())
    assert ["hook.added", "hook.removed"] == list(
        Journal.objects.filter(did__startswith="hook.").order_by("pk").values_list("did", flat=True)
    )


INSIDE = [
    "http://cases.example/x",
    "https://127.0.0.1/x",
    "https://10.0.0.7/",
    "https://[::1]/",
    "https://169.254.169.254/",
    "ftp://cases.example/",
    "https://",
    "cases.example",
    "https://u:p@cases.example/",
    "https://cases.example/#x",
    "https://cases.example/a b",
    "https://cases.example/\r\nX: y",
    'https://cases.example/"',
    "https://cases.example:x/",
    "https://cases.example/é",
    "https://cases.example/" + "x" * 600,
    "file:///etc/passwd",
]


def test_an_address_only_the_node_can_reach_is_no_hook(clara, boris):
    """An administrator must not make the node speak to its own machine, or to the network behind it."""
    for address in INSIDE:
        with pytest.raises(UnfitHook):
            hooks.add("cases", address=address, by=clara)


def test_the_operator_lists_what_else_may_be_called(clara, boris, settings):
    """Case systems of an authority mostly stand where nobody outside reaches them."""
    settings.NODE = replace(settings.NODE, hook_addresses=("http://10.0.0.7:8080",))

    hooks.add("cases", address="http://10.0.0.7:8080/hooks", by=clara)
    with pytest.raises(UnfitHook):
        hooks.add("other", address="http://10.0.0.7:8081/hooks", by=clara)


def test_a_name_that_leads_inside_is_not_called(monkeypatch):
    """Who owns the name can point it at our own machine after the hook was added."""
    monkeypatch.setattr(reaching.socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("127.0.0.1", 443))])

    with pytest.raises(HookNotAnswered, match="not public"):
        reaching.post(ADDRESS, b"{}", at=timezone.now())


def test_only_an_administrator_manages_hooks(anna, boris, receiver):
    """Where the node calls is no matter of a case."""
    hooks.add("cases", address=ADDRESS)

    for act in (
        partial(hooks.add, "other", address=ADDRESS),
        *(partial(one, "cases") for one in (hooks.try_now, hooks.remove)),
    ):
        with pytest.raises(NotEmpowered):
            act(by=anna)
    assert [] == receiver.got
    assert ["cases"] == [one.name for one in Hook.objects.all()]


def test_a_hook_is_no_request_between_nodes():
    """Under the same key, so by another tag: what we send a receiver opens nothing at a counterpart."""
    said = ("POST", "http://bb.test/wire/bundle")

    def caller(**tag):
        headers = signatures.sign(*said, b"", party="aa", key=keyring().wire, at=timezone.now(), **tag)
        return signatures.caller(*said, headers, lambda _: b"", keys={"aa": keyring().wire.public})

    assert "aa" == caller().party
    with pytest.raises(signatures.NotAuthenticated):
        caller(tag=signatures.HOOK)


def test_a_receiver_that_takes_its_time_does_not_take_that_of_others(hook, receiver, boris, monkeypatch):
    """Each notice is answered within its limit; all of them together would hold the sender for an hour."""
    clock = count(step=20)
    monkeypatch.setattr(hooks, "monotonic", lambda: next(clock))
    for number in range(8):
        boris.writes("contact.nothing.known", f"bb-2026-{number:04}")
    boris.delivers()
    told()
    first = len(receiver.got)
    told()

    assert 0 < first < 8
    assert first < len(receiver.got)
    assert "" == Hook.objects.get().last_error
