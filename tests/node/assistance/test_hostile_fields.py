"""Whatever is typed into a field is shown as it was typed, or refused with a reason; it does nothing else."""

from __future__ import annotations

import re
from itertools import cycle

import pytest
from django.urls import reverse

from comity.instruments import library
from comity_node.assistance import services, steps
from comity_node.assistance.forms import DraftForm
from comity_node.assistance.models import Request
from comity_node.officials import services as officials
from tests.node.assistance.test_every_way import said_in
from tests.node.counterpart import CHANNEL, open_channel

pytestmark = pytest.mark.django_db

MARK = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
HOSTILE = {
    "markup": MARK,
    "template": "{{ settings.SECRET_KEY }}{% load x %}{# #} ${7*7} #{7*7} %(name)s {0.__class__}",
    "statement": "'; DROP TABLE register_entry; --",
    "formula": '=HYPERLINK("http://192.0.2.1","x")',
    "directions": "\u202eevil\u2066\u200b\ufeff\u0000",
    "heap": "a" + "\u0301" * 3_000,
    "long": "x" * 60_000,
    "path": "../../../../etc/passwd\r\nSet-Cookie: a=b",
    "astral": "\U0001f4a3" * 200 + "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
}
SIGNED = ("markup", "template", "statement", "formula", "path", "astral")
WAYS = [
    ("us-ru-1999", "assistance"),
    ("ets-185", "preservation"),
    ("ets-185", "information"),
    ("cets-224", "emergency"),
    ("charter", "suspension"),
]

# Which value comes first: every value in turn where most is asked, once elsewhere.
TURNS = [*((*WAYS[0], turn) for turn in range(3)), *((*way, place) for place, way in enumerate(WAYS[1:]))]


@pytest.fixture
def borland():
    """A channel that rests on what is asked under here."""
    return open_channel(instrument="us-ru-1999", also=("ets-185", "cets-224"))


@pytest.mark.parametrize(("instrument", "procedure", "turn"), TURNS)
def test_hostile_values_in_every_field_of_every_step_are_shown_or_refused(
    instrument, procedure, turn, borland, hire, browser
):
    """No step breaks, no markup comes alive, nothing half written is left. Each field has another value."""
    values = cycle([*HOSTILE.values()][3 * turn :] + [*HOSTILE.values()][: 3 * turn])
    officer = hire("olga", "case officer", "coordinator")
    reader = browser(officer)
    draft = services.draft(
        channel=CHANNEL, instrument=instrument, procedure=procedure, title="Title", by=officer
    )
    for step in steps.placed(draft, services.table(draft), []):
        form = DraftForm(None, draft=draft, table=services.table(draft), only=step.names)
        said = said_in(form, draft, services.table(draft))
        for name in form.fields:
            if not name.startswith(("stated_", "marking_")) and name not in {"types", "language"}:
                said[name] = next(values)
        address = reverse("assistance:step", args=[draft.pk, step.id])

        answer = reader.post(address, said)
        page = reader.get(address)

        assert answer.status_code in (302, 422)
        assert 200 == page.status_code
        for shown in (answer.content.decode(), page.content.decode()):
            _nothing_comes_alive(shown)
        draft.refresh_from_db()


def _nothing_comes_alive(page: str) -> None:
    assert "<script>alert" not in page
    assert not re.search(r"<img src=x", page)
    assert "SECRET_KEY" not in page or "{{ settings.SECRET_KEY }}" in page


def test_what_was_signed_with_them_is_shown_as_it_stands_on_every_page_of_the_request(borland, hire, browser):
    """What is on record is read by both sides, by the same pages."""
    printable = [HOSTILE[name].replace("\r\n", "\n") for name in SIGNED]
    officer, second = hire("olga", "case officer"), hire("dora", "coordinator", office="prosecution")
    draft = services.draft(channel=CHANNEL, title=MARK, types=["documents_items"], by=officer)
    asked = [one.id for one in library()["us-ru-1999"].fields if "assistance" in one.procedures]
    fields = dict(zip(asked, cycle(printable), strict=False))
    services.save_draft(draft, by=officer, fields=fields)
    officials.second(services.submit(draft, by=officer), by=second)
    reader = browser(officer)

    row = Request.objects.get(channel=CHANNEL, ref=draft.ref)
    tabs = [reverse("assistance:request", args=[CHANNEL, row.ref])]
    tabs += [
        reverse("assistance:tab", args=[CHANNEL, row.ref, tab])
        for tab in ("correspondence", "log", "deadlines")
    ]
    tabs += [
        reverse("assistance:chronology", args=[CHANNEL, row.ref]),
        reverse("assistance:list"),
        reverse("web:desk"),
    ]
    for address in tabs:
        answer = reader.get(address)
        assert (200, False) == (answer.status_code, "a" in answer.cookies), address
        _nothing_comes_alive(answer.content.decode())
