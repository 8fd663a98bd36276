"""What the pages of instruments show, from the core's data alone: the list, and one instrument."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from comity.custody import custody
from comity.instruments import editions, footings, known_as, library, marks
from comity_node.register.citing import anchor, instrument_address, text_address
from comity_node.web import instrument_words as words
from comity_node.web.marks import VERIFICATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from comity.instruments import Cited, Instrument, Parties, Party

_MANY: Final = 12  # of more Parties only those are shown at once that this node has to do with


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom and when a page is drawn, and what is known of the Parties.

    Attributes:
        own: Our party code.
        others: The counterparts by party code, with their names.
        on: The day.
        known: What is known of the Parties, by instrument.
        origins: Where that comes from, by instrument, as a page shows it.
    """

    own: str
    others: Mapping[str, str]
    on: date
    known: Mapping[str, Parties]
    origins: Mapping[str, dict[str, Any]]


def listed(asked: Asked) -> dict[str, Any]:
    """Every instrument, by kind: its edition, how far it was verified, and where it stands on a day."""
    texts = [*library().values(), custody()]
    by_text = _footings(texts, asked)
    rows = [
        {**head(one), "footings": by_text[one.id], "origin": asked.origins.get(one.id)}
        for one in sorted(texts, key=lambda one: one.short.casefold())
    ]
    groups = [
        {"label": label, "rows": [row for row in rows if row["kind"] == words.KINDS[kind]]}
        for kind, label in words.GROUPS.items()
    ]
    return {
        "groups": [group for group in groups if group["rows"]],
        "others": bool(asked.others),
        "on": asked.on,
        "legend": list(VERIFICATION.values()),
    }


def one_instrument(text: Instrument, asked: Asked) -> dict[str, Any]:
    """An instrument as a lawyer reads it."""
    known = asked.known
    sections = [one for one in _sections(text) if one["rows"]]
    for row in chain.from_iterable(one["rows"] for one in sections):
        row["at"] = f"{text_address(text)}#{row['anchor']}"
    return {
        "instrument": {
            **head(text),
            "checked_by": _(text.checked_by),
            "digest": text.digest,
            "titles": [
                (code, words.language(code), said)
                for code, said in text.title.items()
                if said != words.title(text)
            ],
        },
        "trail": trail(text),
        "editions": _editions(text),
        "footings": _footings([text], asked)[text.id],
        "others": bool(asked.others),
        "on": asked.on,
        "sections": sections,
        "parties": _parties(known[text.id], {asked.own, *asked.others}) if text.id in known else None,
        "origin": asked.origins.get(text.id),
        "legend": list(VERIFICATION.values()),
    }


def head(text: Instrument) -> dict[str, Any]:
    """What every page of an instrument begins with."""
    name = known_as(text)
    counted = marks(text)
    total = sum(counted.values())
    return {
        "id": text.id,
        "short": text.short,
        "title": words.title(text),
        "href": instrument_address(name),
        "kind": words.KINDS[text.kind],
        "edition": text.edition,
        "edition_on": text.edition_on,
        "in_force": text.in_force,
        "total": total,
        "shares": _shares([(mark.value, count) for mark, count in counted.items()], total),
        "procedures": [
            {"title": _(each.title), "href": instrument_address(name, procedure=each.id)}
            for each in text.procedures
        ],
    }


def _shares(counted: Iterable[tuple[str, int]], total: int) -> list[dict[str, Any]]:
    """Each mark with its count, and its part of a bar of a thousand."""
    shares, start = [], 0
    for code, count in counted:
        wide = round(1000 * count / total) if total else 0
        shares.append({"mark": VERIFICATION[code], "count": count, "start": start, "wide": wide})
        start += wide
    return shares


def _footings(texts: Iterable[Instrument], asked: Asked) -> dict[str, list[dict[str, Any]]]:
    """What each instrument is between us and every counterpart; nothing where no Parties were looked up."""
    wanted = {text.id: text for text in texts}
    beside = {**library(), **wanted}.values()
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in wanted}
    known, on = asked.known, asked.on
    for code, name in asked.others.items():
        for one in footings(beside, known, asked.own, code, on=on):
            if one.instrument.id in found and one.instrument.id in known:
                said = words.footing(one, known, (asked.own, code), on)
                found[one.instrument.id].append({"party": code, "name": name, **said})
    return found


def trail(text: Instrument, here: str = "") -> list[dict[str, str]]:
    """The way to an instrument, and to a page below it."""
    steps = [
        {"label": _("Instruments"), "href": instrument_address()},
        {"label": text.short, "href": instrument_address(known_as(text)) if here else ""},
    ]
    return [*steps, {"label": here, "href": ""}] if here else steps


def _editions(text: Instrument) -> list[dict[str, Any]]:
    """The other editions shipped, the latest first."""
    same = [one for one in editions().values() if one.id == text.id and one.digest != text.digest]
    return [
        {"edition": one.edition, "on": one.edition_on, "href": instrument_address(known_as(one))}
        for one in sorted(same, key=lambda one: one.edition_on, reverse=True)
    ]


