"""Who may see and do what with protected objects. Reading the record is not enough to read a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import Http404

from comity import protected
from comity_node.officials import powers
from comity_node.officials.access import holds, require
from comity_node.protected_objects import queries

if TYPE_CHECKING:
    from comity_node.officials.models import Official
    from comity_node.protected_objects.models import Keeping, ProtectedList, Visit
    from comity_node.register.acts import Capacity

READ: Final = "objects.read"
SIGN: Final = "objects.sign"


def may_read(official: Official) -> None:
    """Hide the room from those who may not read lists; that there are any is told to nobody else."""
    if not holds(official, READ):
        raise Http404


def may_sign(official: Official, act: str) -> Capacity:
    """The capacity in which an official may do an act on a list; 404 for those who may not read any.

    Raises:
        NotEmpowered: They may read, and not do this.
    """
    may_read(official)
    return require(official, powers.rule(f"{protected.KINDS}.{act}").sign)


def one(official: Official, channel: str, ref: str) -> ProtectedList:
    """One list as it stands, without what is on it, for whoever may read lists."""
    may_read(official)
    found = queries.one(channel, ref)
    if found is None:
        raise Http404
    return found


def visit(official: Official, row: ProtectedList, pk: int) -> Visit:
    """An opening of this list by this official, for the reason they gave, while it lasts."""
    found = queries.visit(official, row, pk)
    if found is None:
        raise Http404
    return found


def kept(official: Official, root: str) -> Keeping:
    """A list of ours that is kept here and not declared yet, for whoever may declare it."""
    may_sign(official, "declared")
    found = queries.undeclared().filter(root=root).first()
    if found is None:
        raise Http404
    return found
