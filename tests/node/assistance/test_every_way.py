"""Whatever an instrument provides for can be begun, written step by step, and put on record."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from comity.instruments import library
from comity_node.assistance import services, steps
from comity_node.assistance.forms import DraftForm
from comity_node.officials import powers
from comity_node.register.rooms import verdict
from tests.node.counterpart import CHANNEL, open_channel

pytestmark = pytest.mark.django_db

# These have pages of their own.
ELSEWHERE = {
    "accession", "channel", "contact_check", "contact_point", "figures", "profile", "protected_list", "talk",
    "translation",
}  # fmt: skip
TEXTS = [text.id for text in library().values() if text.id != "charter"]
WAYS = [
    (text.id, procedure.id, act)
    for text in library().values()
    for procedure in text.procedures
    for act in sorted(procedure.openings)
    if procedure.id not in ELSEWHERE
]
WORDS = "Words on this: 3 May 2026, 14:00 UTC."
BY_FORM = {
    "day": "2026-05-04",
    "instant": "2026-05-04T04:30Z",
    "digest": "0" * 64,
    "text": "us-ru-1999",
    "party": "bb",
    "entry": f"bb.comity/{CHANNEL}#0",
}


@pytest.fixture
def borland():
    """A channel that rests on everything there is."""
    return open_channel(instrument=TEXTS[0], also=tuple(TEXTS[1:]))


def said_in(form: DraftForm, draft, table) -> QueryDict:
    """What an officer writes who answers everything a step asks."""
    said = QueryDict(mutable=True)
    for name in form.fields:
        if name == "types":
            said.setlist(name, [table.instrument.types_in(draft.procedure)[0].id])
        elif name.startswith("stated_"):
            statement = table.procedure.statement_of[name.removeprefix("stated_")]
            kept = draft.stated.get(statement.id) or usual(form.fields[name], statement)
            said.setlist(name, kept if isinstance(kept, list) else [kept])
        elif name.startswith(("marking_", "by_")) or name in {"on_record", "exhibits"}:
            continue
        else:
            said[name] = {"language": "en", "translation_language": "", "languages": "en, ru"}.get(
                name, WORDS
            )
    return said


def usual(field, statement) -> str | list[str]:
    """The first that is offered, or what fits the form; where nothing can be chosen, nothing."""
    if hasattr(field, "choices"):
        return [value for value, _label in field.choices][:1]
    return statement.values[0] if statement.values else BY_FORM[statement.form]


@pytest.mark.parametrize(("instrument", "procedure", "act"), WAYS)
def test_every_way_to_begin_leads_through_its_steps_to_an_act_its_table_allows(
    instrument, procedure, act, borland, hire
):
    """A table whose opening nobody can fill in is a promise the node does not keep."""
    officer = hire("olga", "case officer")
    draft = services.draft(
        channel=CHANNEL, instrument=instrument, procedure=procedure, act=act, title="Title", by=officer
    )
    table = services.table(draft)
    for _ in range(2):  # the types chosen in the first step decide what the others ask
        for step in steps.placed(draft, table, []):
            form = DraftForm(None, draft=draft, table=table, only=step.names)
            filled = DraftForm(said_in(form, draft, table), draft=draft, table=table, only=step.names)
            assert filled.is_valid(), filled.errors
            draft = services.save_draft(draft, by=officer, **filled.written())

    assert [] == [gap.field for gap in services.check(draft) if gap.demanded]
    assert powers.rule(services.opening(draft).kind).sign
    assert verdict(services.opening(draft), "aa").sentence == table.procedure.act_of[act].sentence


def test_there_are_ways_under_every_instrument():
    """One that nothing can be done under would be a name on a list."""
    assert set(library()) == {instrument for instrument, _, _ in WAYS}