def _sections(text: Instrument) -> list[dict[str, Any]]:
    """Everything the instrument says, in the order a lawyer reads it."""
    types = {kind.id: _(kind.label) for kind in text.types}
    return [
        _section(
            "identity",
            _("Identity"),
            [_row("fact", one.id, one, one.label, one.value) for one in text.identity],
        ),
        _section(
            "types",
            _("Types of assistance"),
            [
                _row("type", one.id, one, one.label, tag=_("against somebody's will") if one.coercive else "")
                for one in text.types
            ],
        ),
        _section(
            "contents",
            _("Contents of a request"),
            [
                _row(
                    *("field", one.id, one, one.label, one.why),
                    tag=words.NEEDED[one.needed],
                    more=[(_("For"), ", ".join(types[kind] for kind in one.types))],
                )
                for one in text.fields
            ],
        ),
        _section(
            "grounds",
            _("Grounds for refusal"),
            [
                _row("ground", one.id, one, one.label, tag=words.GROUND_KINDS[one.kind])
                for one in text.grounds
            ],
        ),
        _section(
            "no-grounds",
            _("What is not a ground, or not without checking"),
            [_row("not_a_ground", one.id, one, one.label) for one in text.not_grounds],
        ),
        _section(
            "defects",
            _("Why a request may come back as incomplete"),
            [_row("defect", one.id, one, one.label, one.remedy) for one in text.defects],
            note=_("Besides any field above that is missing."),
        ),
        _section(
            "conditions",
            _("Conditions of assistance"),
            [_row("condition", one.id, one, one.label) for one in text.conditions],
        ),
        *_rules(text),
        _section(
            "forms",
            _("Forms that accompany evidence"),
            [
                _row(
                    *("form", one.id, one, one.label),
                    more=[(_("Takes"), ", ".join(_(part.replace("_", " ")) for part in one.data))],
                )
                for one in text.forms
            ],
        ),
        _section(
            "precedence",
            _("Precedence"),
            [
                _row("precedence", str(at), one, _yields(one.yields_to), _in_lieu(in_lieu=one.in_lieu))
                for at, one in enumerate(text.precedence, 1)
            ],
        ),
        _section(
            "articles",
            _("Articles"),
            [
                _row(
                    *("article", str(one.number), one, _("Article %(number)d") % {"number": one.number}),
                    one.topic,
                    more=[(_("Out of scope"), _(one.out_of_scope) if one.out_of_scope else "")],
                )
                for one in text.articles
            ],
        ),
    ]


def _rules(text: Instrument) -> list[dict[str, Any]]:
    """The rules, a section for each subject."""
    return [
        _section(
            f"on-{subject}",
            _("Rules: %(subject)s") % {"subject": words.subject(subject)},
            [_row("rule", one.id, one, "", one.text) for one in text.rules_on(subject)],
        )
        for subject in dict.fromkeys(one.subject for one in text.rules)
    ]


def _section(name: str, label: str, rows: Sequence[dict[str, Any]], *, note: str = "") -> dict[str, Any]:
    return {"id": name, "label": label, "rows": rows, "note": note}


def _row(
    kind: str,
    name: str,
    said: Cited,
    label: str,
    text: str = "",
    *,
    tag: object = "",
    more: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:
    """One statement, with its source and what a reader may want to know beside."""
    return {
        "anchor": anchor(kind, name),
        "at": "",
        "label": _(label) if label else "",
        "text": _(text) if text else "",
        "tag": tag,
        "more": [(what, value) for what, value in more if value],
        **source(said),
    }


def source(said: Cited) -> dict[str, str]:
    """Where a statement stands in the law, and how far it was verified."""
    return {
        "basis": said.basis,
        "verified": said.verified.value,
        "note": _(said.note) if said.note else "",
    }


def _yields(names: Iterable[str]) -> str:
    known = library()
    said = [
        str(words.KINDS.get(name, "")) or (known[name].short if name in known else name) for name in names
    ]
    return _("Yields to: %(instruments)s") % {"instruments": ", ".join(said)}


def _in_lieu(*, in_lieu: bool) -> str:
    if in_lieu:
        return _("Both Parties may agree to apply it instead, each time by word of both.")
    return _("It is not applied instead.")


def _parties(known: Parties, ours: set[str]) -> dict[str, Any]:
    """Who is bound and by whom each Party acts, as looked up on a day."""
    names = {one.code: _(one.name) for one in known.parties}
    first = [one for one in known.parties if one.code in ours or len(known.parties) <= _MANY]
    said = [
        _row(
            kind,
            f"{one.party}-{one.id}",
            one,
            names[one.party],
            one.text,
            tag=what,
            more=[(_("On"), one.article)],
        )
        for kind, what, listed_ in (
            ("reservation", _("reservation"), known.reservations),
            ("declaration", _("declaration"), known.declarations),
        )
        for one in listed_
    ]
    authorities = [
        _row(
            *("authority", f"{one.party}-{at}", one, names[one.party], one.name),
            tag=_("point of contact") if one.role == "contact_point" else _("central authority"),
            more=[
                (_("In other languages"), ", ".join(one.names.values())),
                (_("Office"), _(one.office) if one.office else ""),
                (_("Address"), one.address),
                (_("Languages"), ", ".join(one.languages)),
            ],
        )
        for at, one in enumerate(known.authorities, 1)
    ]
    return {
        "as_of": known.as_of,
        "complete": known.complete,
        "first": [_party(one) for one in first],
        "rest": [_party(one) for one in known.parties if one not in first],
        "said": said,
        "authorities": authorities,
    }


def _party(one: Party) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": _(one.name),
        "signed": one.signed,
        "bound_from": one.bound_from,
        "bound_until": one.bound_until,
        **source(one),
    }
