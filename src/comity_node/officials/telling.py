"""What officials are told when something was not done, or was: whole sentences, in every room alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.utils.translation import gettext as _

from comity.names import EntryRef

if TYPE_CHECKING:
    from comity.errors import ComityError
    from comity_node.officials.request import OfficialRequest


def told(refused: ComityError) -> str:
    """What did not happen and what to do now, as sentences."""
    return " ".join(_sentence(part) for part in (str(refused), refused.hint) if part)


def tell(request: OfficialRequest, refused: ComityError) -> None:
    """Show on the next page why something was not done."""
    messages.error(request, told(refused))


def tell_signed(request: OfficialRequest, entry: EntryRef) -> None:
    """Show on the next page that an act is on record, cited as people cite entries."""
    cited = f"{entry.origin.party.upper()} {entry.index}"
    messages.success(request, _("Signed and recorded: entry %(entry)s.") % {"entry": cited})


def tell_done(request: OfficialRequest, done: object) -> None:
    """Show on the next page whether an act is on record, or waits for a second officer."""
    if isinstance(done, EntryRef):
        tell_signed(request, done)
    else:
        tell_prepared(request)


def tell_prepared(request: OfficialRequest) -> None:
    """Show on the next page that nothing is on record until a second officer approves."""
    messages.info(request, _("Nothing is recorded yet: the text now waits for a second officer."))


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")
