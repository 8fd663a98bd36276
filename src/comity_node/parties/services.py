"""Facts about the Parties to an instrument are shown as a difference, taken, and taken back.

What is taken is what was shown, letter for letter, and against what was in use then.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.entries.entry import readable
from comity.errors import NoSuchInstrument
from comity.instruments import library, parse_parties, parties_differences
from comity_node.officials.access import require
from comity_node.officials.models import Journal
from comity_node.parties import queries
from comity_node.parties.errors import (
    NoSource,
    NothingTaken,
    OlderParties,
    PartiesFromTheFuture,
    PartiesMoved,
    SameParties,
)
from comity_node.parties.models import Taken

if TYPE_CHECKING:
    from comity.instruments import Difference, Parties
    from comity_node.officials.models import Official
    from comity_node.parties.queries import InUse

POWER: Final = "instrument.parties"
LONGEST_SOURCE: Final = 300


@dataclass(frozen=True, slots=True)
class Offer:
    """Facts that may be taken, against what is in use.

    Attributes:
        shown: Digest of the text and of the decision it would follow; to confirm is to give it back.
    """

    instrument: str
    text: str
    parties: Parties
    before: InUse
    differences: list[Difference]
    shown: str


def offer(instrument: str, raw: bytes, *, by: Official) -> Offer:
    """Read a newer ``parties.toml`` and say what it would change. Nothing is stored.

    Raises:
        NotEmpowered: The official does not answer for what is known of the Parties.
        NoSuchInstrument: No instrument of that id is known here.
        MalformedInstrument: It would not pass as a shipped file.
        OlderParties, PartiesFromTheFuture, SameParties: It brings nothing up to date.
    """
    require(by, POWER)
    _must_be_known(instrument)
    # A browser sends other line ends than the file has: the text is the same.
    raw = raw.replace(b"\r\n", b"\n")
    read = parse_parties(raw)
    before = queries.of(instrument)
    if read.as_of > timezone.now().date():
        raise PartiesFromTheFuture(f"nothing was taken: the facts are said to be of {read.as_of}")
    if read.as_of < before.parties.as_of:
        raise OlderParties(
            f"nothing was taken: the facts are of {read.as_of}, and those in use of {before.parties.as_of}"
        )
    differences = parties_differences(before.parties, read)
    if not differences:
        raise SameParties("nothing was taken: the file says what is in use already")
    text = raw.decode()
    return Offer(instrument, text, read, before, differences, _shown(instrument, text))


def take(instrument: str, raw: bytes, *, shown: str, source: str, by: Official) -> Taken:
    """Put facts into use exactly as they were shown.

    Args:
        instrument: Id of the instrument.
        raw: The file.
        shown: What ``offer`` gave when the difference was shown.
        source: Where the file comes from: a register, a letter, a publication.
        by: The official who read the difference.

    Raises:
        NoSource: It was not said, in one line, where they come from.
        PartiesMoved: Text or facts in use are no longer those that were shown.
        OurFault: As ``offer``.
    """
    source = source.strip()
    if not readable(source, most=LONGEST_SOURCE):
        raise NoSource("nothing was taken: it is not said in one readable line where the facts come from")
    found = offer(instrument, raw, by=by)
    if found.shown != shown:
        raise PartiesMoved("nothing was taken: the text, or what is in use, is no longer what was shown")
    said = {
        "text": found.text,
        "sha256": sha256(found.text.encode()).hexdigest(),
        "as_of": found.parties.as_of,
        "source": source,
        "before": found.before.taken,
    }
    return _decide(instrument, said, by=by)


def take_back(instrument: str, *, by: Official, to_shipped: bool = False, shown: int | None = None) -> Taken:
    """Use again what was in use before the text in use now, or what ships. Both stay in the history.

    Args:
        instrument: Id of the instrument.
        by: The official who decides it.
        to_shipped: Go back to what ships, whatever was in use between.
        shown: The number of the decision they saw in use; None where it is not checked.

    Raises:
        NotEmpowered: The official does not answer for what is known of the Parties.
        NoSuchInstrument: No instrument of that id is known here.
        NothingTaken: This node took nothing that could be taken back.
        PartiesMoved: Another decision was made meanwhile.
    """
    require(by, POWER)
    _must_be_known(instrument)
    latest = queries.history(instrument).first()
    if latest is None or not latest.sha256:
        raise NothingTaken(
            f"nothing was taken back: this node uses what ships of the Parties to {instrument}"
        )
    if shown is not None and shown != latest.number:
        raise PartiesMoved("nothing was taken back: another decision was made meanwhile")
    again = None if to_shipped else latest.before
    kept = ("text", "sha256", "as_of", "source", "before")
    said = {name: getattr(again, name) for name in kept} if again else {}
    return _decide(instrument, {**said, "taken_back": True}, by=by)


def _decide(instrument: str, said: dict[str, Any], *, by: Official) -> Taken:
    latest = queries.history(instrument).first()
    try:
        with transaction.atomic():
            row = Taken.objects.create(
                instrument=instrument,
                number=latest.number + 1 if latest else 1,
                by=by,
                office=require(by, POWER).office,
                **said,
            )
            did = "parties.taken_back" if row.taken_back else "parties.taken"
            Journal.objects.create(official=by, did=did, about=str(row))
    except IntegrityError as moved:
        raise PartiesMoved("nothing was changed: a colleague decided at the same moment") from moved
    return row


def _shown(instrument: str, text: str) -> str:
    latest = queries.history(instrument).values_list("number", "sha256").first()
    return sha256("\n".join([instrument, str(latest), text]).encode()).hexdigest()


def _must_be_known(instrument: str) -> None:
    if instrument not in library():
        known = ", ".join(library())
        raise NoSuchInstrument(
            f"nothing was changed: no instrument {instrument[:80]!r} is known here", hint=f"known: {known}"
        )
