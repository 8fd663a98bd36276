"""What can be found: kept in step with the record by whatever projects it.

Nothing is decided here. A passage says what an entry says in the clear and what its payload said when it was
last projected; rebuilding gives the same rows to the byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, Exists, F, OuterRef, Value, When

from comity.errors import ComityError
from comity.names import EntryRef, Origin
from comity_node.finding.words import tokens
from comity_node.register import models, payloads, rooms
from comity_node.register.projections import keep
from comity_node.register.queries import AT_ONCE, Received, of_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from comity_node.register.rooms import Head, Room

    Document = Callable[[bytes], dict[str, Any]]

# Of one entry. A counterpart may seal megabytes; nobody seeks a case by its twenty-thousandth letter.
LONGEST: Final = 20_000
MOST_TOKENS: Final = 6_000
HEAD: Final = -1
_MOST_VALUES: Final = 2_000
_LONGEST_TITLE: Final = 200
_BY: Final = ("channel", "ref", "kinds", "origin", "index")


def project(room: Room, channel: str, refs: set[str]) -> None:
    """Have a room project these procedures, bring up to date what is found of them, and tell who follows."""
    with payloads.opened_once() as document:
        room.project(channel, refs)
        if room.heads is not None:
            ordered = sorted(refs)
            for start in range(0, len(ordered), AT_ONCE):
                some = ordered[start : start + AT_ONCE]
                if not room.indexes:
                    _keep(_unindexed(channel, some, room.prefix), room.prefix, document)
                _keep_heads(channel, some, room.prefix, room.heads(channel, some))
    rooms.tell(channel, room.prefix, refs)


def index(kinds: str, received: Iterable[Received]) -> None:
    """Index entries of a room that knows by itself which are new, or lost or regained their content."""
    with payloads.opened_once() as document:
        _keep(received, kinds, document)


def _keep(received: Iterable[Received], kinds: str, document: Document) -> None:
    """Index these entries; many are opened within memory."""
    sealed = payloads.sealed_payloads(received)
    portion: list[models.Passage] = []
    for one, content in sealed:
        portion.append(_of_entry(one, kinds, content, document))
        if len(portion) == AT_ONCE:
            keep(portion, by=_BY)
            portion = []
    keep(portion, by=_BY)


def _unindexed(channel: str, refs: Sequence[str], kinds: str) -> Iterator[Received]:
    """Entries of which no passage says what is held now: new ones, and what lost or regained its content."""
    held = models.Payload.objects.filter(sha256=OuterRef("payload"), sealed__isnull=False)
    indexed = models.Passage.objects.filter(
        channel=channel,
        ref=OuterRef("ref"),
        kinds=kinds,
        origin=OuterRef("log__origin"),
        index=OuterRef("index"),
        payload=OuterRef("held"),
    )
    rows = of_kind(models.Entry.objects.filter(log__channel=channel, ref__in=refs), f"{kinds}.")
    rows = rows.annotate(held=Case(When(Exists(held), then=F("payload")), default=Value("")))
    for row in rows.filter(~Exists(indexed)).select_related("log").order_by("pk").iterator(AT_ONCE):
        ref = EntryRef(Origin.parse(row.log.origin), row.index)
        yield Received(ref, row.log.ours, row.depth, bytes(row.leaf), None, None, row.stored_at)


def _of_entry(one: Received, kinds: str, sealed: bytes | None, document: Document) -> models.Passage:
    entry, said = one.entry, _said(sealed, document)
    text = _text(said)
    stated = [value for values in entry.stated.values() for value in _listed(values)]
    header = [entry.ref, entry.kind.replace("_", " "), one.leaf_hash, *stated]
    header += [entry.by.office, entry.by.capacity]
    header += [entry.by.second.office, entry.by.second.capacity] if entry.by.second else []
    return models.Passage(
        channel=one.ref.origin.channel,
        kinds=kinds,
        ref=entry.ref,
        origin=str(one.ref.origin),
        index=one.ref.index,
        sort="entry",
        kind=entry.kind,
        party=one.party,
        ours=one.ours,
        at=entry.authored_at,
        title=_line(said.get("title")),
        text=text,
        tokens=_tokens([*header, text], _marks("entry", one.ref.origin.channel, kinds, ours=one.ours)),
        payload=entry.payload.sha256 if sealed is not None and entry.payload else "",
    )


def _keep_heads(channel: str, refs: Sequence[str], kinds: str, heads: Iterable[Head]) -> None:
    rows = [_of_head(one, channel, kinds) for one in heads]
    keep(rows, by=_BY)
    gone = {*refs} - {one.ref for one in rows}
    if gone:
        models.Passage.objects.filter(channel=channel, kinds=kinds, ref__in=gone, index=HEAD).delete()


def _of_head(one: Head, channel: str, kinds: str) -> models.Passage:
    text = "\n".join(filter(None, one.words))[:LONGEST]
    return models.Passage(
        channel=channel,
        kinds=kinds,
        ref=one.ref,
        index=HEAD,
        sort=one.sort,
        party=one.party,
        ours=one.ours,
        at=one.at,
        standing=one.standing,
        final=one.final,
        title=_line(one.title),
        text=text,
        tokens=_tokens([one.ref, one.title, text], _marks(one.sort, channel, kinds, ours=one.ours)),
    )


def _marks(sort: str, channel: str, kinds: str, *, ours: bool) -> list[str]:
    """What a search is narrowed by, as words that nobody can type: those of people begin with no low line."""
    return [
        mark("sort", sort),
        mark("in", channel),
        mark("of", kinds),
        mark("side", "ours" if ours else "theirs"),
    ]


def mark(what: str, value: str) -> str:
    """A word that says by what a passage can be narrowed down."""
    return f"_{what}_" + "".join(letter if letter.isalnum() else "_" for letter in value) + "_"


def _tokens(texts: Iterable[str], marks: Sequence[str]) -> str:
    return " ".join([*tokens("\n".join(texts), MOST_TOKENS), *marks])


def _said(sealed: bytes | None, document: Document) -> dict[str, Any]:
    """What a payload says; nothing where it cannot be read. A hostile one must not stop a projection."""
    if sealed is None:
        return {}
    try:
        return document(sealed)
    except ComityError:
        return {}


def _text(said: dict[str, Any]) -> str:
    """The texts in a payload, wherever they stand in it, as far as they are indexed."""
    found: list[str] = []
    length = 0
    for text in _texts(said):
        found.append(text[: LONGEST - length])
        length += len(found[-1]) + 1
        if length >= LONGEST or len(found) == _MOST_VALUES:
            break
    return "\n".join(found)


def _texts(said: object) -> Iterator[str]:
    """Every text in a document, in order. Nesting costs a place in a list, not a call."""
    left = [said]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            left.extend(reversed([*value.values()]))
        elif isinstance(value, list):
            left.extend(reversed(value))
        elif isinstance(value, str) and value.strip():
            yield _plain(value)


def _line(value: object) -> str:
    return (
        " ".join(_plain(value[: 4 * _LONGEST_TITLE]).split())[:_LONGEST_TITLE]
        if isinstance(value, str)
        else ""
    )


def _plain(text: str) -> str:
    """Databases hold no NUL and no half of a pair, and nobody could read one."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value
