"""The case file of a request, to be printed: what both parties hold of it, in order, with its proofs.

Headings are in the language asked for, as far as this node has it; every text stands in its own language and
in its translation, side by side where both are short. Internal notes, drafts and approvals are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from comity import custody
from comity.errors import ComityError
from comity.markings import UNREADABLE
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import parse_note
from comity_node.assistance import attached, chronology, letterhead, lettering, letters, marking, translations
from comity_node.assistance.detail import detail
from comity_node.assistance.errors import FileTooLong
from comity_node.letters.letter import Line
from comity_node.letters.paper import LAYOUT, Paper, Section
from comity_node.letters.setting import set_pages
from comity_node.register import payloads
from comity_node.register import queries as register
from comity_node.register.describing import describe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from comity.instruments import Instrument
    from comity.markings import Marking
    from comity.names import EntryRef
    from comity_node.assistance.attached import Beside
    from comity_node.assistance.content import Named
    from comity_node.assistance.detail import Detail, Said, Shown
    from comity_node.assistance.models import Request
    from comity_node.officials.models import Official
    from comity_node.register.describing import Described

MOST_ENTRIES: Final = 300

file_name = letters.file_name


def language(asked: str, reader: Official) -> str:
    """The language asked for, or the reader's own, as far as this node has pages in it."""
    return letters.language_of(asked[:35], letters.language_of(reader.language))


def of_request(row: Request, chosen: str) -> bytes:
    """The case file of a request as PDF.

    Raises:
        FileTooLong: It has more entries or exhibits than a document can hold; nothing is left out in silence.
        ComityError: It cannot be set here: no font, too much text, or no text of the instrument.
    """
    found = detail(row.channel, row.ref, row.kinds)
    if found is None or found.size > MOST_ENTRIES:
        count = found.size if found else 0
        raise FileTooLong(
            f"no case file was made: {row.ref} has {count:,} entries, of {MOST_ENTRIES} at most"
        )
    with translation.override(chosen):
        paper = _paper(row, found, timezone.now())
        return set_pages(paper.for_template(), LAYOUT, now=timezone.now(), fonts=letters.fonts())


def _paper(row: Request, found: Detail, now: datetime) -> Paper:
    said = found.said(0, found.size)
    opening = said[found.opened_at or 0]
    exhibits = _exhibits_of(row, said)
    later = attached.beside(row.channel, [one.entry.ref for one in said])
    bearing = [
        *(one.content.held_as for one in said),
        *(by.content.held_as for beside in later.values() for by in beside.shown),
        *exhibits.markings,
    ]
    sections = (
        _request(found, opening),
        *_acts(found, said, later),
        _clocks(found, now),
        *_exhibits(exhibits),
        *_verification(row, said),
    )
    shown = [part for section in sections for part in section.parts]
    marks = [found.instrument.identity_verified.value, *(one.entry.verified for one in said)]
    return Paper(
        language=translation.get_language() or "en",
        title=opening.content.title or _("Without a title"),
        over=_("Case file %(ref)s") % {"ref": row.ref},
        running=f"{row.ref} · {row.channel}",
        marking=marking.in_one_line(bearing),
        stamp=_("EXERCISE") if row.exercise else "",
        notices=_notices(row),
        facts=_cover(row, found, marking.of_all(bearing), now),
        sections=sections,
        legend=lettering.marks(shown, *(mark for mark in marks if mark and mark != lettering.READ)),
        phrases={
            "page": _("{page} of {pages}"),
            "contents": _("Contents"),
            "blank": _("Not stated"),
            "stamp": _("EXERCISE, nothing real is asked") if row.exercise else "",
        },
    )


def _notices(row: Request) -> tuple[str, ...]:
    parties = {"party": settings.NODE.party.upper()}
    lines = [
        _(
            "This file holds what both parties hold. Internal notes, drafts and approvals are left out; they "
            "have not crossed the border."
        ),
        _("Made from the record by %(party)s. It proves nothing by itself: its last part says how to verify.")
        % parties,
    ]
    return (_("EXERCISE. Nothing real is asked."), *lines) if row.exercise else tuple(lines)


