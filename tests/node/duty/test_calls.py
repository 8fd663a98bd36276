"""What comes on record calls whoever is on duty, once, by their ways, without a word of the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from comity_node.assistance import filling
from comity_node.assistance import services as assistance
from comity_node.duty import calling, escalating, following, looking, outbox, queries, services
from comity_node.duty.errors import NotReached
from comity_node.duty.models import Cause, Looked, Sending, Watch, Way
from comity_node.duty.ways import WAYS
from comity_node.home import Step
from comity_node.officials import services as officials
from comity_node.register import calls, rebuilding
from comity_node.register.calls import Call
from tests.node.counterpart import CHANNEL
from tests.node.duty.conftest import ALERT, raises, send_all

pytestmark = pytest.mark.django_db
OTHER = "bb-2026-0912"


def told(**said):
    """Who is told on their page, by source."""
    found = Sending.objects.filter(by_way="page", **said).order_by("pk")
    return [(one.official.login, one.cause.source) for one in found]


def steps(minutes):
    """Let so many minutes of the alert pass."""
    watch = Watch.objects.get()
    while escalating.take(watch.begins + timedelta(minutes=minutes)):
        pass


def test_an_alert_calls_the_first_on_duty_at_once(boris, on_duty):
    """The cause stands with the entry, in one transaction: there is no later look that could miss it."""
    raises(boris)

    assert [("dora", "alert")] == told()
    assert [(5, CHANNEL, ALERT, "bb")] == list(
        Cause.objects.values_list("severity", "channel", "ref", "party")
    )


def test_an_alert_goes_along_the_roster_until_somebody_answers(boris, on_duty, clara):
    """By the table: second after a third, third and coordinator after two thirds, then everybody."""
    raises(boris)
    passed = []
    for minutes in (4, 6, 11, 16):
        steps(minutes)
        passed.append([login for login, source in told() if source == "escalated"])

    assert [[], ["anna"]] == passed[:2]
    assert ["anna", "clara"] == passed[2]
    assert ["anna", "anna", "clara", "clara", "dora"] == sorted(passed[3])


def test_with_fewer_steps_after_a_restart_the_last_is_behind_us(boris, on_duty, node):
    """The table stands in a file: what was to be the third step there may be none of today."""
    raises(boris)
    steps(6)
    node(steps=(Step(0, ("first",)), Step(100, ("everybody",))))
    steps(16)

    assert [("dora", "alert"), ("anna", "escalated")] == told()
    assert escalating.next_at() is None


def test_a_step_that_fails_keeps_neither_others_nor_the_looks_waiting(boris, on_duty, monkeypatch):
    """It comes again a moment later; behind it another alert goes on, and a silent line is heard of."""
    raises(boris)
    raises(boris, ref=OTHER)
    long_ago = timezone.now() - timedelta(hours=1)
    Watch.objects.update(next_at=long_ago)
    Watch.objects.filter(ref=ALERT).update(next_at=long_ago - timedelta(minutes=1))
    Looked.objects.create(at=long_ago)
    keep = outbox.keep

    def fails(call, **said):
        if call.ref == ALERT:
            raise RuntimeError
        return keep(call, **said)

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "keep", fails)
        calling.decide(lambda: [looking.Heard("bb", long_ago)])
    meanwhile = told(cause__source__in=["escalated", "silent"])
    calling.decide(list)
    at_once = told(cause__ref=ALERT)
    escalating.take(timezone.now() + timedelta(minutes=1))

    assert [("anna", "escalated"), ("dora", "silent")] == meanwhile
    assert [("dora", "alert")] == at_once
    assert [("dora", "alert"), ("anna", "escalated")] == told(cause__ref=ALERT)


def test_what_is_acknowledged_goes_no_further(boris, on_duty, anna, dora):
    """Whoever answers spares the others."""
    raises(boris)
    act = filling.act(CHANNEL, ALERT, "acknowledged", {}, by=anna)
    officials.sign(act, shown=officials.text_digest(act), by=anna)

    assert not Watch.objects.exists()
    assert ["overtaken"] == list(Sending.objects.values_list("state", flat=True))
    assert ([], 0) == queries.unseen(dora)


def test_of_an_alert_of_ours_whoever_is_on_duty_telephones(boris, on_duty, dora, browser):
    """The other side escalates at its own; what is left to us is another path, ready to be put on record."""
    begun = assistance.draft(channel=CHANNEL, by=dora, title="Ransomware", instrument="", procedure="alert")
    said = {"stated": {"severity": "5"}, "fields": {"what_happens": "Encryption"}}
    begun = assistance.save_draft(begun, **said, by=dora)
    assistance.submit(begun, by=dora)
    boris.receipts()
    steps(14)
    before = told()
    steps(16)
    Watch.objects.update(begins=timezone.now() - timedelta(hours=1), due_at=timezone.now())
    page = browser(dora).get(f"/alerts/{CHANNEL}/{begun.ref}/").content.decode()

    assert [] == before
    assert [("dora", "unanswered")] == told()
    assert f"/requests/{CHANNEL}/{begun.ref}/acts/notified_again/?path=telephone" in page
    assert f"/requests/{CHANNEL}/{begun.ref}/acts/passed_on/?level=diplomatic_point" in page


def test_with_nobody_on_duty_everybody_who_may_answer_is_called(boris, dora, anna, clara, hire):
    """An empty roster must not be a silent node."""
    hire("otto", "analyst")
    raises(boris)

    assert {("anna", "alert"), ("clara", "alert"), ("dora", "alert")} == set(told())
    assert not Cause.objects.get().was_on_duty


def test_another_severity_is_news_and_begins_the_time_anew(boris, on_duty):
    """An alert that becomes the worst is not read tomorrow."""
    raises(boris, severity="3")
    boris.does("alert.incident.regraded", ALERT, stated={"severity": "5"})

    assert [("dora", "alert"), ("dora", "regraded")] == told()
    assert 5 == Watch.objects.get().severity
    assert Watch.objects.get().due_at < timezone.now() + timedelta(minutes=16)


def test_rebuilding_calls_nobody_twice(boris, on_duty):
    """The same record has the same keys."""
    raises(boris)
    before = list(Cause.objects.values_list("key", flat=True))
    rebuilding.rebuild()

    assert before == list(Cause.objects.values_list("key", flat=True))
    assert 1 == Sending.objects.count()


def test_what_has_no_effect_makes_no_alert_graver(boris, on_duty):
    """Who raises an open alert once more does so irregularly: its time goes on as its author graded it."""
    raises(boris, severity="3")
    before = Watch.objects.values_list("severity", "due_at").get()
    raises(boris, severity="5")

    assert [("dora", "alert")] == told()
    assert 3 == before[0]
    assert before == Watch.objects.values_list("severity", "due_at").get()


def test_what_is_old_calls_nobody(boris, on_duty, monkeypatch):
    """A node that is upgraded does not wake its officers for last year."""
    monkeypatch.setattr(following, "NEWS_FOR", timedelta(seconds=-1))
    raises(boris)

    assert [] == told()


def test_what_has_no_effect_calls_nobody(boris, on_duty):
    """An act without an alert is irregular: it is kept, and it wakes nobody."""
    boris.does("alert.incident.regraded", "bb-2026-0999", stated={"severity": "5"})

    assert [] == told()


def test_what_is_done_out_of_turn_calls_nobody(boris, on_duty):
    """Whoever regrades an alert that is closed wakes nobody by it."""
    raises(boris)
    boris.does("alert.incident.stood_down", ALERT, stated={"outcome": "false_alarm"})
    boris.does("alert.incident.regraded", ALERT, stated={"severity": "5"})

    assert [("dora", "alert")] == told()
    assert not Watch.objects.exists()


@pytest.mark.parametrize(
    ("ours", "requested", "concerns"),
    [
        (False, "aa", True),
        (False, ["bb", "aa"], True),
        (False, "cc", False),
        (False, ["bb", "cc"], False),
        (True, "bb", True),
        (False, None, True),
    ],
)
def test_what_others_warn_one_another_of_calls_nobody(ours, requested, concerns):
    """In a channel of many we hold everything, and answer for what names us."""
    stated = {"requested": requested} if requested else {}
    entry = SimpleNamespace(entry=SimpleNamespace(stated=stated))

    assert concerns == following.concerns_us(ours, [entry])


def test_a_fault_in_calling_refuses_no_entry(boris, on_duty, monkeypatch):
    """What was sent is received, whether anybody could be called or not."""
    monkeypatch.setattr(outbox, "keep", None)
    raises(boris)

    assert [] == told()


def test_other_rooms_call_by_a_named_source(dora, on_duty):
    """A conversation and a check know neither roster nor ways."""
    calls.call(Call(source="talk", key="talk:1", channel=CHANNEL, ref="bb-2026-0001", party="bb"))
    calls.call(Call(source="talk", key="talk:1", channel=CHANNEL, ref="bb-2026-0001", party="bb"))
    calls.call(Call(source="check", key="check:1", party="bb"))

    assert [("dora", "talk"), ("dora", "check")] == told()


def test_thresholds_hold_but_for_emergencies(boris, on_duty, dora, mail, sent):
    """Whoever asks for the gravest alone is woken by nothing else; an emergency asks nobody's threshold."""
    services.add_way(dora, "mail", address="dora@aa.test", least_severity=5)
    raises(boris, severity="4")
    calls.call(Call(source="emergency", key="e:1"))
    send_all()

    assert [("mail", "dora", "emergency")] == sent


