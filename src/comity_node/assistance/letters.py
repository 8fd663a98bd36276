"""The formal letter of a request: the act as signed, or a draft, as a PDF with its data inside."""

from __future__ import annotations

import contextlib
from io import BytesIO
from typing import TYPE_CHECKING

import msgspec
import segno
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from comity.entries import By
from comity.errors import ComityError
from comity.lifecycle.stated import values
from comity_node.assistance import (
    boxes,
    certificates,
    content,
    drafting,
    letterhead,
    lettering,
    marking,
    services,
)
from comity_node.assistance.detail import detail
from comity_node.assistance.errors import NoLetter
from comity_node.assistance.letterhead import Said
from comity_node.letters.letter import DATA, ENTRY, PROOF, Data, Letter, Named
from comity_node.letters.setting import to_pdf
from comity_node.letters.wording import grouped
from comity_node.register import payloads, proofs, standings
from comity_node.register import queries as register
from comity_node.register.letter_key import letter_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity_node.assistance.detail import Detail
    from comity_node.assistance.models import Draft, Request


def of_request(row: Request, language: str, *, act: str = "") -> bytes:
    """The letter of a request on record, or of one act on it, signed with our certificate.

    Args:
        row: The request.
        language: Language of the labels.
        act: Entry of the act, as ``aa-12``; without, the act that opened the request.

    Raises:
        NoLetter: Nothing regular has opened it, there is no such act, or its content is not held.
        ComityError: It cannot be set or signed here.
    """
    from comity_node.letters.signing import sign  # noqa: PLC0415 - half a second that only a letter needs

    found = detail(row.channel, row.ref, row.kinds)
    at = found.opened_at if found else None
    if found is None or at is None:
        raise NoLetter(f"there is no letter of {row.ref}: nothing regular has opened the request")
    at = _place(found, act) if act else at
    (opening,) = found.said(at, at + 1)
    if opening.content.state not in ("held", "none"):
        raise NoLetter(f"there is no letter of {row.ref}: its content is {opening.content.state}")
    judged = found.folded.judgements[at]
    if judged.because:
        raise NoLetter(f"there is no letter of {row.ref}: this act had no effect: {judged.because}")
    received = register.entry(opening.entry.ref)
    entry = received.entry
    said = Said(
        table=found.folded.table,
        row=judged.row,
        act=judged.act,
        channel=row.channel,
        ref=row.ref,
        kind=entry.kind,
        author=received.party,
        addressee=row.requested if received.party == row.requesting else row.requesting,
        at=entry.authored_at,
        stated=entry.stated,
        payload=payloads.payload(received) or {},
        content=opening.content,
        received=received,
    )
    with translation.override(language):
        key, now, name = (
            letter_key(),  # first: the first letter draws it, and it is good from then on
            timezone.now(),
            ", ".join(letterhead.who(settings.NODE.party, entry.by if not said.is_copy else None)),
        )
        pdf = to_pdf(_letter(said, by=entry.by), now=now, fonts=fonts())
        return sign(pdf, key, now=now, name=name)


def _place(found: Detail, entry: str) -> int:
    """The place of an act among those of its request.

    Raises:
        NoLetter: There is none at that entry.
    """
    party, _dash, index = entry.rpartition("-")
    for place, one in enumerate(found.entries(0, found.size)):
        if (one.ref.origin.party, str(one.ref.index)) == (party, index):
            return place
    raise NoLetter(f"there is no letter of {found.ref}: it has no act at entry {entry[:60]}")


def of_draft(draft: Draft, language: str) -> bytes:
    """The letter a draft would become, marked as a draft on every page and not signed.

    Raises:
        ComityError: It cannot be set here.
    """
    table = services.table(draft)
    act = drafting.to_act(draft, table)
    addressee = ", ".join(values(act.stated, "requested")) or drafting.addressee(draft)
    said = Said(
        table=table,
        row=next((row for row in table.procedure.rows if row.act == draft.act), None),
        act=draft.act,
        channel=draft.channel,
        ref=draft.ref,
        kind=act.kind,
        author=settings.NODE.party,
        addressee=addressee,
        at=draft.updated_at,
        stated=act.stated,
        payload=act.payload or {},
        content=content.read(act.payload or {}),
    )
    with translation.override(language):
        return to_pdf(_letter(said, by=By(str(draft.author.office), "")), now=timezone.now(), fonts=fonts())


def language_of(asked: str, otherwise: str = "en") -> str:
    """The language of this node's pages that comes nearest to what was asked for."""
    try:
        return translation.get_supported_language_variant(asked)
    except LookupError:
        return otherwise


