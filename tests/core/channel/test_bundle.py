"""A delivery has one spelling: what tar can do besides, none of it is read."""

from __future__ import annotations

import io
import tarfile
import tracemalloc
from dataclasses import replace

import pytest

from comity.channel.bundle import MEMBERS, Bundle, Limits, read_bundle
from comity.errors import MalformedBundle

FULL = Bundle(
    channel="abcdefghijklmnop",
    sender="bb",
    receiver="aa",
    start=7,
    checkpoint=b"checkpoint",
    consistency=(b"\x01" * 32, b"\x02" * 32),
    entries=(b"first", b"", b"third"),
    payloads=(b"sealed", b""),
    cosignatures=(b"receipt",),
)
EMPTY = Bundle(channel="abcdefghijklmnop", sender="bb", receiver="aa")


def contents() -> dict[str, bytes]:
    """The members of the full delivery."""
    with tarfile.open(fileobj=io.BytesIO(FULL.encode())) as archive:
        return {name: archive.extractfile(name).read() for name in archive.getnames()}


def packed(members, form=tarfile.USTAR_FORMAT, **written) -> bytes:
    """A tar of these members, made by the standard library."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for info, content in members:
            if isinstance(info, str):
                info = tarfile.TarInfo(info)  # noqa: PLW2901 - a name will do where nothing else matters
            info.size = len(content) if info.isreg() else 0
            for field, value in written.items():
                setattr(info, field, value)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def special(name: str, kind: bytes, linkname: str = "") -> tarfile.TarInfo:
    """A member that is not a plain file."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, linkname
    return info


def instead(name: str, member) -> list:
    """The six members with one of them replaced."""
    return [(member, b"") if name == one else (one, content) for one, content in contents().items()]


@pytest.mark.parametrize("bundle", [FULL, EMPTY])
def test_a_delivery_reads_back_as_it_was_written(bundle) -> None:
    """By wire or on a stick: same bytes, same code."""
    assert bundle == read_bundle(bundle.encode())


def test_any_tar_program_can_look_inside() -> None:
    """An officer with a stick sees six plain files."""
    assert list(MEMBERS) == list(contents())
    assert b'"sender":"bb"' in contents()["bundle.json"]


MEMBER_TRICKS = {
    "symbolic link": instead("checkpoint", special("checkpoint", tarfile.SYMTYPE, "/etc/passwd")),
    "hard link": instead("checkpoint", special("checkpoint", tarfile.LNKTYPE, "bundle.json")),
    "folder": instead("checkpoint", special("checkpoint", tarfile.DIRTYPE)),
    "device": instead("checkpoint", special("checkpoint", tarfile.CHRTYPE)),
    "pipe": instead("checkpoint", special("checkpoint", tarfile.FIFOTYPE)),
    "contiguous file": instead("checkpoint", special("checkpoint", tarfile.CONTTYPE)),
    "absolute path": [(f"/{name}" if name == "entries" else name, c) for name, c in contents().items()],
    "path upwards": [(f"../{name}" if name == "entries" else name, c) for name, c in contents().items()],
    "path in a folder": [(f"./{name}" if name == "entries" else name, c) for name, c in contents().items()],
    "missing member": [(name, c) for name, c in contents().items() if name != "payloads"],
    "extra member last": [*contents().items(), ("readme", b"")],
    "extra member first": [("readme", b""), *contents().items()],
    "same member twice": [*contents().items(), ("entries", b"")],
    "reordered": [*list(contents().items())[::-1]],
    "nothing": [],
}


@pytest.mark.parametrize("trick", MEMBER_TRICKS)
def test_a_tar_of_other_members_is_refused(trick) -> None:
    """Six plain files of these names in this order, and nothing a path could reach."""
    with pytest.raises(MalformedBundle):
        read_bundle(packed(MEMBER_TRICKS[trick]))


