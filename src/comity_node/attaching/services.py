"""A file and the message that names it: two entries, read on one page and signed together or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction

from comity.names import EntryRef
from comity_node.evidence import services as evidence
from comity_node.officials import services as officials
from comity_node.officials.errors import TextMoved
from comity_node.talk import services as talk

if TYPE_CHECKING:
    from comity_node.evidence.models import Intake
    from comity_node.officials.models import Official
    from comity_node.register.acts import Act
    from comity_node.talk.models import Talk


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that was sealed here, and what is said with it in a talk.

    Attributes:
        taken: The file, not announced yet.
        row: The talk.
        text: What is said.
        words: And besides: its language, a translation, other exhibits.
    """

    taken: Intake
    row: Talk
    text: str
    words: talk.Words = field(default_factory=talk.Words)

    def acts(self) -> tuple[Act, Act]:
        """The announcement and the message, as they are read.

        Under which entry the file stands is known once it is announced: only then the message names it.

        Raises:
            OurFault: The file came from another party, which barred that, or nobody could open it.
        """
        return evidence.announcement_act(self.taken), self._message()

    def text_shown(self) -> str:
        """The exact text of both."""
        return "\n\n".join(act.text() for act in self.acts())

    def digest(self) -> str:
        """SHA-256 of that text: what is signed is what was read."""
        return sha256(self.text_shown().encode()).hexdigest()

    def sign(self, *, shown: str, by: Official) -> EntryRef:
        """Announce the file and say the message, as they were shown; its entry.

        Raises:
            TextMoved: The text would be another by now.
            OurFault: One of both is not allowed now. Nothing was recorded; the file waits as it did.
        """
        with transaction.atomic():
            if self.digest() != shown:
                raise TextMoved("nothing was recorded: the record has moved since the text was shown")
            added = evidence.announce(self.taken, by=by)
            assert isinstance(added, EntryRef), "one officer announces an exhibit, by the custody table"
            return officials.sign_at_once(self._message(str(added)), by=by)

    def _message(self, *added: str) -> Act:
        words: talk.Words = {**self.words, "exhibits": [*self.words.get("exhibits", ()), *added]}
        return talk.saying(self.row, self.text, **words)
