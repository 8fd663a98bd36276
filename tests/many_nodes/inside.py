"""What runs inside the home of one of many: the orders of two, and those that take more than two."""

from __future__ import annotations

import sys

from tests.two_nodes import inside


def decline(channel: str) -> dict:
    """Decline a proposed channel."""
    return _answer(channel, "declined")


def leave(channel: str) -> dict:
    """Leave a channel, seconded."""
    return _answer(channel, "left")


def ask(channel: str, ref: str, of: str) -> dict:
    """Lodge a request with one of the others."""
    from comity.instruments import library  # noqa: PLC0415 - the node is entered first
    from comity_node.register import services  # noqa: PLC0415 - as above
    from comity_node.register.acts import Act, Capacity  # noqa: PLC0415 - as above

    act = Act(
        channel=channel,
        kind="assistance.request.lodged",
        ref=ref,
        stated={
            "instrument": inside.INSTRUMENT,
            "table": library()[inside.INSTRUMENT].digest,
            "requested": of,
            "types": ["testimony"],
        },
        payload={"title": ref, "language": "en", "fields": {"purpose": "trial"}},
    )
    first, second = Capacity("ca", "case officer"), Capacity("mfa", "coordinator")
    return {"ref": str(services.append(act, by=first, second=second))}


def act(channel: str, kind: str, ref: str, **stated: str | list[str]) -> dict:
    """Put an act on record in a procedure."""
    from comity_node.register import services  # noqa: PLC0415 - the node is entered first
    from comity_node.register.acts import Act, Capacity  # noqa: PLC0415 - as above

    done = Act(channel=channel, kind=kind, ref=ref, stated=stated)
    first, second = Capacity("ca", "case officer"), Capacity("mfa", "coordinator")
    return {"ref": str(services.append(done, by=first, second=second))}


def view(channel: str) -> dict:
    """The channel as this node sees it: who is in, who holds what, what can be read, where all stands."""
    from comity_node.assistance.models import Request  # noqa: PLC0415 - the node is entered first
    from comity_node.channels.models import Channel  # noqa: PLC0415 - as above
    from comity_node.register import models, queries  # noqa: PLC0415 - as above

    logs = queries.channel_logs(channel)
    entries = queries.entries(channel)
    return {
        "parties": Channel.objects.get(channel=channel).parties,
        "sizes": {log.party: log.size for log in logs},
        "holds": {
            log.party: {one.party: queries.receipted_by(log, one.party) for one in logs if one.pk != log.pk}
            for log in logs
        },
        "order": [[str(one.ref), one.depth] for one in entries],
        "receipted": {str(one.ref): str(one.receipted_at) for one in entries},
        "standings": sorted(map(str, Request.objects.values_list("ref", "state"))),
        "readable": [str(one.ref) for one in entries if _can_read(one)],
        "misconduct": {one.log.party: bytes(one.proof).decode() for one in models.Misconduct.objects.all()},
    }


def sizes(channel: str) -> dict:
    """How much is held of each log; nothing where the channel is not known."""
    from comity_node.register import queries  # noqa: PLC0415 - the node is entered first

    return {"sizes": {log.party: log.size for log in queries.channel_logs(channel)}}


def _can_read(entry) -> bool:
    from comity.errors import NotSealedToUs  # noqa: PLC0415 - the node is entered first
    from comity_node.register import payloads  # noqa: PLC0415 - as above

    try:
        return payloads.payload(entry) is not None
    except NotSealedToUs:
        return False


def figures(channel: str) -> dict:
    """The figures of reciprocity of today."""
    from django.utils import timezone  # noqa: PLC0415 - the node is entered first

    from comity_node.channels import reciprocity  # noqa: PLC0415 - as above

    return reciprocity.document(
        channel, as_of=timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    )


def state_figures(channel: str) -> dict:
    """State yesterday's figures to all others."""
    from datetime import timedelta  # noqa: PLC0415 - only here

    from django.utils import timezone  # noqa: PLC0415 - the node is entered first

    from comity_node.assistance import counting  # noqa: PLC0415 - as above

    yesterday = timezone.now().date() - timedelta(days=1)
    return _seconded(counting.statement(channel, as_of=yesterday))


def agree_to_figures(channel: str, ref: str) -> dict:
    """Count what was stated again, and agree."""
    from comity_node.assistance import counting  # noqa: PLC0415 - the node is entered first
    from comity_node.register import stating  # noqa: PLC0415 - as above
    from comity_node.register.acts import Act  # noqa: PLC0415 - as above

    stated = stating.statement(channel, ref)
    answers = (stated.opening.act.ref,) if stated else ()
    return _seconded(counting.completed(Act(channel=channel, kind=counting.AGREED, ref=ref, answers=answers)))


def published(channel: str, ref: str) -> dict:
    """A statement of figures as the file that is published."""
    from comity_node.channels import publishing  # noqa: PLC0415 - the node is entered first

    return {"file": publishing.statement_file(channel, ref).decode()}


def _seconded(act) -> dict:
    from comity_node.register import services  # noqa: PLC0415 - the node is entered first
    from comity_node.register.acts import Capacity  # noqa: PLC0415 - as above

    first, second = Capacity("ca", "case officer"), Capacity("mfa", "coordinator")
    return {"ref": act.ref, "entry": str(services.append(act, by=first, second=second))}