@pytest.mark.parametrize(
    "written",
    [{"mode": 0o755}, {"uid": 1}, {"mtime": 1}, {"uname": "root"}, {"pax_headers": {"comment": "x"}}],
    ids=str,
)
def test_a_header_that_says_more_is_refused(written) -> None:
    """Two spellings of one delivery could be told apart, and carry something beside it."""
    form = tarfile.PAX_FORMAT if "pax_headers" in written else tarfile.USTAR_FORMAT

    with pytest.raises(MalformedBundle):
        read_bundle(packed(contents().items(), form, **written))


def test_a_size_given_by_an_extended_header_is_not_read() -> None:
    """Extended headers give sizes, names and sparse maps of their own: they are not read at all."""
    member = tarfile.TarInfo("entries")
    member.pax_headers = {"size": "999999999999", "GNU.sparse.size": "999999999999"}

    with pytest.raises(MalformedBundle):
        read_bundle(packed(instead("entries", member), tarfile.PAX_FORMAT))


def test_a_sparse_file_does_not_fill_the_memory() -> None:
    """A header of 512 bytes may announce terabytes of zeros; a reader that believes it is stopped by it."""
    header = bytearray(special("bundle.json", tarfile.GNUTYPE_SPARSE).tobuf(tarfile.GNU_FORMAT))
    header[483:495] = b"77777777777\0"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    data = bytes(header) + FULL.encode()

    tracemalloc.start()
    with pytest.raises(MalformedBundle):
        read_bundle(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2**20


@pytest.mark.parametrize(
    "size",
    [
        b"77777777777\0",
        b"-0000000001\0",
        b"          1\0",
        b"\x80" + b"\xff" * 11,
        b"\0" * 12,
        b"0x000000001\0",
    ],
)
def test_a_size_that_cannot_be_is_refused(size) -> None:
    """Octal, eleven digits, and all of it there."""
    data = bytearray(FULL.encode())
    data[124:136] = size
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])

    with pytest.raises(MalformedBundle):
        read_bundle(bytes(data))


def test_a_delivery_cut_anywhere_is_refused() -> None:
    """A line breaks where it likes: at every block, and in the middle of one."""
    data = FULL.encode()

    for end in {*range(0, len(data), 512), *range(100, len(data), 512), len(data) - 1}:
        with pytest.raises(MalformedBundle):
            read_bundle(data[:end])


@pytest.mark.parametrize("tail", [b"\0", b"\0" * 512, b"\0" * 9216, b"x", FULL.encode()])
def test_nothing_may_follow_a_delivery(tail) -> None:
    """Padding is a place to hide things, and a second spelling."""
    with pytest.raises(MalformedBundle):
        read_bundle(FULL.encode() + tail)


def test_padding_between_members_is_zero() -> None:
    """As above."""
    data = bytearray(FULL.encode())
    at = data.index(b"checkpoint", 1536)
    assert data[at + 10 : at + 20] == bytes(10)
    data[at + 15] = 1

    with pytest.raises(MalformedBundle):
        read_bundle(bytes(data))


MANIFEST = b'{"v":1,"channel":"abcdefghijklmnop","sender":"bb","receiver":"aa","start":7,"end":10}'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":1,"v":1'),
        (b'"v":1', b'"v": 1'),
        (b'"v":1', b'"v":true'),
        (b'"v":1', b'"v":1.0'),
        (b'"bb"', b'"BB"'),
        (b'"aa"', b'"../aa"'),
        (b'"abcdefghijklmnop"', b'"short"'),
        (b'"abcdefghijklmnop"', b'"abcdefghijklmno\\u0070"'),
        (b'"start":7', b'"start":8'),
        (b'"start":7', b'"start":-1'),
        (b'"start":7,"end":10', b'"start":18446744073709551616,"end":18446744073709551619'),
        (b'"end":10', b'"end":9'),
        (b'"end":10', b'"end":6'),
        (b'"end":10', b'"end":10,"more":1'),
        (b'"end":10', b'"end":"10"'),
        (MANIFEST, b""),
        (MANIFEST, b"[" * 5000),
        (MANIFEST, b"\xff\xfe"),
        (MANIFEST, b"null"),
    ],
)
def test_a_manifest_in_another_form_is_refused(old, new) -> None:
    """Who, to whom, in which channel, which entries: one spelling each."""
    assert contents()["bundle.json"] == MANIFEST
    parts = contents() | {"bundle.json": MANIFEST.replace(old, new)}

    with pytest.raises(MalformedBundle):
        read_bundle(packed(parts.items()))


