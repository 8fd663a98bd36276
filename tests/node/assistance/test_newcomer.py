"""Somebody who has never seen a letter of request produces a complete one, by a modelled time.

The story is told in plain words; the newcomer reads what each page shows, each sentence once, at 200 words a
minute, thinks over each box that the story has an answer for, types at 30 words a minute, and passes over the
others. It is a model and no measurement of a person: it keeps pages from growing until fifteen minutes are
not enough.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from comity_node.assistance import services, steps
from comity_node.assistance.models import Draft

pytestmark = pytest.mark.django_db

# On 3 May a hospital in Arland could not open its patients' records. Whoever did it left a mailbox, at a
# provider in Borland, to pay to. A log shows the address the mailbox was opened from. Whose
# is it?
STORY = {
    "requesting_authority": "Regional prosecution, Arland",
    "matter_nature": "Investigation of extortion of a hospital",
    "offences": (
        "Penal code of Arland, section 12: “Whoever encrypts another's data without right is punished by up "
        "to eight years.” It would be an offence under the law of Borland as well."
    ),
    "facts_summary": (
        "On 3 May 2026 the records of the city hospital were encrypted. The demand names the mailbox "
        "ransom7@mail.example. That mailbox was opened from 192.0.2.7."
    ),
    "assistance_sought": "Subscriber of the mailbox ransom7@mail.example, with its log-ins from 1 to 5 May",
    "purpose": "They show who opened the mailbox that the demand names.",
    "provider": "Example Mail, Borland",
    "ip_port_time": "192.0.2.7, source port 40112, 3 May 2026 14:05:33 UTC",
}
VOID = {"input", "img", "br", "meta", "link", "hr", "use", "path", "wbr"}
READS, TYPES, THINKS, PASSES = 200 / 60, 30 / 60, 20.0, 2.0  # words a second; seconds a box


class Reader(HTMLParser):
    """Reads pages as one who looks: what is seen without opening anything, and each sentence once.

    The exact text to be signed is passed over: the page says that it is the same as what stands above it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words, self.known, self.hidden, self.is_main = 0, set(), [], False

    def handle_starttag(self, tag, attrs):
        """Enter what is hidden, or the part of the page that is read."""
        said = dict(attrs)
        self.is_main |= tag == "main"
        unseen = (
            tag in {"script", "style", "nav", "pre"}
            or "hidden" in said
            or "heard" in (said.get("class") or "")
        )
        unseen |= tag == "option" and "selected" not in said  # a closed list shows one of them
        if tag not in VOID and (self.hidden or unseen or (tag == "details" and "open" not in said)):
            self.hidden.append(tag)

    def handle_endtag(self, tag):
        """Leave it."""
        self.is_main &= tag != "main"
        if self.hidden and tag not in VOID:
            self.hidden.pop()

    def handle_data(self, data):
        """Count what is read for the first time."""
        sentence = data.strip()
        if self.is_main and not self.hidden and sentence not in self.known:
            self.known.add(sentence)
            self.words += len(re.findall(r"\w+", sentence))


def modelled(read: int, typed: int, thought: int, passed: int) -> float:
    """How long it takes, in minutes."""
    return (read / READS + typed / TYPES + thought * THINKS + passed * PASSES) / 60


def test_a_complete_request_takes_a_newcomer_fifteen_minutes_at_most(boris, anna, browser):
    """Who needs an afternoon for the first one calls a colleague instead, and the data are gone."""
    page, reader, passed = browser(anna), Reader(), 0
    first = page.get(reverse("assistance:new")).content.decode()
    reader.feed(first)
    begins = re.search(r'value="(assistance us-ru-1999 lodged)"', first)[1]
    channel = re.search(r'<option value="(\w{16})"', first)[1]
    title = "Subscriber of a mailbox named in a demand for ransom"
    page.post(reverse("assistance:new"), {"begins": begins, "channel": channel, "title": title})
    typed, thought = len(title.split()), 3
    draft = Draft.objects.get()
    visited = []
    name = "basis"
    while name != steps.REVIEW:
        address = reverse("assistance:step", args=[draft.pk, name])
        shown = page.get(address).content.decode()
        before = reader.words
        reader.feed(shown)
        shown = re.sub(r'<details class="fold">.*?</details>', "", shown, flags=re.DOTALL)
        asked = set(re.findall(r'<(?:textarea|input type="text"|select)[^>]*name="(\w+)"', shown))
        answers = {one: text for one, text in STORY.items() if one in asked}
        said = (
            {"types": ["documents_items"], "language": "en", "title": title} if name == "basis" else answers
        )
        typed += sum(len(text.split()) for text in answers.values())
        thought += len(answers) + (name == "basis")
        passed += len(asked - answers.keys())
        placed = [one.id for one in steps.placed(draft, services.table(draft), [])]
        following = placed[placed.index(name) + 1]
        visited.append((name, reader.words - before, len(asked), len(answers)))
        assert 302 == page.post(address, {**said, "go": following}).status_code, name
        draft.refresh_from_db()
        name = following
    for last in ("assistance:step", "assistance:submit"):
        place = [draft.pk, steps.REVIEW] if last == "assistance:step" else [draft.pk]
        reader.feed(page.get(reverse(last, args=place)).content.decode())

    assert [] == [gap.label for gap in services.check(draft) if gap.demanded]
    assert [] == [one.id for one in services.defects(draft) if one.severity == "returns"]
    took = modelled(reader.words, typed, thought, passed)
    assert took <= 15, (took, reader.words, typed, thought, passed, visited)