def _cover(row: Request, found: Detail, marked: list[str], now: datetime) -> tuple[Line, ...]:
    instrument = found.instrument
    identity = instrument.identity_verified.value
    under = lettering.named_in(instrument.title, instrument.short)
    running = [one for one in found.clocks if one.state == "running"]
    lines = [
        Line(_("Reference"), row.ref),
        Line(_("Strictest marking of anything in it"), "\n".join(marked)),
        Line(_("Requesting"), "\n".join(letterhead.who(row.requesting, None))),
        Line(_("Requested"), "\n".join(letterhead.who(row.requested, None)) if row.requested else ""),
        Line(_("Under"), under + ("" if identity == lettering.READ else f" [{identity}]")),
        Line(
            _("Provision"), row.basis + ("" if row.verified in ("", lettering.READ) else f" [{row.verified}]")
        ),
        Line(_("Edition"), f"{instrument.edition} ({instrument.digest[:16]})"),
        Line(_("Standing"), _(row.label) if row.state else _("Not begun")),
        Line(_("Clocks"), "\n".join(f"{one.due_at:%Y-%m-%d %H:%M} UTC · {one.label}" for one in running)),
        Line(_("Entries"), str(found.size)),
        Line(_("Channel"), row.channel),
        Line(_("Made"), f"{now:%Y-%m-%d %H:%M} UTC"),
    ]
    return tuple(line for line in lines if line.text)


@dataclass(frozen=True, slots=True)
class Exhibits:
    """The exhibits of a file: as its acts name them, their acts of custody, and how each was announced.

    ``announced`` goes by reference; it has None for one whose announcement cannot be read any more.
    """

    named: tuple[Named, ...]
    acts: tuple[Described, ...]
    announced: Mapping[str, custody.Announcement | None]

    @property
    def markings(self) -> Iterator[Marking]:
        """How they are marked; RED where that cannot be read."""
        return (one.marking if one else UNREADABLE for one in self.announced.values())


def _exhibits_of(row: Request, said: list[Said]) -> Exhibits:
    """Every exhibit that an act of the request names or that was added for it.

    Raises:
        FileTooLong: They are more than a document can hold.
    """
    named = tuple(dict.fromkeys(named for one in said for named in one.content.exhibits))
    received, is_all = chronology.custody_of(row.channel, row.ref, (one.entry for one in named))
    if not is_all or any(one.content.exhibits_left for one in said):
        raise FileTooLong(
            f"no case file was made: {row.ref} has more exhibits than {chronology.MOST_EXHIBITS}, or more"
            f" acts of their custody than {chronology.MOST_CUSTODY:,}"
        )
    announcements = [one for one in received if one.entry.kind == f"{custody.KINDS}.added"]
    opened = {one.entry.ref: _announced(sealed) for one, sealed in payloads.sealed_payloads(announcements)}
    return Exhibits(named, tuple(describe(row.channel, received)), opened)


def _announced(sealed: bytes | None) -> custody.Announcement | None:
    try:
        return custody.read(payloads.document(sealed or b""), custody.Announcement)
    except ComityError:
        return None


def _request(found: Detail, opening: Said) -> Section:
    return Section(
        _("The request as sent"),
        notes=(_("Original and translation, each under the article that asks for it."),),
        facts=_facts(opening),
        parts=lettering.parts(opening.content, found.instrument),
    )


def _acts(found: Detail, said: list[Said], later: Mapping[EntryRef, Beside]) -> Iterator[Section]:
    yield Section(_("Every act in order"), notes=(_("In the order both parties read them."),))
    for place, one in enumerate(said):
        opens = place == found.opened_at
        yield Section(
            f"{place + 1}. {one.entry.title} · {one.entry.ref.origin.party.upper()}",
            level=2,
            notes=(_("Its content stands in the part before."),) if opens else (),
            facts=_facts(one),
            parts=() if opens else lettering.parts(one.content, found.instrument),
        )
        if beside := later.get(one.entry.ref):
            yield from _translations(place + 1, one, beside, found.instrument)


def _translations(number: int, of: Said, beside: Beside, instrument: Instrument) -> Iterator[Section]:
    """What was attached to an act later, each beside the original, and how many more there are."""
    for by in beside.shown:
        translated = {name for name, _text in by.content.translation}
        texts = tuple(part for part in of.content.texts if part[0] in translated)
        together = replace(by.content, texts=texts, language=of.content.language)
        facts = (
            Line(_("Done"), f"{by.at:%Y-%m-%d %H:%M} UTC"),
            Line(_("By"), by.by),
            *(Line(label, value) for label, value in (*translations.words(together), *by.content.marking)),
            Line(_("Entry"), str(by.ref), code=True),
        )
        heading = _("%(number)s. Translation attached later") % {"number": number}
        yield Section(
            f"{heading} · {by.party.upper()}",
            level=2,
            facts=facts,
            parts=lettering.parts(together, instrument),
        )
    for one in beside.left:
        said = {"number": number, "count": one.count, "party": one.party.upper()}
        note = _("More translations of act %(number)s on record, by %(party)s: %(count)s.") % said
        yield Section(_("Not printed"), level=2, notes=(note,))


