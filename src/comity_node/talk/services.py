"""Talks: open them, say something, and do what else their table knows. Pages and the command call this."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack

from django.conf import settings
from django.utils import timezone

from comity.instruments import library
from comity_node.officials import services as officials
from comity_node.officials.errors import TextMoved
from comity_node.register import queries as register
from comity_node.register import standings
from comity_node.register.acts import Act
from comity_node.talk import minutes, queries
from comity_node.talk.errors import ChannelNotOpen, NoSuchExhibit, NoSuchTalk, NothingNew
from comity_node.talk.judging import PROPOSED
from comity_node.talk.projecting import KINDS, OPENED, READ, SAID, TRANSLATED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.names import EntryRef
    from comity_node.officials.models import Official
    from comity_node.talk.models import Talk

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
    """Say something: signed by one officer, at once. The same words sent twice in a moment are said once.

    Raises:
        OurFault: The official may not, the talk is closed, or the message is empty or too long.
    """
    act = saying(row, text, **words)
    last = queries.last_own(row)
    said = (act.payload or {}).get("text")
    if last is not None and last.text == said and timezone.now() - last.at < _SENT_TWICE:
        return queries.ref_of(last)
    return officials.sign_at_once(act, by=by)


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


def proposing(row: Talk) -> Act:
    """The act that proposes minutes of what was said since those agreed last, as much of it as they may hold.

    Raises:
        NothingNew: Nothing was said since.
    """
    first = minutes.since(row)
    if first is None:
        raise NothingNew("nothing was recorded: nothing was said that agreed minutes do not cover")
    covers = minutes.that_fit(row, first)
    stated: dict[str, str | list[str]] = {"covers": [str(one) for one in covers], "since": str(first)}
    text = minutes.text_of(row, stated)
    return Act(
        channel=row.channel, kind=f"{KINDS}.{PROPOSED}", ref=row.ref, stated=stated, payload={"text": text}
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
