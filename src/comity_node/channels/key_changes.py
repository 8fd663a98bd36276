"""The entries by which a party changes the keys of its log and mirror, in one channel."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.channel import rotation
from comity.channel.rotation import ABOUT_KEYS, ANNOUNCED, MOST_CHANGES, PREFIX, RETIRED
from comity.entries import decode
from comity.errors import ComityError
from comity.mirror import Fresh
from comity.names import Origin
from comity.tlog.merkle import leaf_hash
from comity_node.counterparts import own
from comity_node.counterparts import queries as passports
from comity_node.counterparts import services as counterparts
from comity_node.register import payloads, queries, rotations
from comity_node.register.rooms import Room, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from comity.channel.bundle import Bundle
    from comity.channel.rotation import History
    from comity.mirror import Returned
    from comity_node.register.acts import Act
    from comity_node.register.models import Log
    from comity_node.register.queries import Received

BASIS: Final = "protocol: docs/spec/passport.md, Rotation"
TITLES: Final = {
    ANNOUNCED: gettext_lazy("New keys announced"),
    RETIRED: gettext_lazy("Old keys retired"),
}
REASONS: Final = {
    "scheduled": gettext_lazy("as planned"),
    "stolen": gettext_lazy("stolen"),
    "lost": gettext_lazy("lost"),
}


def judge(acts: Sequence[Act], _party: str) -> list[Verdict]:
    """What an act on keys may do is said by the passport it names; it takes one officer."""
    return [Verdict(BASIS, "P", second_needed=False, sentence=str(TITLES[act.kind])) for act in acts]


def project(channel: str, _refs: set[str]) -> None:
    """Follow the keys of every log of a channel; a counterpart's new passport is read in on the way."""
    received = queries.entries(channel, prefix=f"{PREFIX}.")
    for log in queries.channel_logs(channel):
        said = [one for one in received if one.party == log.party]
        if said:
            found = history(log, said)
            rotations.keep(log, found)
            _read_in(said, found, ours=log.ours)


def history(log: Log, said: Sequence[Received], returned: Sequence[Fresh] = ()) -> History:
    """The keys of a log by its own entries about them.

    Args:
        log: The log.
        said: Those that are stored.
        returned: Entries that came back of it, and are not.
    """
    first = sorted(said, key=lambda one: one.ref.index)[:MOST_CHANGES]  # the rest counts for nothing
    notes = [*map(_passport, first), *map(_passport_of, returned)]
    told = {sha256(one).hexdigest(): one for one in notes if one}
    entries = [(one.ref.index, one.entry) for one in said]
    entries += [(one.index, one.entry) for one in returned if one.entry.kinds == PREFIX]

    def passport(digest: str) -> bytes | None:
        """Who came in later cannot open announcements made before: it was told the passports they name."""
        return told.get(digest) or passports.note_of(log.party, digest)

    return rotation.history(
        Origin.parse(log.origin), *rotations.first_keys(log), sorted(entries, key=itemgetter(0)), passport
    )


def follow_returned(log: Log, entries: Returned, part: Bundle) -> None:
    """Follow the keys of a log through a part that comes back: it may stand under keys it announces itself.

    An export has one checkpoint of a log, by the keys that signed last. Nothing is believed for it: a
    passport bears the signatures of those it follows, and where it was announced the checkpoint proves.
    """
    if not any(ABOUT_KEYS in leaf for leaf in part.entries):
        return
    with suppress(ComityError):  # what cannot be read is refused by whoever judges the part
        stored = queries.entries(log.channel, prefix=f"{PREFIX}.")
        own_words = [one for one in stored if one.party == log.party]
        rotations.read_on(log, history(log, own_words, [*entries.fresh, *_coming(part)]))
        entries.learn(rotations.log_generations(log))


def _coming(part: Bundle) -> Iterator[Fresh]:
    """The entries of a part, before it is judged."""
    payloads_left = iter(part.payloads)
    for index, leaf in enumerate(part.entries, part.start):
        entry = decode(leaf)
        payload = next(payloads_left, None) if entry.payload is not None else None
        yield Fresh(index, leaf, leaf_hash(leaf), entry, payload)


def _passport_of(one: Fresh) -> bytes | None:
    """The same of an entry that came back."""
    if one.entry.kind != ANNOUNCED or one.payload is None:
        return None
    with suppress(ComityError):
        text = payloads.document(one.payload).get("passport")
        return text.encode("utf-8", "replace") if isinstance(text, str) else None
    return None


def _passport(one: Received) -> bytes | None:
    """The passport that travels with an announcement, as far as it can be read."""
    if one.entry.kind != ANNOUNCED:
        return None
    try:
        text = (payloads.payload(one) or {}).get("passport")
    except ComityError:
        return None
    return text.encode("utf-8", "replace") if isinstance(text, str) else None


def _read_in(said: Sequence[Received], found: History, *, ours: bool) -> None:
    """As a file handed over: in force at once if it follows the one that is, otherwise kept for officers.

    One of our own is kept where an old backup lacks it. What brought in no keys is passed over: the log's
    author could otherwise fill the desk of our officers with passports in anybody's name.
    """
    counted = {one.announced for one in found.held}
    for one in said:
        file = _passport(one) if one.ref.index in counted else None
        if file is None or sha256(file).hexdigest() != one.entry.stated.get("passport"):
            continue
        with suppress(ComityError), transaction.atomic():
            if ours:
                own.take_back(file)
            else:
                counterparts.import_passport(file)


def facts(act: Act) -> list[tuple[str, str]]:
    """What an act on keys says, in words."""
    said: Any = act.stated
    rows = [
        (_("Passport version"), str(said.get("version", ""))),
        (_("SHA-256 of the passport"), str(said.get("passport", ""))),
        (_("The new keys sign from"), str(said.get("begins", ""))),
        (_("Why they were retired"), str(REASONS.get(str(said.get("reason", "")), ""))),
        (_("In other hands since"), str(said.get("compromised", ""))),
    ]
    return [(label, value) for label, value in rows if value]


def page(channel: str, _ref: str) -> str:
    """The page on the keys of the channel."""
    return reverse("channels:keys", args=[channel])


ROOM = Room(
    prefix=PREFIX,
    judge=judge,
    project=project,
    projections=[],
    page=page,
    facts=facts,
    titles=TITLES,
)