def _facts(one: Said) -> tuple[Line, ...]:
    entry, content = one.entry, one.content
    absent = {
        "erased": _("erased; entry and proof stand"),
        "unreadable": _("cannot be read; it stands as sent"),
    }
    lines = [
        *_of_entry(entry),
        *(Line(label, value) for label, value in entry.stated),
        *(Line(label, value) for label, value in content.marking),
        Line(_("Title"), content.title),
        Line(_("Content"), absent.get(content.state, "")),
        Line(_("Exhibits named"), "\n".join(named.title or named.entry for named in content.exhibits)),
    ]
    return tuple(line for line in lines if line.text)


def _of_entry(entry: Shown | Described) -> tuple[Line, ...]:
    mark = "" if entry.verified in ("", lettering.READ) else f" [{entry.verified}]"
    receipt = f"{entry.receipt.at:%Y-%m-%d %H:%M} UTC" if entry.receipt else _("not receipted yet")
    lines = (
        Line(_("Done"), f"{entry.at:%Y-%m-%d %H:%M} UTC"),
        Line(_("By"), entry.by),
        Line(_("Article"), entry.article + mark if entry.article else ""),
        Line(_("Receipted"), receipt),
        Line(_("No effect"), entry.irregular),
        Line(_("Entry"), str(entry.ref), code=True),
    )
    return tuple(line for line in lines if line.text)


def _clocks(found: Detail, now: datetime) -> Section:
    def said(state: str, due_at: datetime) -> str:
        return _("met") if state == "met" else _("missed") if due_at < now else _("running")

    lines = tuple(
        Line(one.label, f"{one.due_at:%Y-%m-%d %H:%M} UTC · {said(one.state, one.due_at)} · {one.article}")
        for one in found.clocks
    )
    return Section(_("Clocks"), facts=lines, notes=() if lines else (_("No clock was started."),))


def _exhibits(exhibits: Exhibits) -> Iterator[Section]:
    acts = sorted(exhibits.acts, key=lambda one: one.procedure)
    by_entry = {one.entry: one for one in exhibits.named if one.entry}
    named = tuple(Line(one.title or one.entry, one.sha256, code=True) for one in exhibits.named)
    notes = () if named or acts else (_("No exhibit is named."),)
    yield Section(_("Exhibits and their custody"), facts=named, notes=notes)
    for ref, of_one in groupby(acts, key=lambda one: one.procedure):
        chain = list(of_one)
        known = next((by_entry[str(one.ref)] for one in chain if str(one.ref) in by_entry), None)
        announced = exhibits.announced.get(ref)
        name = custody.name_to_show(announced.name) if announced else known.title if known else ""
        digest = announced.sha256 if announced else known.sha256 if known else ""
        lines = [Line(_("SHA-256"), digest, code=True)] if digest else []
        if announced:
            lines += [Line(_("Marking"), "\n".join(marking.of_all([announced.marking])))]
        lines += [
            Line(
                one.title,
                f"{one.at:%Y-%m-%d %H:%M} UTC\n{one.by}\n{one.ref.origin.party.upper()} {one.ref.index}",
            )
            for one in chain
        ]
        title = f"{ref} · {name}" if name else ref
        yield Section(title, level=2, facts=tuple(line for line in lines if line.text))


def _verification(row: Request, said: list[Said]) -> Iterator[Section]:
    how = _(
        "To verify without trusting this paper or its maker: have the channel exported (comity export), and "
        "run comity verify on the export. It recomputes every hash and signature; the leaf hash of each "
        "entry and the root of each checkpoint must be those printed here."
    )
    yield Section(_("How to verify"), notes=(how,))
    yield Section(
        _("Checkpoints"),
        level=2,
        facts=tuple(
            Line(log.party.upper(), _checkpoint(bytes(log.checkpoint)), code=True)
            for log in register.channel_logs(row.channel)
            if log.checkpoint
        ),
    )
    hashes = tuple(
        Line(f"{_short(one)}", f"{one.entry.ref}\n{one.entry.leaf_hash}", code=True) for one in said
    )
    yield Section(_("Entries and leaf hashes"), level=2, facts=hashes)


def _checkpoint(note: bytes) -> str:
    told = Checkpoint.parse(parse_note(note).text)
    return f"{told.origin}\n{told.size}\n{told.root.hex()}"


def _short(one: Said) -> str:
    return f"{one.entry.ref.origin.party.upper()} {one.entry.ref.index}"
