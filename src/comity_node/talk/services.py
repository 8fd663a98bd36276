"""Talks: open them, say something, and do what else their table knows. Pages and the command call this."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack

from django.conf import settings
from django.utils import timezone

from comity.instruments import library
from comity_node.officials import services as officials
from comity_node.officials.errors import TextMoved
from comity_node.officials.queries import is_signed_by
from comity_node.register import payloads, standings
from comity_node.register import queries as register
from comity_node.register.acts import Act
from comity_node.talk import minutes, queries
from comity_node.talk.errors import ChannelNotOpen, NoSuchExhibit, NoSuchTalk, NothingNew
from comity_node.talk.judging import PROPOSED
from comity_node.talk.projecting import KINDS, OPENED, READ, SAID, TRANSLATED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.names import EntryRef
    from comity_node.officials.models import Official
    from comity_node.talk.models import Line, Talk

_SENT_TWICE: Final = timedelta(seconds=5)


class Words(TypedDict, total=False):
    """What is said besides the original: a translation, and exhibits by their reference or entry."""

    language: str
    translation: str
    translation_language: str
    exhibits: Sequence[str]


def opening(channel: str, *, title: str, about: str, linked: Sequence[str] = (), language: str = "") -> Act:
    """The act that opens a talk with everybody in the channel.

    Raises:
        ChannelNotOpen: There is nobody to talk with.
    """
    if not standings.is_open(channel):
        raise ChannelNotOpen(f"nothing was recorded: the channel {channel[:40]} is not open")
    others = register.others(channel)
    text = next((one for one in standings.life(channel).texts_now() if one.id == standings.CHARTER), None)
    charter = text or library()[standings.CHARTER]
    return Act(
        channel=channel,
        kind=f"{KINDS}.{OPENED}",
        ref=queries.next_reference(settings.NODE.party, timezone.now().year),
        stated={
            "instrument": charter.id,
            "table": charter.digest,
            "requested": others if len(others) > 1 else "".join(others),
            "about": about,
            **({"linked": list(linked)} if linked else {}),
        },
        payload=_filled({"title": title, "language": language}),
    )


def saying(row: Talk, text: str, **words: Unpack[Words]) -> Act:
    """The act that says something.

    Raises:
        NoSuchExhibit: It names one that is not on record in the channel.
    """
    said = {
        "text": _lines(text),
        "language": words.get("language", ""),
        "translation": _beside(_lines(words.get("translation", "")), words.get("translation_language", "")),
        "exhibits": [_exhibit(row.channel, one) for one in words.get("exhibits", ())],
    }
    return Act(channel=row.channel, kind=f"{KINDS}.{SAID}", ref=row.ref, payload=_filled(said))


def say(row: Talk, text: str, *, by: Official, **words: Unpack[Words]) -> EntryRef:
    """Say something: signed by one officer, at once. The same message sent twice in a moment is said once.

    Raises:
        OurFault: The official may not, the talk is closed, or the message is empty or too long.
    """
    act = saying(row, text, **words)
    last = queries.last_own(row)
    if last is not None and _is_sent_again(act, last, by):
        return queries.ref_of(last)
    return officials.sign_at_once(act, by=by)


def _is_sent_again(act: Act, last: Line, by: Official) -> bool:
    """Whether it is the last message of ours once more: all of it, by the same officer, a moment ago."""
    if timezone.now() - last.at >= _SENT_TWICE or not is_signed_by(last.entry_name, by):
        return False
    return payloads.payload(register.entry(queries.ref_of(last))) == act.payload


def note_opened(row: Talk, *, by: Official) -> EntryRef | None:
    """Note that our desk has opened what others said; None where it had opened all of it.

    Raises:
        OurFault: The official may not, or the talk's table does not allow it now.
    """
    unopened = queries.unopened(row)
    if not unopened:
        return None
    stated = {"up_to": [str(one) for one in unopened]}
    try:
        return officials.sign_at_once(
            Act(channel=row.channel, kind=f"{KINDS}.{READ}", ref=row.ref, stated=stated), by=by
        )
    except NothingNew:  # a colleague's page was faster
        return None


def translating(row: Talk, of: EntryRef, text: str, language: str) -> Act:
    """The act that puts a translation beside a message."""
    said = _filled({"text": _lines(text), "language": language})
    return Act(
        channel=row.channel,
        kind=f"{KINDS}.{TRANSLATED}",
        ref=row.ref,
        answers=(of,),
        stated={"of": str(of)},
        payload=said,
    )


def coverage(row: Talk) -> dict[str, str | list[str]]:
    """What minutes proposed now would cover: what was said since those agreed last, as much as they may hold.

    Raises:
        NothingNew: Nothing was said since.
    """
    first = minutes.since(row)
    if first is None:
        raise NothingNew("nothing was recorded: nothing was said that agreed minutes do not cover")
    return {"covers": [str(one) for one in minutes.that_fit(row, first)], "since": str(first)}


def proposing(row: Talk, stated: Mapping[str, str | list[str]]) -> Act:
    """The act that proposes minutes of what these codes say they cover, whatever was said meanwhile.

    Args:
        row: The talk.
        stated: As ``coverage`` gave it.
    """
    return Act(
        channel=row.channel,
        kind=f"{KINDS}.{PROPOSED}",
        ref=row.ref,
        stated=stated,
        payload={"text": minutes.text_of(row, stated)},
    )


def answering(row: Talk, act: str, proposed: EntryRef, text: str = "") -> Act:
    """The act that answers minutes, or withdraws them."""
    return Act(
        channel=row.channel,
        kind=f"{KINDS}.{act}",
        ref=row.ref,
        answers=(proposed,),
        stated={"minutes": str(proposed)},
        payload=_filled({"text": _lines(text)}),
    )


def moving(row: Talk, act: str) -> Act:
    """The act that closes a talk, or opens it again."""
    return Act(channel=row.channel, kind=f"{KINDS}.{act}", ref=row.ref)


def sign(act: Act, *, shown: str, by: Official) -> EntryRef:
    """Sign an act as it was shown. Others may have spoken meanwhile: only its own text must be the one read.

    Raises:
        TextMoved: Its text would be another by now; nothing was recorded.
        OurFault: It is not allowed now.
    """
    if act.digest() != shown:
        raise TextMoved("nothing was recorded: the record has moved since the text was shown")
    return officials.sign_at_once(act, by=by)


def found(channel: str, ref: str) -> Talk:
    """One talk.

    Raises:
        NoSuchTalk: There is none.
    """
    row = queries.talk(channel, ref)
    if row is None:
        raise NoSuchTalk(f"there is no talk {ref[:60]} in channel {channel[:40]}")
    return row


def _exhibit(channel: str, named: str) -> dict[str, str]:
    exhibit = queries.exhibit(channel, named.strip())
    if exhibit is None:
        raise NoSuchExhibit(f"nothing was recorded: {named[:80]} is no exhibit on record in this channel")
    return exhibit


def _beside(translation: str, language: str) -> dict[str, Any] | None:
    return _filled({"text": translation, "language": language}) if translation else None


def _filled(said: Mapping[str, Any]) -> dict[str, Any] | None:
    return {name: value for name, value in said.items() if value not in ("", None, [], {})} or None


def _lines(text: str) -> str:
    """A text with the line ends of this record, whatever a browser sends."""
    return text.replace("\r\n", "\n").strip()
