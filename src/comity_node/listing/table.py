"""The frame of a list: its sortable head, its pages, and the addresses that keep what was filtered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlencode

from comity_node.listing.export import FORMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Model, QuerySet
    from django.http import QueryDict

_Row = TypeVar("_Row", bound="Model")
_MOST_PAGES: Final = 10**8


def address(said: QueryDict, **changed: object) -> str:
    """The same list with something changed; another sort or filter begins at its first page."""
    kept = [
        (name, value) for name, values in said.lists() for value in values if name not in {*changed, "page"}
    ]
    return "?" + urlencode([*kept, *((name, str(value)) for name, value in changed.items())])


def page_number(said: QueryDict, name: str = "page") -> int:
    """The page that is asked for, counted from one; the first where no number makes sense.

    Args:
        said: The address as asked.
        name: What the page is called there, where several lists stand on one page.
    """
    page = said.get(name, "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    return min(max(number, 1), _MOST_PAGES)


def head(
    said: QueryDict, columns: Iterable[tuple[str, str]], *, sort: str, numbers: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """The head of a sortable table; see ``web/parts/columns.html``.

    Args:
        said: The address as asked.
        columns: Name and label of each; a column without a name is not sorted by.
        sort: What the list is sorted by now: a name, with a hyphen for the reverse order.
        numbers: The columns that hold numbers.
    """
    directions = {True: "descending", False: "ascending"}
    return [
        {
            "label": label,
            "href": address(said, sort=f"-{name}" if sort == name else name) if name else "",
            "sorted": directions[sort.startswith("-")] if name and sort.lstrip("-") == name else "",
            "number": name in {*numbers},
        }
        for name, label in columns
    ]


def pages(said: QueryDict, *, number: int, size: int, total: int, name: str = "page") -> dict[str, Any]:
    """Where a page stands in its list, and its neighbours; see ``web/parts/pages.html``."""
    first, last = (number - 1) * size, min(number * size, total)
    return {
        "first": min(first + 1, total),
        "last": last,
        "total": total,
        "previous_href": address(said, **{name: number - 1}) if number > 1 else "",
        "next_href": address(said, **{name: number + 1}) if last < total else "",
    }


def page_of(
    said: QueryDict, rows: QuerySet[_Row] | list[_Row], *, size: int
) -> tuple[list[_Row], dict[str, Any]]:
    """The rows of the page that is asked for, or of the last there is, and where it stands among all."""
    total = len(rows) if isinstance(rows, list) else rows.count()
    number = nearest_page(page_number(said), size=size, total=total)
    part = list(rows[(number - 1) * size : number * size])
    return part, pages(said, number=number, size=size, total=total)


def from_the_end(said: QueryDict, *, size: int, total: int) -> tuple[int, int, dict[str, Any]]:
    """The page asked for of rows that stand oldest first, when the first page asked for is the latest.

    Returns:
        Where it begins and where it ends, and its neighbours: the earlier one holds what is older.
    """
    number = nearest_page(page_number(said), size=size, total=total)
    stop = total - (number - 1) * size
    start = max(0, stop - size)
    place = {
        "first": min(start + 1, total),
        "last": stop,
        "total": total,
        "previous_href": address(said, page=number + 1) if start else "",
        "next_href": address(said, page=number - 1) if number > 1 else "",
    }
    return start, stop, place


def nearest_page(number: int, *, size: int, total: int) -> int:
    """The page asked for, or the last there is."""
    return max(1, min(number, -(-total // size)))


def exports(said: QueryDict, where: Callable[[str], str]) -> list[dict[str, str]]:
    """A link for each form the list is exported in, filtered as it is now; ``where`` gives its address."""
    query = said.urlencode()
    return [{"label": form.upper(), "href": where(form) + (f"?{query}" if query else "")} for form in FORMS]
