"""What calls that read are answered with. The description of the API is made from these forms.

Follows: docs/spec/api.md.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from comity.forms import learnt
from comity_node.api.asked import Scope


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a call is answered with."""


@learnt
class Problem(Answer, frozen=True, kw_only=True):
    """Why something did not happen, by RFC 9457: ``code`` is permanent, ``hint`` says what to do now."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    hint: str


@learnt
class Service(Answer, frozen=True, kw_only=True):
    """Whose node this is, and what the token of the call may do.

    Attributes:
        key: The Ed25519 key under which hooks are signed, base64.
    """

    party: str
    name: str
    key: str
    token: str
    label: str
    official: str
    office: str
    scopes: list[Scope]
    channels: list[str]
    expires_at: datetime


@learnt
class Channel(Answer, frozen=True, kw_only=True):
    """A channel with a counterpart."""

    channel: str
    name: str
    counterpart: str
    standing: str
    open: bool
    exercise: bool
    instruments: list[str]


@learnt
class Channels(Answer, frozen=True, kw_only=True):
    """The channels the token sees."""

    channels: list[Channel]


@learnt
class Asked(Answer, frozen=True, kw_only=True):
    """Something a draft or an act can say: a field or a statement, with where that is asked for.

    Attributes:
        values: Codes to choose from; empty where it takes words.
        demanded: Nothing is signed without it.
    """

    name: str
    label: str
    basis: str
    verified: str
    demanded: bool
    values: list[str]
    many: bool


@learnt
class Way(Answer, frozen=True, kw_only=True):
    """A way to begin something in a channel: a procedure of an instrument, and the act that opens it."""

    procedure: str
    instrument: str
    act: str
    title: str
    basis: str
    verified: str
    in_lieu_of: list[str]
    types: list[Asked]
    stated: list[Asked]
    fields: list[Asked]


@learnt
class Ways(Answer, frozen=True, kw_only=True):
    """What can be begun in a channel."""

    ways: list[Way]


@learnt
class Clock(Answer, frozen=True, kw_only=True):
    """A clock: what it is, whose it is, and by which provision."""

    label: str
    kind: str
    whose: str
    running: bool
    started_at: datetime | None
    due_at: datetime
    basis: str
    verified: str


@learnt
class Listed(Answer, frozen=True, kw_only=True):
    """A request in a list. ``turn`` is the party that moves next, empty where none does."""

    channel: str
    ref: str
    title: str
    procedure: str
    requesting: str
    requested: str
    ours: bool
    state: str
    standing: str
    final: bool
    turn: str
    instrument: str
    basis: str
    verified: str
    types: list[str]
    exercise: bool
    lodged_at: datetime
    last_at: datetime
    last_entry: str
    receipted_at: datetime | None
    unreceipted: int
    irregular: int
    lodged: int
    suspended: bool
    due_at: datetime | None
    href: str


@learnt
class Requests(Answer, frozen=True, kw_only=True):
    """A page of requests."""

    requests: list[Listed]
    page: int
    size: int
    total: int


@learnt
class MayDo(Answer, frozen=True, kw_only=True):
    """An act that a party may do now, with what it states and whether a second officer must approve."""

    act: str
    sentence: str
    basis: str
    verified: str
    second: bool
    words: bool
    stated: list[Asked]


@learnt
class Condition(Answer, frozen=True, kw_only=True):
    """A condition on assistance: binding once the requesting Party accepted it."""

    code: str
    label: str
    standing: str
    stated_by: str


@learnt
class NamedExhibit(Answer, frozen=True, kw_only=True):
    """An exhibit that an act on the request names."""

    sha256: str
    entry: str
    title: str


@learnt
class Request(Answer, frozen=True, kw_only=True):
    """A request with everything that is computed from its entries.

    Attributes:
        edition: The edition of the instrument, with its digest in ``table``.
        we_may: What our side may do now; ``they_may`` what the other side may.
        handed_over: Acts a case system prepared that wait for an official.
        entries: How many it has; they stand under ``entries_href``.
    """

    request: Listed
    meaning: str
    edition: str
    table: str
    clocks: list[Clock]
    conditions: list[Condition]
    we_may: list[MayDo]
    they_may: list[MayDo]
    handed_over: list[str]
    named_exhibits: list[NamedExhibit]
    entries: int
    entries_href: str
    exhibits_href: str


@learnt
class Receipt(Answer, frozen=True, kw_only=True):
    """The other party's signature that it holds everything up to ``size``."""

    at: datetime
    size: int


@learnt
class EntryListed(Answer, frozen=True, kw_only=True):
    """An entry of the record, by its header."""

    entry: str
    kind: str
    ref: str
    party: str
    ours: bool
    at: datetime
    title: str
    by: str
    basis: str
    verified: str
    irregular: str
    stated: dict[str, str | list[str]]
    answers: list[str]
    payload_size: int | None
    receipt: Receipt | None
    leaf_hash: str
    href: str


@learnt
class Entries(Answer, frozen=True, kw_only=True):
    """A page of a request's entries, in the order both parties read them."""

    entries: list[EntryListed]
    page: int
    size: int
    total: int


@learnt
class EntryRead(Answer, frozen=True, kw_only=True):
    """One entry: the leaf as authored, its receipt, and what its payload says.

    Attributes:
        leaf: The exact bytes of the entry, as text: what is hashed and signed.
        content: The payload, opened; null where there is none, it was erased, or it cannot be read.
        content_because: Why there is no content, where there is none.
    """

    entry: EntryListed
    leaf: str
    content: dict[str, Any] | None
    content_because: str
    erased_at: datetime | None
    proof_href: str


@learnt
class Exhibit(Answer, frozen=True, kw_only=True):
    """An exhibit: what its providing Party announced, and where its custody stands.

    Attributes:
        held_by: Where its custody stands with each party that receives it, by party code.
        opened: Whether an official of the token's office has opened it: only then is its content given.
    """

    channel: str
    ref: str
    entry: str
    provider: str
    receiver: str
    state: str
    request: str
    name: str
    media_type: str
    size: int
    sha256: str
    description: str
    taken_where: str
    taken_at: str
    taken_by: str
    tlp: str
    pap: str
    added_at: datetime
    malformed: str
    held_by: dict[str, str]
    opened: bool
    href: str
    content_href: str
    page_href: str


@learnt
class Exhibits(Answer, frozen=True, kw_only=True):
    """A page of exhibits."""

    exhibits: list[Exhibit]
    page: int
    size: int
    total: int