def cut(party: str, *, off: bool) -> dict:
    """Cut the line to a party, or mend it: neither calls the other, nor is let in."""
    from comity_node.counterparts.models import Counterpart  # noqa: PLC0415 - the node is entered first

    Counterpart.objects.filter(party=party).update(is_stopped=off)
    return {}


def suspend(channel: str, ref: str, of: str) -> dict:
    """Suspend assistance towards one of the others."""
    from comity.instruments import library  # noqa: PLC0415 - the node is entered first

    return act(
        channel,
        "channel.suspension.declared",
        ref,
        instrument="charter",
        table=library()["charter"].digest,
        requested=of,
        topics=["assistance"],
        legal_basis="none",
        pending="stand_as_they_are",
        material="kept_under_its_limits",
    )


def add_exhibit(channel: str, content: str) -> dict:
    """Take a file in, and announce it to whoever is in."""
    import tempfile  # noqa: PLC0415 - only here
    from pathlib import Path  # noqa: PLC0415 - only here

    from comity_node.evidence import services  # noqa: PLC0415 - the node is entered first

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "disk.img"
        path.write_text(content)
        described = {"description": "image", "taken_by": "ca"}
        return {"entry": str(services.add(path, channel=channel, described=described, by=inside._anna()))}


def exhibits(channel: str) -> dict:
    """Each exhibit of a channel as this node sees it: where it stands with whom, and whether it is here."""
    from comity_node.evidence import queries  # noqa: PLC0415 - the node is entered first

    return {
        one.ref: {
            "state": one.state,
            "malformed": bool(one.malformed),
            "held": {held.party: held.state for held in queries.holdings(one)},
            "is_here": bool(one.object) and queries.file_of(one).is_file(),
            "irregular": [step.act for step in queries.chain(one) if step.irregular],
        }
        for one in queries.exhibits().filter(channel=channel)
    }


def content(channel: str, ref: str) -> dict:
    """Open an exhibit, and give back what it says."""
    from comity_node.evidence import queries, services  # noqa: PLC0415 - the node is entered first

    found = queries.exhibit(channel, ref)
    return {"content": b"".join(services.open_exhibit(found, by=inside._anna(), purpose="trial")).decode()}


def custody_act(channel: str, ref: str, act: str, said: dict) -> dict:
    """Do an act of custody after delivery, seconded."""
    from comity_node.evidence import acting, queries  # noqa: PLC0415 - the node is entered first
    from comity_node.officials import services  # noqa: PLC0415 - as above

    found = queries.exhibit(channel, ref)
    among = [one.party for one in queries.holdings(found)]
    form = acting.filled(act, said, among=among)
    inside._seconded(services.prepare(form.act(found), by=inside._anna()))
    return {}


def _answer(channel: str, what: str) -> dict:
    from comity_node.channels import services  # noqa: PLC0415 - the node is entered first

    inside._seconded(services.answer(channel=channel, act=what, by=inside._anna()))
    return {}


def passport() -> dict:
    """Our passport in force."""
    from base64 import b64encode  # noqa: PLC0415 - only here

    from comity_node.counterparts import queries  # noqa: PLC0415 - the node is entered first

    return {"passport": b64encode(bytes(queries.own().note)).decode()}


def accede(channel: str, party: str) -> dict:
    """Propose to all that are in that a party be invited, seconded."""
    from comity_node.assistance import filling, services  # noqa: PLC0415 - the node is entered first

    draft = services.draft(
        channel=channel, procedure="accession", instrument="charter", title="Accession", by=inside._anna()
    )
    draft = filling.write(draft, {"stated_newcomer": [party]}, by=inside._anna())
    inside._seconded(services.submit(draft, by=inside._anna()))
    return {"ref": draft.ref}


def agree(channel: str, ref: str, what: str = "accepted") -> dict:
    """Agree to an accession, or do another act in it, seconded."""
    from comity_node.assistance import services  # noqa: PLC0415 - the node is entered first

    inside._seconded(services.act(channel=channel, ref=ref, act_name=what, by=inside._anna()))
    return {}


def invite(channel: str, ref: str) -> dict:
    """Invite the party of an accession, seconded."""
    from comity_node.channels import inviting  # noqa: PLC0415 - the node is entered first

    inside._seconded(inviting.invite(channel, ref, by=inside._anna()))
    return {}


def withdraw(channel: str) -> dict:
    """Withdraw what we proposed, seconded."""
    return _answer(channel, "withdrawn")


def beside(channel: str) -> dict:
    """What a channel is within, and the sub-channels of it that this node knows of."""
    from comity_node.channels import neighbours  # noqa: PLC0415 - the node is entered first
    from comity_node.channels.models import Channel  # noqa: PLC0415 - as above

    found = Channel.objects.get(channel=channel)
    whole = neighbours.whole(found)
    return {"whole": whole and whole.channel, "parts": [one.channel for one in neighbours.parts(found)]}


_KNOWN = (
    decline,
    leave,
    ask,
    act,
    view,
    figures,
    cut,
    suspend,
    add_exhibit,
    exhibits,
    content,
    custody_act,
    beside,
    passport,
    sizes,
    accede,
    agree,
    invite,
    withdraw,
    state_figures,
    agree_to_figures,
    published,
)
inside.ORDERS |= {one.__name__: one for one in _KNOWN}

if __name__ == "__main__":
    inside.main(*sys.argv[1:])
