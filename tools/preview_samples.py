"""One day of a channel as sample contexts: what each page of the node looks like when it is full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace as Row

from django import forms

from comity.names import EntryRef, Origin
from comity_node.web.record import Side

CHANNEL = "wgict2021mosgen5"
NOW = datetime(2026, 11, 3, 15, 20, tzinfo=UTC)
REF = "us-2026-0001"
TREATY = "Treaty on Mutual Legal Assistance, 17 June 1999"
DIGEST = "9f2c61f0c2a34d5be0a77d4bd0d9b1a4fb7c6f1a5f3e8b7f1d2c3b4a59687706"
NAMES = {"us": "United States of America", "ru": "Russian Federation"}


def at(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


def ref(party: str, index: int) -> EntryRef:
    return EntryRef(Origin(party, CHANNEL), index)


def side(code: str, home: str) -> Side:
    return Side(code, NAMES[code], code == home)


@dataclass
class Line:
    ref: EntryRef
    ours: bool
    at: datetime
    title: str
    procedure: str
    by: str
    article: str = ""
    verified: str = "V"
    payload_size: int | None = None
    payload_erased: bool = False
    answers: tuple = ()
    receipt: Row | None = None
    irregular: str = ""
    remark: str = ""
    href: str = "entry.html"


def record(home: str) -> list[Line]:
    def line(party, index, when, title, procedure, by, *, wait=2, **more):
        receipt = Row(at=when + timedelta(seconds=wait), size=index + 1) if wait else None
        return Line(ref(party, index), party == home, when, title, procedure, by, receipt=receipt, **more)

    oia, pgo = "Office of International Affairs, case officer", "Prosecutor General's Office, central authority"
    return [
        line("us", 0, at(1, 9, 2, 11), "Channel proposed", "channel", "National Security Council, coordinator",
             article="practice: working group mandate", verified="S", payload_size=8412),
        line("ru", 0, at(1, 11, 40, 3), "Channel accepted", "channel", "Security Council, coordinator", wait=4,
             article="practice: working group mandate", verified="S", answers=(ref("us", 0),)),
        line("us", 1, at(1, 14, 5, 31), "Request lodged", REF, oia, article="Art. 5", verified="P", payload_size=48_211),
        line("ru", 1, at(1, 14, 31, 0), "Receipt acknowledged by the central authority", REF, pgo, answers=(ref("us", 1),)),
        line("ru", 2, at(2, 8, 12, 47), "Further particulars asked for", REF, pgo, article="Art. 5", verified="P",
             payload_size=3_120, answers=(ref("us", 1),)),
        line("us", 2, at(2, 13, 55, 20), "Supplement lodged", REF, oia, article="Art. 5", verified="P",
             payload_size=12_904, answers=(ref("ru", 2),), wait=61),
        line("ru", 3, at(2, 14, 10, 9), "Request lodged", "ru-2026-0001", pgo, article="Art. 5", verified="P", payload_size=22_870),
        line("us", 3, at(2, 16, 44, 58), "Refused", "ru-2026-0001", oia, article="Art. 4", verified="R", answers=(ref("ru", 3),),
             irregular="A refusal must be preceded by a consultation on conditions, and none stands in either log (Art. 4)."),
        line("ru", 4, at(3, 7, 30, 15), "Request accepted for execution", REF, pgo, article="Art. 7(1)", answers=(ref("us", 1),)),
        line("us", 4, at(3, 9, 18, 2), "Consultation opened on conditions", "ru-2026-0001", oia, article="Art. 4", verified="R",
             answers=(ref("ru", 3),), payload_size=2_204, wait=0),
        line("ru", 5, at(3, 9, 40, 33), "Exhibit handed over", REF, pgo, article="Art. 7(3)", payload_size=4_096,
             answers=(ref("us", 2),), remark="Material given before is to be returned or destroyed by 3 May 2027."),
        line("us", 5, at(3, 12, 6, 40), "Supplement lodged", REF, oia, article="Art. 5", verified="P", payload_size=5_310, wait=0),
    ]


def clock(label, due, kind, whose, state="running", article="Art. 5", verified="S"):
    return Row(label=label, due_at=due, kind=kind, whose=whose, state=state, article=article, verified=verified)


CONFIRM_WRITING = clock("Written confirmation of the oral request", at(11, 14, 5), "treaty", "ours")
ANSWER_TARGET = clock("First answer on substance", at(3, 18, 0), "target", "ours", article="practice: agreed 1 Nov 2026", verified="V")
THEIR_TARGET = clock("Acknowledgement by the central authority", at(3, 9, 0), "target", "theirs", article="practice: agreed 1 Nov 2026", verified="V")
FROZEN = clock("Execution progress report", at(20, 12, 0), "target", "theirs", state="frozen", article="", verified="V")


def act(label, article="Art. 7(1)", verified="V", second="", because="", hint="", weight="plain"):
    return Row(label=label, href="confirm.html", article=article, verified=verified, second=second, because=because, hint=hint, weight=weight)


ACTS = [
    act("Lodge a supplement", "Art. 5", "P", weight="primary"),
    act("Withdraw the request", "practice: agreed 1 Nov 2026", "V", second="an official of another office"),
    act("Confirm execution complete", "Art. 7", "P", because="the requested Party has not reported the outcome.",
        hint="It opens when an execution is recorded in their log."),
]
EMPTY = Row(what="Nothing here yet", why="When either side writes, it is shown here at once.", todo="", href="", label="")
PAGES = Row(first=1, last=4, total=4, previous_href="", next_href="#")


def columns(*labels, numbers=()):
    return [Row(label=text, href="#", sorted="descending" if place == len(labels) - 1 else "", number=text in numbers)
            for place, text in enumerate(labels)]


class Filters(forms.Form):
    q = forms.CharField(label="Reference or words", required=False)
    standing = forms.ChoiceField(label="Standing", required=False, choices=[("", "Any"), ("open", "Open")])
    side = forms.ChoiceField(label="Requesting", required=False, choices=[("", "Both"), ("ours", "Ours")])


class DraftForm(forms.Form):
    authority = forms.CharField(label="Authority conducting the proceeding", help_text="The office, not a person.")
    offences = forms.CharField(label="Offences", widget=forms.Textarea(attrs={"rows": 3}),
                               help_text="Cite the provisions and the penalties.")
    assistance = forms.MultipleChoiceField(label="Assistance sought", widget=forms.CheckboxSelectMultiple,
        choices=[("documents_items", "Documents, records and other items"), ("search_seizure", "Search and seizure"), ("testimony", "Testimony and statements")])
    confidential = forms.BooleanField(label="Keep this request confidential", required=False)
    facts_en = forms.CharField(label="Summary of the facts, English", widget=forms.Textarea)
    facts_ru = forms.CharField(label="Summary of the facts, Russian", widget=forms.Textarea)


DraftForm.base_fields["offences"].why = "The requested Party decides on dual criminality from these lines (Art. 1)."


class LoginForm(forms.Form):
    login = forms.CharField(label="Log-in name")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)


class ProofForm(forms.Form):
    file = forms.FileField(label="Proof or bundle", required=False, help_text="A .tlog-proof file or a bundle, up to 64 MiB.")
    text = forms.CharField(label="Or paste the proof", required=False, widget=forms.Textarea)


class CeremonyForm(forms.Form):
    path = forms.ChoiceField(label="How did you speak?", choices=[("phone", "Telephone, a number known before"), ("person", "In person")], widget=forms.RadioSelect)
    officer = forms.CharField(label="Office and capacity of the other officer")
