"""Tiles: their paths, which of them a tree has, and bundles of entries."""

from __future__ import annotations

import pytest

from comity.errors import EntryTooLong, MalformedTile, OutsideTree
from comity.tlog.tile import ENTRIES, Tile, decode_entries, encode_entries, new_tiles, tile_in


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1067, 8), "tile/0/x001/067.p/8"),
        (Tile(ENTRIES, 999, 255), "tile/entries/999.p/255"),
        (Tile(63, 1000), "tile/63/x001/000"),
    ],
)
def test_paths_are_written_as_the_specification_writes_them(tile, path):
    """Any client of tiled logs asks for these names and no others."""
    assert path == tile.path
    assert tile == Tile.parse(path)


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/67",
        "tile/0/x000/067",
        "tile/00/067",
        "tile/64/067",
        "tile/-1/067",
        "tile/0/067.p/0",
        "tile/0/067.p/256",
        "tile/0/067.p/08",
        "tile/0/067.p/999",
        "tile/0/001/067",
        "tile/0/x067",
        "tile/8/0/067",
        "tile/entry/067",
        "/tile/0/067",
        "tile/0/067/",
        "tile/0/067\n",
        "tile/0/../../067",
        "tile/0/٠٦٧",
        "tile/0/" + "x999/" * 7 + "999",
        "tile/0/" + "x999/" * 40 + "999",
    ],
)
def test_a_path_spelled_otherwise_is_refused(path):
    """One tile has one name, or caches and mirrors hold it twice."""
    with pytest.raises(MalformedTile):
        Tile.parse(path)


def test_the_example_of_the_specification_has_the_tiles_it_says():
    """A tree of 70,000: 273 full tiles and one of 112; one full and one of 17; one of 1."""
    tiles = list(new_tiles(0, 70_000))

    assert 273 == sum(tile.level == 0 and tile.is_full for tile in tiles)
    assert [Tile(0, 273, 112), Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1)] == tiles[273:]
    assert [Tile(0, 0), Tile(1, 0, 1)] == list(new_tiles(0, 256))


@pytest.mark.parametrize(
    ("old", "new"), [(0, 1), (255, 256), (255, 257), (511, 513), (65_535, 65_536), (300, 300)]
)
def test_growing_step_by_step_yields_the_tiles_of_growing_at_once(old, new):
    """What a log publishes must not depend on how its entries were batched."""
    at_once = {(tile.level, tile.index): tile for tile in new_tiles(0, new)}
    stepwise = {(tile.level, tile.index): tile for tile in (*new_tiles(0, old), *new_tiles(old, new))}

    assert at_once == stepwise


def test_a_tree_has_no_tile_beyond_its_size():
    """Asking for one is our mistake, not an empty tile."""
    assert Tile(0, 1, 44) == tile_in(0, 1, 300)
    for level, index in ((0, 2), (1, 1), (2, 0), (0, -1)):
        with pytest.raises(OutsideTree):
            tile_in(level, index, 300)


@pytest.mark.parametrize(
    ("level", "index", "width"), [(-2, 0, 1), (64, 0, 1), (0, -1, 1), (0, 2**63, 1), (0, 0, 0)]
)
def test_coordinates_no_tree_has_are_refused(level, index, width):
    """Numbers from outside must not reach a path or a query."""
    with pytest.raises(MalformedTile):
        Tile(level, index, width)


def test_a_bundle_returns_the_entries_as_they_were_written():
    """Entries are hashed and kept as authored, to the byte."""
    entries = [b"", b"a", b"\n" * 65_535]

    assert entries == decode_entries(encode_entries(entries), 3)


@pytest.mark.parametrize("bundle", [b"\x00", b"\x00\x02a", b"\x00\x01a\x00", b"\xff\xff"])
def test_a_bundle_that_ends_inside_an_entry_is_refused(bundle):
    """A torn delivery must not pass for a shorter one."""
    with pytest.raises(MalformedTile):
        decode_entries(bundle)


def test_a_bundle_with_another_number_of_entries_is_refused():
    """The tile's width says how many there are."""
    with pytest.raises(MalformedTile):
        decode_entries(encode_entries([b"a", b"b"]), 3)


def test_an_entry_too_long_for_its_length_is_not_written():
    """Two bytes of length hold 65,535 and not one more."""
    with pytest.raises(EntryTooLong):
        encode_entries([b"a" * 65_536])
