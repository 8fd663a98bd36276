"""An instrument and its procedures as lines to be read in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity.instruments import marks, mermaid, wording
from comity_cli.tables import facts, stacked, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from comity.instruments import Cited, Footing, Instrument, Mark, Parties, Procedure, Row
    from comity_cli.origins import Known

_MARKS = "; ".join(f"{mark} {meaning}" for mark, meaning in wording.MARKS.items())


def counted(by_mark: Mapping[Mark, int]) -> str:
    """How many statements carry each mark, in a line."""
    return "  ".join(f"{mark} {count}" for mark, count in by_mark.items())


def listed(instruments: Iterable[Instrument]) -> list[str]:
    """Instruments, one a row, each with the beginning of its digest; it fits the narrowest terminal."""
    rows = [
        (
            stacked(one.id, one.short, wording.KINDS[one.kind], one.digest[:12]),
            stacked(f"{one.edition}, {one.edition_on}", one.in_force and f"   {one.in_force}"),
            *marks(one).values(),
            stacked(*(procedure.id for procedure in one.procedures)),
        )
        for one in instruments
    ]
    heads = ("instrument", "edition", *wording.MARKS, "procedures")
    drawn = table(heads, rows, whole=("edition", "procedures"))
    return [*drawn, "", f"Below an edition: in force since. Statements by mark: {_MARKS}."]


def standing(footings: Sequence[Footing]) -> list[str]:
    """What each instrument is between two parties."""
    rows = [(one.instrument.id, one.binds.value, place(one), one.because, one.verified) for one in footings]
    return table(("id", "binds", "place", "because", "mark"), rows)


def place(one: Footing) -> str:
    """Where an instrument that binds stands among the others."""
    if one.governs:
        return "governs"
    if one.yields_to:
        lieu = "; may be applied in lieu by word of both" if one.in_lieu else ""
        return f"yields to {', '.join(text.id for text in one.yields_to)}{lieu}"
    return "" if one.is_law else "no law"


def origins(known: Mapping[str, Known]) -> list[str]:
    """Of what day the facts about the Parties are, and where they come from."""
    rows = [(name, one.parties.as_of, one.origin) for name, one in known.items() if one.is_known]
    return table(("parties to", "looked up", "from"), rows)


def instrument(one: Instrument, known: Known) -> Iterator[str]:
    """An instrument, whole."""
    yield f"{one.short} ({one.id}), {wording.KINDS[one.kind]}"
    yield from facts(
        (
            *((f"title ({language})", title) for language, title in one.title.items()),
            ("edition", f"{one.edition} of {one.edition_on}"),
            ("checked by", one.checked_by),
            ("in force since", one.in_force),
            ("procedures", ", ".join(procedure.id for procedure in one.procedures)),
            ("digest", one.digest),
            ("statements", counted(marks(one))),
        )
    )
    yield f"Marks: {_MARKS}."
    for heading, heads, rows in (*_law(one), *_clocks(one)):
        if rows:
            yield from ("", heading.upper(), *table(heads, rows))
    if known.is_known:
        yield from _parties(known.parties, known.origin)


_Section = tuple[str, tuple[str, ...], list[tuple[object, ...]]]


def _source(row: Cited) -> tuple[str, Mark]:
    return row.basis, row.verified


def _noted(row: Cited) -> str:
    return f"Note: {row.note}" if row.note else ""


def _law(one: Instrument) -> Iterator[_Section]:
    """What the instrument says outside its procedures, in the order a lawyer reads it."""
    yield (
        "Identity",
        ("what", "fact", "basis", "mark"),
        [(row.label, stacked(row.value, _noted(row)), *_source(row)) for row in one.identity],
    )
    yield (
        "Articles",
        ("no.", "topic", "mark"),
        [
            (
                row.number,
                stacked(row.topic, row.out_of_scope and f"Out of scope: {row.out_of_scope}", _noted(row)),
                row.verified,
            )
            for row in one.articles
        ],
    )
    yield (
        "Types of assistance",
        ("type", "what it is", "basis", "mark"),
        [
            (
                row.id,
                stacked(row.label, "Against somebody's will" if row.coercive else "", _noted(row)),
                *_source(row),
            )
            for row in one.types
        ],
    )
    yield (
        "What a request contains",
        ("field", "what and why", "basis", "mark"),
        [
            (
                stacked(row.id, row.needed),
                stacked(row.label, row.why, row.types and f"For: {', '.join(row.types)}", _noted(row)),
                *_source(row),
            )
            for row in one.fields
        ],
    )
    yield (
        "Grounds of refusal",
        ("ground", "what it is", "basis", "mark"),
        [(stacked(row.id, row.kind), stacked(row.label, _noted(row)), *_source(row)) for row in one.grounds],
    )
    yield (
        "No grounds, or not without checking",
        ("id", "what is offered as one", "basis", "mark"),
        [(row.id, stacked(row.label, _noted(row)), *_source(row)) for row in one.not_grounds],
    )
    yield (
        "Why a request comes back",
        ("defect", "what is wrong, and the remedy", "basis", "mark"),
        [(row.id, stacked(row.label, row.remedy, _noted(row)), *_source(row)) for row in one.defects],
    )
    yield (
        "Conditions of assistance",
        ("condition", "what it is", "basis", "mark"),
        [(row.id, stacked(row.label, _noted(row)), *_source(row)) for row in one.conditions],
    )
    for subject in dict.fromkeys(row.subject for row in one.rules):
        yield (
            f"Rules on {subject.replace('_', ' ')}",
            ("rule", "what it says", "basis", "mark"),
            [(row.id, stacked(row.text, _noted(row)), *_source(row)) for row in one.rules_on(subject)],
        )
    yield (
        "Forms",
        ("form", "what it takes", "basis", "mark"),
        [
            (
                row.id,
                stacked(row.label, ", ".join(row.data).replace("_", " "), _noted(row)),
                *_source(row),
            )
            for row in one.forms
        ],
    )
    yield (
        "Precedence",
        ("yields to", "in lieu", "basis", "mark"),
        [
            (
                ", ".join(row.yields_to),
                stacked("by word of both Parties" if row.in_lieu else "never", _noted(row)),
                *_source(row),
            )
            for row in one.precedence
        ],
    )


def _clocks(one: Instrument) -> Iterator[_Section]:
    for each in one.procedures:
        yield f"Clocks: {each.title}", _CLOCKS, _clock_rows(each)


_CLOCKS: Final = ("clock", "what it is", "basis", "mark")


def _clock_rows(each: Procedure) -> list[tuple[object, ...]]:
    """The clocks of a procedure, each with what it is: a deadline of the instrument, or an agreed target."""
    return [
        (
            stacked(clock.id, each.words[clock.for_]),
            stacked(
                clock.label,
                f"{wording.CLOCKS[clock.kind]}, {wording.period(each, clock)}",
                clock.on_expiry or "Nothing follows by itself when it runs out.",
                _noted(clock),
            ),
            *_source(clock),
        )
        for clock in each.clocks
    ]


def _parties(known: Parties, origin: str) -> Iterator[str]:
    rest = "a State that is not listed is no Party" if known.complete else "of others nothing is known here"
    yield from ("", "PARTIES", f"As looked up on {known.as_of}, {origin}; {rest}.")
    yield from table(
        ("party", "name", "signed", "bound from", "until", "basis", "mark"),
        [
            (
                *(row.code, stacked(row.name, _noted(row))),
                *(row.signed or "", row.bound_from or "", row.bound_until or ""),
                *_source(row),
            )
            for row in known.parties
        ],
    )
    for heading, said in (("RESERVATIONS", known.reservations), ("DECLARATIONS", known.declarations)):
        if said:
            rows = [(row.party, row.article, stacked(row.text, _noted(row)), *_source(row)) for row in said]
            yield from ("", heading, *table(("party", "article", "says", "basis", "mark"), rows))
    if known.authorities:
        authorities = [
            (
                stacked(row.party, row.role.replace("_", " ")),
                stacked(row.name, *row.names.values(), row.office, row.address, _noted(row)),
                ", ".join(row.languages),
                *_source(row),
            )
            for row in known.authorities
        ]
        yield from ("", "AUTHORITIES")
        yield from table(("party, role", "authority", "languages", "basis", "mark"), authorities)


def procedure(one: Instrument, each: Procedure) -> Iterator[str]:
    """A procedure, whole: states, rows, clocks, and its picture as Mermaid source."""
    yield f"{each.title}, {one.short} ({one.id})"
    yield from facts(
        (
            ("edition", f"{one.edition} of {one.edition_on}"),
            ("checked by", each.checked_by),
            ("digest", one.digest),
            ("sides", f"{each.words['requesting']}, {each.words['requested']}"),
        )
    )
    yield f"Marks: {_MARKS}."
    yield from ("", "WHERE IT MAY STAND")
    yield from table(("standing", "meaning"), [(state.label, state.meaning) for state in each.states])
    for heading, crosses in (("WHO MAY DO WHAT", False), ("ACTS THAT CROSS", True)):
        rows = [_row(each, row) for row in each.rows if row.crosses is crosses]
        if rows:
            yield from ("", heading, *table(("act, by", "from, to", "only if", "basis", "mark"), rows))
    if each.clocks:
        yield from ("", "CLOCKS", *table(_CLOCKS, _clock_rows(each)))
    if each.gates:
        gates = [(stacked(gate.label, _noted(gate)), *_source(gate)) for gate in each.gates]
        yield from ("", "WHAT MUST BE ON RECORD FIRST", *table(("gate", "basis", "mark"), gates))
    yield from ("", "PICTURE, AS MERMAID SOURCE", *mermaid(each))


def _row(each: Procedure, row: Row) -> tuple[object, ...]:
    stated, second = wording.stated(each, row), wording.second(each, row)
    return (
        stacked(wording.act(row), each.words[row.by]),
        stacked(wording.came(each, row), f"→ {wording.leads(each, row)}"),
        stacked(
            *wording.requirements(each, row),
            stated and f"states: {stated}",
            second and f"second officer: {second}",
            _noted(row),
        ),
        *_source(row),
    )
