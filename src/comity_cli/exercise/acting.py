"""What a scripted party does on its own node, as its officials would do it; runs inside that node."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils import timezone

from comity import exercise
from comity.channel.charter import Coordinator
from comity.errors import ComityError
from comity.instruments import library
from comity_node.assistance import filling, services
from comity_node.assistance.drafting import STATED, TRANSLATED
from comity_node.assistance.models import Draft
from comity_node.channels import services as channels
from comity_node.exercises import gathering
from comity_node.officials import services as officials
from comity_node.officials.errors import Overtaken
from comity_node.officials.models import Official, PreparedAct
from comity_node.register import queries, standings
from comity_node.register.acts import Act

if TYPE_CHECKING:
    from comity.exercise import Inject, Playing, Script
    from comity.names import EntryRef

_LEADS: Final = "lead"
_SECONDS: Final = "second"
_IN: Final = re.compile(r"in (\d{1,5}) (minutes|days)")
_CAPACITY: Final = "coordinator"


def official(login: str) -> Official:
    """An official of this scripted party."""
    return Official.objects.select_related("office").get(login=login)


def finish() -> None:
    """Have seconded what a kill left prepared; what the record has overtaken meanwhile is kept as that."""
    for left in PreparedAct.objects.filter(state=PreparedAct.State.AWAITING):
        with suppress(Overtaken):
            _signed(left)


def propose(script: Script, others: list[str]) -> str:
    """Propose the channel of an exercise to the trainee and to the other scripted parties, once; its id."""
    own = queries.own_logs()
    if own:
        return own[0].channel
    charter = channels.draft_charter(
        counterparts=others,
        instruments=script.channel.instruments,
        purpose=script.channel.purpose,
        languages=script.channel.languages,
        coordinator=_coordinator(),
        exercise=True,
    )
    _signed(channels.propose(charter, by=official(_LEADS)))
    return charter.channel


def accept(channel: str) -> bool:
    """Accept a channel that was proposed, once; whether that is done."""
    if standings.is_open(channel):
        return True
    if queries.log_of(channel, settings.NODE.party) is None and not queries.their_logs(channel):
        return False
    wanted = channels.answering(channel=channel, act="accepted", coordinator=_coordinator(), note="")
    _sign(wanted)
    return True


def announce(channel: str, parties: list[str], *, digest: str, speed: str) -> dict[str, Any]:
    """Announce the exercise once everybody is in, once; which reference it has, and who is awaited."""
    found = gathering.announced_by(channel, settings.NODE.party)
    if found:
        return {"ref": found, "awaited": [], "speed": f"{gathering.gathered(channel, found).speed:g}"}
    present = queries.others(channel) if standings.is_open(channel) else ()
    awaited = sorted(set(parties) - set(present))
    if awaited:
        return {"ref": "", "awaited": awaited, "speed": speed}
    charter = library()[standings.CHARTER]
    ref = Draft.objects.filter(channel=channel, procedure="exercise").values_list("ref", flat=True).first()
    begun = ref or services.draft(channel=channel, by=official(_LEADS), procedure="exercise").ref
    stated: dict[str, str | list[str]] = {
        "instrument": charter.id,
        "table": charter.digest,
        "requested": parties if len(parties) > 1 else parties[0],
        "script": digest,
        "minutes_a_minute": speed,
    }
    _sign(Act(channel=channel, kind=gathering.ANNOUNCED, ref=begun, stated=stated))
    Draft.objects.filter(channel=channel, ref=begun).delete()
    return {"ref": begun, "awaited": [], "speed": speed}


def step(script: Script, channel: str, own: str) -> dict[str, Any]:
    """Play what is due of one party now, each inject once by what is on record."""
    ref = gathering.announced_by(channel, script.leads)  # whoever else announces one is not followed
    if not ref:  # its announcement has not come here yet
        return {"played": [], "failed": {}, "over": False, "ended": False}
    found = gathering.gathered(channel, ref, script=script)
    playing, now = found.playing, timezone.now()
    assert playing is not None, "the script is at hand"
    due = [one for one in exercise.ready(playing, now) if one.by == own] if found.ended is None else []
    failed = {one.id: why for one in due if (why := _play(one, script, channel, playing))}
    return {
        "played": [one.id for one in due if one.id not in failed],
        "failed": failed,
        "over": playing.is_over(now),
        "ended": found.ended is not None,
        "minute": round(playing.minutes(now), 1),
        "expected": {
            name: exercise.standing_of(one, now, is_over=False) for name, one in playing.met.items()
        },
    }


def end(channel: str, script: str, *, outcome: str) -> dict[str, Any]:
    """Put the end and the script on record, once."""
    found = gathering.gathered(channel, gathering.announced_by(channel, settings.NODE.party))
    if found.ended is None:
        services_act = services.act(
            channel=channel,
            ref=found.name,
            act_name="ended",
            by=official(_LEADS),
            stated={"outcome": outcome},
            payload={"text": script, "language": "en"},
        )
        _signed(services_act)
    return {"ref": found.name}


def _play(inject: Inject, script: Script, channel: str, playing: Playing) -> str:
    """Do what an inject says; why it could not be done, or nothing."""
    try:
        if inject.opens:
            _open(inject, script, channel, playing)
        else:
            said = _stated(inject, playing, "") | {"text": [_words(inject)], "language": [script.language]}
            wanted = filling.act(
                channel,
                playing.names[inject.on],
                inject.act,
                {name: value for name, value in said.items() if value != [""]},
                by=official(_LEADS),
            )
            _sign(wanted)
    except ComityError as error:
        return f"{error} {error.hint}".strip()[:600]
    return ""


def _open(inject: Inject, script: Script, channel: str, playing: Playing) -> None:
    """Write the draft of what is opened, and submit it; one that was left by a kill is thrown away first."""
    by = official(_LEADS)
    for left in Draft.objects.filter(channel=channel, entry="", prepared=None):
        services.discard(left, by=by)
    about = services.About(procedure=inject.opens, instrument=inject.instrument, act=inject.act)
    others = queries.others(channel)
    begun = services.draft(
        channel=channel,
        by=by,
        title=inject.title or inject.id,
        requested=inject.to or (playing.trainee if len(others) > 1 else ""),
        types=inject.types,
        language=script.language,
        **about,
    )
    if inject.translated and script.second_language:
        begun = filling.write(begun, {"translation_language": [script.second_language]}, by=by)
    said = {
        **({"types": list(inject.types)} if inject.types else {}),
        **{name: [text] for name, text in inject.fields.items()},
        **{TRANSLATED + name: [text] for name, text in inject.translated.items()},
        **_stated(inject, playing, STATED),
    }
    begun = filling.write(begun, said, by=by)
    _signed(services.submit(begun, by=by))


def _stated(inject: Inject, playing: Playing, prefix: str) -> dict[str, list[str]]:
    """What an inject states, by the names of the form; minutes of the script as instants or days."""
    found = {}
    for name, value in inject.states.items():
        values = [value] if isinstance(value, str) else list(value)
        found[prefix + name] = [_IN.sub(lambda told: _when(told, playing), one) for one in values]
    return found


def _when(told: re.Match[str], playing: Playing) -> str:
    """An instant so many minutes of the script from now, rounded up; or a day so many days from now."""
    if told[2] == "days":
        return f"{timezone.now() + timedelta(days=int(told[1])):%Y-%m-%d}"
    at = timezone.now() + timedelta(minutes=int(told[1]) / playing.speed, seconds=59)
    return f"{at:%Y-%m-%dT%H:%MZ}"


def _words(inject: Inject) -> str:
    return "\n\n".join(filter(None, (inject.text, inject.second_text)))


def _sign(act: Act) -> None:
    _signed(officials.prepare(act, by=official(_LEADS)))


def _signed(done: PreparedAct | EntryRef) -> None:
    """Have the second officer sign, where the procedure wants one."""
    if isinstance(done, PreparedAct):
        officials.second(done, by=official(_SECONDS))


def _coordinator() -> Coordinator:
    return Coordinator(str(official(_LEADS).office), _CAPACITY)
