"""Lies told between real nodes, one after another: each is refused by the right name and changes nothing.

What is misconduct by two signatures is proven by a file that holds before somebody who knows the liar's
public keys and nothing else: that is checked here, apart from any node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.lying import SORTS
from comity.errors import ComityError
from comity.mirror import ForkProof, Generation
from comity.tlog.vkey import VerifierKey

if TYPE_CHECKING:
    import random
    from collections import Counter

    from tests.two_nodes.nodes import Node

SHOWN_TO_TWO = "two_histories_shown_to_two"
ALL = (*SORTS, SHOWN_TO_TWO)


def tell(
    nodes: dict[str, Node], channels: dict[str, list[str]], told: Counter[str], chance: random.Random
) -> list[str]:
    """Tell one lie, of any sort, by anybody, in any channel; gives what should not be.

    Args:
        nodes: The nodes by party, at rest.
        channels: The parties of each channel.
        told: Counts the sorts.
        chance: Decides.
    """
    sort = chance.choice(ALL)
    told[sort.replace("_", " ")] += 1
    many = [channel for channel, parties in channels.items() if len(parties) > 2]
    channel = chance.choice(many if sort == SHOWN_TO_TWO else list(channels))
    liar, to, *others = chance.sample(channels[channel], len(channels[channel]))
    said = f"{sort} by {liar} to {to} in {channel}"
    try:
        if sort == SHOWN_TO_TWO:
            return [f"{said}: {one}" for one in _shown_to_two(nodes, channel, (liar, to, others[0]), chance)]
        return [f"{said}: {one}" for one in _told(nodes, sort, channel, (liar, to), chance)]
    except (ComityError, KeyError) as error:
        return [f"{said}: {error!r}"]


def _told(
    nodes: dict[str, Node], sort: str, channel: str, between: tuple[str, str], chance: random.Random
) -> list[str]:
    liar, to = between
    lie = nodes[liar].does("lie", sort=sort, channel=channel, to=to, seed=chance.getrandbits(32))
    if "error" in lie:
        return [f"could not be told: {lie}"]
    judged = nodes[to].does("judge", told=lie["told"], by=liar)
    *before, last = judged["became"]
    found = []
    if any(before):
        found.append(f"what came first was refused as {before}")
    if last not in lie["refused_as"]:
        found.append(f"became {last or 'taken'!r}, not {lie['refused_as']}")
    if not judged["unchanged"]:
        found.append("it was refused, and changed something")
    return found + _unproven(judged, expected="fork-proven" in lie["refused_as"])


def _shown_to_two(
    nodes: dict[str, Node], channel: str, three: tuple[str, str, str], chance: random.Random
) -> list[str]:
    """One history to one, another to another: proven once the first says what it signed for."""
    liar, one, other = three
    seeds = chance.getrandbits(32), chance.getrandbits(32)
    first, second = (
        nodes[liar].does("lie", sort="two_histories_of_one_size", channel=channel, to=to, seed=seed)["told"][
            0
        ]
        for to, seed in zip((one, other), seeds, strict=True)
    )
    signed = nodes[one].does("judge", told=[first], by=liar, show=other)
    compared = nodes[other].does("judge", told=[second, signed["shown"]], by=liar, show=one)
    also = nodes[one].does("judge", told=[first, compared["shown"]], by=liar)
    found = [f"was refused as {code}" for code in (*signed["became"], *compared["became"]) if code]
    # Who holds the longer of the two finds it; of equal length, both.
    return found + _unproven({**also, "proofs": also["proofs"] + compared["proofs"]}, expected=True)


def _unproven(judged: dict, *, expected: bool) -> list[str]:
    """What is wrong with the proofs: none where there must be one, too many, or one that fails."""
    if bool(judged["proofs"]) != expected:
        return [f"{len(judged['proofs'])} proofs of two signatures are held"]
    keys = [
        Generation(tuple(map(VerifierKey.parse, one["keys"])), since=one["since"], until=one["until"])
        for one in judged["keys"]
    ]
    proofs = [ForkProof.parse(one.encode()) for one in judged["proofs"]]
    return [] if all(proof.holds(keys) for proof in proofs) else ["the proof does not hold before a stranger"]