def test_the_gravest_goes_first(on_duty, dora, mail, sent):
    """Behind forty notices of a silent channel the worst must not wait."""
    services.add_way(dora, "mail", address="dora@aa.test", least_severity=0)
    for source, severity in (("talk", 2), ("silent", 3), ("alert", 5)):
        calls.call(Call(source=source, key=source, severity=severity))
    send_all()

    assert ["alert", "silent", "talk"] == [source for _way, _login, source in sent]


def test_quiet_hours_put_off_what_can_wait(on_duty, dora, mail, sent):
    """It is told when they are over, not dropped."""
    now = timezone.now()
    services.add_way(dora, "mail", address="dora@aa.test", least_severity=0)
    around = {
        "quiet_from": (now - timedelta(hours=1)).time(),
        "quiet_until": (now + timedelta(hours=1)).time(),
    }
    services.wish(dora, **around, sound=False)
    calls.call(Call(source="silent", key="s"))
    calls.call(Call(source="alert", key="a", severity=4))
    send_all()
    at_once = list(sent)
    send_all(after=timedelta(hours=2))

    assert [("mail", "dora", "alert")] == at_once
    assert [("mail", "dora", "alert"), ("mail", "dora", "silent")] == sent


def test_what_fails_is_tried_again_later_each_time_and_given_up(on_duty, dora, mail, node, monkeypatch):
    """A server that is down for a minute costs a minute; one that is gone is said to be."""
    node(attempts=3)
    services.add_way(dora, "mail", address="dora@aa.test")

    def fails(_sending, _way):
        raise NotReached("the mail server refused it: 451")

    monkeypatch.setitem(WAYS, "mail", replace(WAYS["mail"], send=fails))
    calls.call(Call(source="alert", key="a", severity=5))
    waits = []
    for _ in range(3):
        before = timezone.now()
        outbox.send("mail", timezone.now() + timedelta(hours=1))
        one = Sending.objects.get(by_way="mail")
        waits.append(round((one.again_at - before).total_seconds()))

    assert [15, 30, 60] == waits
    assert ("given up", 3, "the mail server refused it: 451") == (one.state, one.attempts, one.last_error)
    assert 3 == Way.objects.get().failures


