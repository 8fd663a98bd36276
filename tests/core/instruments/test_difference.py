"""What changed between two editions is found, and nothing else is."""

from __future__ import annotations

from comity.instruments import Difference, Instrument, differences, library, parse_instrument, texts

FILES = texts()["us-ru-1999"]
MLAT = library()["us-ru-1999"]


def edited(old: str, new: str, *, file: str = "instrument.toml") -> Instrument:
    """The treaty with one passage replaced."""
    text = FILES[file].decode()
    assert old in text
    return parse_instrument({**FILES, file: text.replace(old, new, 1).encode()})


def only(found: list[Difference]) -> Difference:
    """The one difference there is."""
    (one,) = found
    return one


def test_an_edition_does_not_differ_from_itself() -> None:
    """A difference that is none would send a lawyer looking for it."""
    assert [] == differences(MLAT, MLAT)
    assert [] == differences(MLAT, edited("# --- identity", "# --- the identity"))


def test_a_better_mark_is_named_with_what_it_was() -> None:
    """A mark that rises is what a lawyer signs for, one that falls is what officials must hear of."""
    row = 'id       = "purpose"\nlabel    = "Purpose of the assistance"'
    why = MLAT.field("purpose").why
    old = f'{row}\nwhy      = "{why}"\nneeded   = "always"\n'
    old += 'procedures = ["assistance", "preservation"]\nbasis    = "Art. 5"\nverified = "P"'
    new = old.replace('"Art. 5"', '"Art. 5(1)"').replace('"P"', '"V"')

    found = only(differences(MLAT, edited(old, new)))

    assert ("field purpose", "changed") == (found.place, found.change)
    assert [("basis", "Art. 5", "Art. 5(1)"), ("verified", "P", "V")] == [
        (one.key, one.before, one.after) for one in found.keys
    ]


def test_a_row_that_is_gone_and_one_that_is_new_are_both_named() -> None:
    """What an edition silently drops is what the other side will rely on."""
    renamed = edited('id       = "purpose"', 'id       = "aim"')

    found = {one.place: one.change for one in differences(MLAT, renamed)}

    assert {"field purpose": "removed", "field aim": "added"} == found


def test_a_change_of_a_procedure_is_found_where_it_tells_and_not_at_every_act() -> None:
    """A provision narrows one row; the acts and states of the table stay as they were."""
    old = (
        'act      = "refused"\nfrom     = ["in_consultation"]\nafter    = ["consulted"]\nbasis    = "Art. 4"'
    )
    changed = edited(old, old.replace("Art. 4", "Art. 4(2)"), file="assistance.toml")

    found = differences(MLAT, changed)

    assert ["assistance/row refused-requested"] == [one.place for one in found]
    assert [("basis", "Art. 4", "Art. 4(2)")] == [
        (one.key, one.before, one.after) for one in only(found).keys
    ]


def test_the_head_of_an_edition_is_compared_too() -> None:
    """An edition is told from the one before by its number and its day."""
    found = only(differences(MLAT, edited('edition    = "1"', 'edition    = "2"')))

    assert ("instrument", "edition") == (found.place, found.keys[0].key)


def test_two_instruments_are_compared_as_two_editions_are() -> None:
    """In what two treaties of a family differ is asked as often as in what a treaty changed."""
    found = differences(library()["charter"], MLAT)

    assert {"added", "removed", "changed"} == {one.change for one in found}
    assert "Art. 4" in {one.said.get("basis") for one in found if one.change == "added"}