@pytest.mark.parametrize(
    ("member", "content"),
    [
        ("consistency", b"AAAA\n"),
        ("consistency", b"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="),
        ("consistency", b"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQF=\n"),
        ("consistency", b"!\n"),
        ("consistency", b"\xff\n"),
        ("consistency", b"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n" * 65),
        ("entries", b"\x00"),
        ("entries", b"\x00\x05four"),
        ("payloads", b"\x00\x00\x00"),
        ("payloads", b"\x00\x00\x00\x05four"),
        ("payloads", b"\xff\xff\xff\xff"),
        ("cosignatures", b"\x00\x00\x00\x01"),
        ("cosignatures", b"\x00\x10\x00\x00" + b"x" * 2**20),
        ("checkpoint", b"x" * 262_145),
        ("checkpoint", b""),
    ],
)
def test_a_member_in_another_form_is_refused(member, content) -> None:
    """Every length is checked before it is believed."""
    with pytest.raises(MalformedBundle):
        read_bundle(packed((contents() | {member: content}).items()))


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        (Limits(bundle=4000), "4,000"),
        (Limits(entries=2), "2 at once"),
        (Limits(payload=5), "at most 5"),
    ],
)
def test_what_exceeds_a_limit_is_refused_by_the_name_of_the_limit(limits, named) -> None:
    """Whoever is refused must know how much would be taken."""
    with pytest.raises(MalformedBundle, match=named):
        read_bundle(FULL.encode(), limits)


@pytest.mark.parametrize(
    ("member", "content"),
    [
        ("bundle.json", b'{"' + b"x" * 2**22 + b'":1}'),
        ("consistency", b"\n" * 2**22),
        ("entries", b"\0\2ab" * 2**20),
        ("payloads", b"\0\0\0\0" * 2**20),
        ("cosignatures", b"\0\0\0\0" * 2**20),
    ],
)
def test_a_flood_of_small_parts_is_refused_before_it_is_taken_apart(member, content) -> None:
    """Of a few MiB a reader could be made to keep a gigabyte of nothings, or to quote them in its journal."""
    data = packed((contents() | {member: content}).items())
    tracemalloc.start()

    with pytest.raises(MalformedBundle) as refused:
        read_bundle(data)

    assert tracemalloc.get_traced_memory()[1] < 2 * len(data)
    tracemalloc.stop()
    assert len(str(refused.value)) < 1_000


def test_what_just_fits_the_limits_is_taken() -> None:
    """A limit is the last size that is taken."""
    data = FULL.encode()

    assert FULL == read_bundle(data, Limits(bundle=len(data), entries=3, payload=6))


def test_the_longest_entry_crosses_whole() -> None:
    """65,535 bytes fit; one more cannot be written."""
    longest = replace(FULL, entries=(b"x" * 65_535,))

    assert longest == read_bundle(longest.encode())


def test_more_receipts_than_anyone_needs_are_refused_before_they_are_verified() -> None:
    """A receipt costs its reader four signatures and its sender nothing."""
    enough = replace(FULL, cosignatures=(b"receipt",) * 64)

    assert enough == read_bundle(enough.encode())
    with pytest.raises(MalformedBundle, match="more than 64 receipts"):
        read_bundle(replace(FULL, cosignatures=(b"receipt",) * 65).encode())