def test_a_fault_of_ours_keeps_nobody_waiting(on_duty, dora, mail, sent, monkeypatch):
    """One message that cannot be written is one message; those behind it go."""
    services.add_way(dora, "mail", address="dora@aa.test")
    for n in range(2):
        calls.call(Call(source="alert", key=f"a{n}", severity=5 - n))
    send = WAYS["mail"].send

    def fails_once(sending, way):
        if sending.cause.severity == 5:
            raise RuntimeError("secret words")
        send(sending, way)

    monkeypatch.setitem(WAYS, "mail", replace(WAYS["mail"], send=fails_once))
    send_all()

    assert 1 == len(sent)
    assert ["it failed at this node: RuntimeError", ""] == list(
        Sending.objects.filter(by_way="mail").values_list("last_error", flat=True)
    )


def test_a_fault_of_ours_is_found_by_its_place_and_not_by_its_words(on_duty, dora, mail, monkeypatch, caplog):
    """Whoever mends it needs the line of code; in its message the address of an officer may stand."""
    services.add_way(dora, "mail", address="dora@aa.test")

    def breaks_here(_sending, way):
        raise RuntimeError(way.address)

    monkeypatch.setitem(WAYS, "mail", replace(WAYS["mail"], send=breaks_here))
    calls.call(Call(source="alert", key="a", severity=5))
    send_all()

    assert "in breaks_here" in caplog.text
    assert "dora@aa.test" not in caplog.text


def test_what_is_long_past_is_forgotten(on_duty):
    """Calls are no evidence; what counts stands on record."""
    now = timezone.now()
    calls.call(Call(source="talk", key="old"))
    Cause.objects.update(at=now - timedelta(days=91))
    for hours in (0, 1, 2):
        looking.look(now + timedelta(hours=hours), [])

    assert not Cause.objects.exists()


def test_a_process_killed_while_sending_leaves_it_to_be_sent_again(on_duty, dora, mail, sent, monkeypatch):
    """At least once: a mail that was taken and not written down goes again under the same name."""
    services.add_way(dora, "mail", address="dora@aa.test")
    calls.call(Call(source="alert", key="a", severity=5))

    def killed(_sending, _way):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setitem(WAYS, "mail", replace(WAYS["mail"], send=killed))
        with pytest.raises(KeyboardInterrupt):
            outbox.send("mail", timezone.now())
    outbox.send("mail", timezone.now())
    at_once = list(sent)
    outbox.send("mail", timezone.now() + timedelta(minutes=7))

    assert [] == at_once, "while it is claimed no other process sends it"
    assert [("mail", "dora", "alert")] == sent


def test_whoever_has_left_is_sent_nothing(on_duty, dora, mail, sent):
    """Their mailbox may be somebody else's by now."""
    services.add_way(dora, "mail", address="dora@aa.test")
    calls.call(Call(source="alert", key="a", severity=5))
    dora.is_active = False
    dora.save()
    send_all()

    assert [] == sent
    assert "given up" == Sending.objects.get(by_way="mail").state


def test_seen_is_what_was_shown(on_duty, dora):
    """What came in while the page stood open is not taken as seen with the rest."""
    calls.call(Call(source="talk", key="1"))
    first = Sending.objects.get().pk
    calls.call(Call(source="talk", key="2"))
    services.seen(dora, up_to=first)

    assert 1 == len(told(seen_at__isnull=True))
