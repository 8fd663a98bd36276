"""Every statement of an instrument that has a source, by its kind and name; and how far they were verified.

A leaf is what a lawyer compares with the authentic text, what a page can be linked to, and what two editions
differ in.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from comity.instruments.citation import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from comity.instruments.citation import Cited
    from comity.instruments.model import Instrument
    from comity.instruments.procedure import Procedure

# The kinds as the TOML calls them, each with the attribute that lists them.
LISTS: Final = {
    "fact": "identity",
    "type": "types",
    "field": "fields",
    "ground": "grounds",
    "not_a_ground": "not_grounds",
    "defect": "defects",
    "condition": "conditions",
    "rule": "rules",
    "form": "forms",
    "precedence": "precedence",
    "article": "articles",
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One statement with its source.

    Attributes:
        kind: What it is: one of ``LISTS``; in a procedure ``row``, ``clock`` or ``gate``.
        name: Its id, or what it is told apart by where it has none.
        said: The statement.
        procedure: The procedure it belongs to; empty where it belongs to the instrument.
    """

    kind: str
    name: str
    said: Cited
    procedure: str = ""

    @property
    def place(self) -> str:
        """Where it stands, in words: ``rule costs``, ``assistance/row refused-requested``."""
        return f"{self.procedure}/{self.kind} {self.name}" if self.procedure else f"{self.kind} {self.name}"


def leaves(instrument: Instrument) -> Iterator[Leaf]:
    """Every statement with a source: those of the instrument, then those of its procedures."""
    for kind, attribute in LISTS.items():
        for at, said in enumerate(getattr(instrument, attribute), 1):
            name = getattr(said, "id", "") or getattr(said, "number", at)
            yield Leaf(kind, str(name), said)
    yield from chain.from_iterable(map(leaves_of, instrument.procedures))


def leaves_of(procedure: Procedure) -> Iterator[Leaf]:
    """The rows, clocks and gates of one procedure."""
    yield from (Leaf("row", row.name, row, procedure.id) for row in procedure.rows)
    yield from (Leaf("clock", clock.id, clock, procedure.id) for clock in procedure.clocks)
    for gate in procedure.gates:
        yield Leaf("gate", f"{gate.before}-{gate.requires}", gate, procedure.id)


def places(instrument: Instrument) -> Mapping[str, str]:
    """Every place by what people call the statement there, as ``plainly`` writes it.

    That is its place or its address on a page; without its procedure where no other has the same. A name that
    two statements have is nobody's.
    """
    names = [
        (name, leaf.place)
        for leaf in leaves(instrument)
        for name in {plainly(leaf.place), plainly(f"{leaf.kind} {leaf.name}")}
    ]
    times = Counter(name for name, _place in names)
    return {name: place for name, place in names if times[name] == 1}


def plainly(name: str) -> str:
    """A name of a statement without what makes no difference: ``rule costs`` is ``rule-costs``."""
    return name.strip().casefold().replace("#", "/").replace(" ", "-")


def marks(instrument: Instrument) -> Mapping[Mark, int]:
    """How many statements carry each mark, the strongest first; none is left out."""
    counted = Counter(leaf.said.verified for leaf in leaves(instrument))
    return {mark: counted[mark] for mark in Mark}