def file_name(ref: str) -> str:
    """What a letter is saved as."""
    return (
        f"{''.join(one if (one.isalnum() and one.isascii()) or one in '-_' else '_' for one in ref)[:80]}.pdf"
    )


def fonts() -> tuple[str, ...]:
    """Fonts of this node's own, for a machine where none can be installed."""
    folder = settings.NODE.path / "fonts"
    return (str(folder),) if folder.is_dir() else ()


def _letter(said: Said, *, by: By) -> Letter:
    instrument = said.table.instrument
    chosen = boxes.layout(instrument.id, said.table.procedure.id, letterhead.types(said))
    sender, addressee = letterhead.who(said.author, by), letterhead.who(said.addressee, None)
    filled = {
        "date": letterhead.when(said),
        "ref": said.ref,
        "sender": "\n".join(sender),
        "addressee": "\n".join(addressee),
    }
    parts = (
        lettering.boxed(said.content, instrument, chosen, filled)
        if boxes.boxes(chosen)
        else lettering.parts(said.content, instrument)
    )
    data = _data(said, chosen)
    exercise, is_draft = data.exercise, said.received is None
    stamp = " · ".join(filter(None, (_("EXERCISE") if exercise else "", _("DRAFT") if is_draft else "")))
    entry = str(said.received.ref) if said.received else _("draft, not on record")
    leaf_hash = said.received.leaf_hash if said.received else ""
    return Letter(
        language=translation.get_language() or "en",
        title=said.content.title or _title(said),
        form_name=boxes.name(chosen),
        sender=sender,
        addressee=addressee,
        head=letterhead.head(said),
        parts=parts,
        exhibits=tuple(_named(said.content)),
        signatories=letterhead.signatories(said.author, by) if said.received else (),
        record=letterhead.record(said) if said.received else (),
        checking=letterhead.checking() if said.received else (),
        notices=letterhead.notices(said, exercise=exercise),
        stamp=stamp,
        running=f"{said.ref} · {entry}",
        marking=marking.in_one_line([said.content.held_as]),
        code=grouped(leaf_hash, groups=letterhead.GROUPS) if leaf_hash else "",
        picture=_picture(f"{entry}\n{leaf_hash}") if leaf_hash else "",
        phrases=letterhead.phrases(exercise=exercise, is_draft=is_draft),
        legend=lettering.marks(parts, *letterhead.head_marks(said)),
        files=_files(said, data),
    )


def _title(said: Said) -> str:
    """What an act without a title of its own is: its name, and for a certificate its form."""
    rule = said.table.procedure.act_of.get(said.act)
    forms = {one.id: one for one in said.table.instrument.forms}
    chosen = forms.get(str(said.stated.get(certificates.CERTIFICATE, "")))
    if chosen is not None:
        return certificates.title(chosen)
    return _(rule.label) if rule else _("Without a title")


def _named(said: content.Content) -> Iterator[Named]:
    for one in said.exhibits:
        yield Named(one.title, one.sha256, one.entry)
    if said.exhibits_left:
        yield Named(_("%(count)s more, which the entry names") % {"count": said.exhibits_left}, "", "")


def _picture(text: str) -> str:
    """The reference and the hash as a QR code: a drawing made of squares, with no text in it."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, nl=False, border=2)
    return drawn.getvalue().decode()


def _data(said: Said, chosen: str) -> Data:
    received = said.received
    return Data(
        layout=chosen,  # type: ignore[arg-type]  # boxes gives no other
        draft=received is None,
        exercise=standings.exercised(said.channel, said.ref, said.stated),
        author=said.author,
        addressee=said.addressee,
        copy_by=settings.NODE.party if said.is_copy else "",
        channel=said.channel,
        ref=said.ref,
        kind=said.kind,
        at=received.entry.at if received else "",
        entry=str(received.ref) if received else "",
        leaf_hash=received.leaf_hash if received else "",
        instrument=said.table.instrument.id,
        edition=said.table.instrument.edition,
        table=said.table.instrument.digest,
        procedure=said.table.procedure.id,
        stated={
            name: value if isinstance(value, str) else list(value) for name, value in said.stated.items()
        },
        payload={name: msgspec.Raw(msgspec.json.encode(value)) for name, value in said.payload.items()},
    )


def _files(said: Said, data: Data) -> dict[str, str]:
    files = {DATA: data.encode().decode()}
    if said.received is not None:
        files[ENTRY] = said.received.leaf.decode()
        with contextlib.suppress(ComityError):  # no checkpoint covers it yet; its page will prove it later
            files[PROOF] = proofs.proof(said.received.ref).decode()
    return files
