"""Revealing objects of a list, and verifying what was revealed: by an act, by an answer, by a file.

Pages and the command call the same functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity import protected
from comity.errors import ComityError
from comity.names import EntryRef
from comity_node.protected_objects import queries
from comity_node.protected_objects.errors import (
    BeginningNotOne,
    ListNotKept,
    ProofDoesNotHold,
    TooManyRevealed,
)
from comity_node.protected_objects.judging import check_narrow
from comity_node.protected_objects.services import act_on, salted_of
from comity_node.protected_objects.touching import leaves_touched
from comity_node.register import payloads, proofs
from comity_node.register import queries as register

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity_node.protected_objects.models import Keeping, ProtectedList
    from comity_node.register.acts import Act

_CANDIDATES: Final = 10


def kept_of(row: ProtectedList) -> Keeping:
    """The objects and salts of the version in force of a list of ours.

    Raises:
        ListNotKept: They are not on this node.
    """
    kept = queries.kept(row.channel, row.ref, row.root)
    if kept is None:
        raise ListNotKept(f"nothing was revealed: the objects and salts of {row.ref} are not kept here")
    return kept


def reveals(row: ProtectedList, leaves: Sequence[str]) -> tuple[protected.Reveal, ...]:
    """Reveal objects of the version in force of a list of ours.

    Args:
        row: The list.
        leaves: The leaf hashes of the objects, in hexadecimal.

    Raises:
        ListNotKept: Their salts are not on this node.
        BadObject: The list has no such object.
        TooManyRevealed: They are more than one act may reveal.
    """
    most = protected.MOST_REVEALED
    if len(leaves) > most:
        raise TooManyRevealed(
            f"nothing was revealed: {len(leaves):,} objects of {row.ref}, and at most {most} at once"
        )
    kept = kept_of(row)
    salted = salted_of(kept)
    tree = protected.Tree.over(salted, map(bytes.fromhex, kept.document["padding"]))
    by_leaf = {one.leaf.hex(): one for one in salted}
    missing = next((leaf for leaf in leaves if leaf not in by_leaf), None)
    if missing is not None or not leaves:
        raise protected.BadObject("nothing was revealed: the list has no such object")
    return tuple(protected.reveal(tree, by_leaf[leaf]) for leaf in leaves)


def reveals_for(row: ProtectedList, asked: Sequence[str]) -> tuple[protected.Reveal, ...]:
    """Reveal what a question about a list of ours touches; nothing, if it touches nothing.

    Raises:
        QuestionTooWide: It would be answered with much of the list.
        TooManyRevealed: It touches more objects than one act may reveal.
        ListNotKept: Their salts are not on this node.
    """
    check_narrow(asked)
    leaves = leaves_touched(kept_of(row), asked)
    return reveals(row, leaves) if leaves else ()


def leaves_of(row: ProtectedList, beginnings: Sequence[str]) -> list[str]:
    """The leaves of a list of ours that begin so, one for each beginning.

    Raises:
        ListNotKept: Its objects are not on this node.
        BeginningNotOne: A beginning is that of no leaf, or of several; these are named.
    """
    known = [one["leaf"] for one in kept_of(row).document["objects"]]
    return [
        _the_one(beginning, [leaf for leaf in known if leaf.startswith(beginning)])
        for beginning in beginnings
    ]


def _the_one(beginning: str, leaves: Sequence[str]) -> str:
    if len(leaves) == 1:
        return leaves[0]
    some = [leaf[:16] for leaf in leaves[:_CANDIDATES]] + ["…"] * (len(leaves) > _CANDIDATES)
    found = f"{len(leaves)} leaves do: {', '.join(some)}" if leaves else "no leaf of the list does"
    raise BeginningNotOne(f"nothing was revealed: one leaf should begin with {beginning[:64]!r}, and {found}")


def reveal_act(row: ProtectedList, leaves: Sequence[str], *, alert: str = "", text: str = "") -> Act:
    """The act that reveals objects of a list of ours, as it is to be signed."""
    said = protected.Revealed(reveals=reveals(row, leaves), text=text)
    return act_on(row, "revealed", said, {"version": row.version, **({"alert": alert} if alert else {})})


def reveal_file(row: ProtectedList, leaf: str) -> bytes:
    """One object with all that shows that it was on the list, as a file that stands alone.

    Raises:
        ListNotKept: It is a list of ours, and its salts are not here.
        ProofDoesNotHold: Nobody has revealed it, or what was revealed shows nothing.
    """
    if row.ours:
        said, version = reveals(row, [leaf])[0], row.version
    else:
        said, version = _of_theirs(row, leaf)
    source = register.entry(EntryRef.parse(version))
    commitment = protected.read_stated(source.entry.stated)
    assert commitment is not None, "a version that was taken states one"
    return protected.RevealFile(
        form="comity.protected-reveal/1",
        reveal=said,
        root=commitment.root.hex(),
        size=commitment.size,
        entry=version,
        proof=proofs.proof(source.ref).decode(),
    ).encode()


def _of_theirs(row: ProtectedList, leaf: str) -> tuple[protected.Reveal, str]:
    """What they revealed, as they sent it; of an object they showed with its list, worked out from that."""
    shown = queries.by_leaf(row, leaf)
    if shown is None or shown.doubt:
        raise ProofDoesNotHold("nothing was written: nothing shows that this object was on the list")
    source = register.entry(EntryRef.parse(shown.source))
    document = payloads.payload(source)
    if shown.revealed:
        return protected.read_reveals(document, source.entry.act)[shown.place], shown.version
    listing = protected.read(document, protected.Listing)
    stated = protected.read_stated(source.entry.stated)
    assert stated is not None, "a version that shows objects states a commitment"
    salted = listing.check("shown", stated)
    tree = protected.Tree.over(salted, map(bytes.fromhex, listing.padding))
    return protected.reveal(tree, salted[shown.place]), shown.version


def verify(data: bytes) -> tuple[protected.RevealFile, protected.ProtectedObject]:
    """Read a reveal somebody handed over, and hold it against the entry on our own record.

    Raises:
        MalformedReveal: It has not its form.
        NotOnTheList: It does not show what it should, or names an entry that stated another commitment.
    """
    said = protected.read_file(data)
    try:
        stated = protected.read_stated(register.entry(EntryRef.parse(said.entry)).entry.stated)
    except ComityError as wrong:
        raise protected.NotOnTheList(f"nothing is shown: {wrong}") from wrong
    if stated != said.commitment:
        raise protected.NotOnTheList("nothing is shown: the entry it names stated another commitment")
    return said, protected.check(said.reveal, stated)
