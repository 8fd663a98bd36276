"""Anna and Dora of aa may read and declare lists, Paul may not; Boris of bb, in an open channel."""

from __future__ import annotations

import pytest

from comity import protected
from comity.instruments import library
from comity.keys.salts import draw_salts
from comity_node.officials import services as officials
from comity_node.officials.models import PreparedAct
from comity_node.protected_objects import services
from comity_node.protected_objects.models import ProtectedList
from tests.node.counterpart import CHANNEL, SECONDED, open_channel

THEIRS = "bb-2026-p0001"
KIND = protected.KINDS
GRID = {
    "name": "Grid control centre North",
    "sector": "energy",
    "owner": "Northern Grid",
    "domains": ["grid.example"],
    "networks": ["192.0.2.0/24", "2001:db8:7::/48"],
    "as_numbers": ["AS64500"],
    "contact": "CERT of Arland, duty desk",
}
WATER = {"name": "Waterworks East", "sector": "drinking_water", "domains": ["water.example"]}


@pytest.fixture
def anna(hire):
    """Coordinator of aa: reads, declares, undertakes."""
    return hire("anna", "coordinator")


@pytest.fixture
def dora(hire):
    """Coordinator of aa, of another office: seconds."""
    return hire("dora", "coordinator", office="prosecution")


@pytest.fixture
def paul(hire):
    """Case officer of aa: reads the record, and no list."""
    return hire("paul", "case officer")


@pytest.fixture
def boris(db):
    """The central authority of bb, in an open channel with us."""
    return open_channel()


def objects(*said):
    """Objects in their one form."""
    return [protected.read_typed(one) for one in said]


def keeps(anna, sort="committed", *said, ref="", padded=True):
    """Write a list down."""
    stated = {"valid_until": "2027-12-31", "sought": ["hands_off"]}
    cover = services.Cover(sort, "Energy and water", "To be left alone.", stated, padded)
    return services.keep(objects(*(said or (GRID, WATER))), cover, channel=CHANNEL, by=anna, ref=ref)


def signs(act, by, second=None):
    """Sign an act, with a second officer where the table wants one; its entry."""
    done = services.sign(act, by=by)
    return officials.second(done, by=second) if isinstance(done, PreparedAct) else done


def declares(anna, dora, sort="committed", *said, **more):
    """A list of ours on record."""
    kept = keeps(anna, sort, *said, **more)
    signs(services.declaration(kept), anna, dora)
    return ProtectedList.objects.get(ref=kept.ref)


class Theirs:
    """A list of Boris's: what it holds, and what of it he sends."""

    def __init__(self, *said, padding=True):
        self.objects = objects(*(said or (GRID, WATER)))
        salts = draw_salts(len(self.objects))
        self.salted = [protected.Salted(*pair) for pair in zip(self.objects, salts, strict=True)]
        self.padding = draw_salts(protected.padding_for(len(self.objects))) if padding else []
        self.tree = protected.Tree.over(self.salted, self.padding)

    def document(self, sort):
        """The payload that declares it."""
        shown = sort == "shown"
        said = protected.Listing(
            title="Theirs",
            purpose="Peace",
            objects=protected.listed(self.salted) if shown else (),
            padding=tuple(one.hex() for one in self.padding) if shown else (),
        )
        return protected.document(said)

    def declared(self, boris, sort="shown", ref=THEIRS, payload=None, **stated):
        """Have Boris declare it; the entry."""
        charter = library()["charter"]
        said = {
            "instrument": "charter", "table": charter.digest, "requested": "aa", "sort": sort,
            "valid_until": "2027-12-31", "sought": ["hands_off"], **protected.stated(self.tree.commitment),
            **stated,
        }  # fmt: skip
        document = self.document(sort) if payload is None else payload
        return boris.does(f"{KIND}.declared", ref, stated=said, payload=document, by=SECONDED)

    def reveal(self, place=0):
        """Reveal one of its objects."""
        return protected.reveal(self.tree, self.salted[place])

    def revealed(self, boris, version, *reveals, ref=THEIRS):
        """Have Boris reveal objects; the entry."""
        said = protected.document(protected.Revealed(reveals=reveals or (self.reveal(),)))
        return boris.does(f"{KIND}.revealed", ref, stated={"version": str(version)}, payload=said)


def acts(row, name, by, second=None, said=None, **stated):
    """Do an act on a list, with words or without."""
    document = said or protected.Words(text="In words.")
    return signs(services.act_on(row, name, document, stated), by, second)
