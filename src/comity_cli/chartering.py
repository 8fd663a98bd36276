"""``comity channel amend``, ``invite``, ``suspend``, ``resume``, ``denounce``, ``close``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from comity.errors import OurFault
from comity_cli.said import what_was_said
from comity_cli.signing import YES, read, sign
from comity_cli.verb import Answer, official_verb

if TYPE_CHECKING:
    from comity_node.officials.models import Official

_TITLE: Final = click.option("--title", default="", help="What officials find it by.")
_REASON: Final = click.option(
    "--reason", default="", help="Why, if it is said. It is sealed to both parties."
)
_HELD: Final = click.Choice(["kept_under_limits", "returned", "destroyed_with_certificate"])
_OWED: Final = click.Choice(["stay_owed", "carried_over", "released"])
_PENDING: Final = click.Choice(["stand_as_they_are", "executed_and_held", "to_be_lodged_anew"])
_MATERIAL: Final = click.Choice(["kept_under_its_limits", "return_asked_for", "destruction_asked_for"])
_ENTRY: Final = "An obligation it is otherwise with, by the entry it comes from; may be repeated."


class NotOneSuspension(OurFault):
    """A suspension is to be ended, and none lasts, or which of several is not said."""

    code = "not-one-suspension"


@click.command("amend")
@click.argument("channel")
@click.option("--add", multiple=True, metavar="INSTRUMENT", help="An instrument, or its new edition, to add.")
@click.option("--take-away", multiple=True, metavar="INSTRUMENT", help="An instrument to take away.")
@click.option("--purpose", default="", help="The purpose as amended.")
@click.option("--language", "languages", multiple=True, help="The languages as amended, all of them.")
@click.option("--coordinator", default="", help="Our coordinator as amended: office, capacity, how reached.")
@_REASON
@_TITLE
@YES
@official_verb
def amend(channel: str, title: str, yes: bool, by: Official, **said: Any) -> Answer:  # noqa: ANN401 - the options above
    """Propose to amend the charter of CHANNEL. What was begun before keeps the text it began under."""
    fields = {
        "stated_instruments": list(said["add"]),
        "stated_taken_away": list(said["take_away"]),
        "purpose": [said["purpose"]] if said["purpose"] else [],
        "languages": [", ".join(said["languages"])] if said["languages"] else [],
        "coordinator": [said["coordinator"]] if said["coordinator"] else [],
        **_because(said["reason"]),
    }
    return _open(channel, "amendment", title or "Amendment of the charter", fields, by=by, yes=yes)


@click.command("invite")
@click.argument("channel")
@click.argument("party")
@_REASON
@_TITLE
@YES
@official_verb
def invite(channel: str, party: str, reason: str, title: str, yes: bool, by: Official) -> Answer:
    """Let PARTY into CHANNEL of many: propose it to all that are in, and invite it once all have agreed."""
    from comity_cli.recorded import recorded
    from comity_node.channels import inviting
    from comity_node.officials import services

    agreed = inviting.agreed(channel, party)
    if agreed is not None:
        shown = read(inviting.invitation(channel, agreed), by=by, yes=yes)  # nothing is set up before
        return recorded(services.sign(inviting.prepared(channel, agreed), shown=shown, by=by))
    fields = {"stated_newcomer": [party], **({"because": [reason]} if reason else {})}
    return _open(channel, "accession", title or f"Accession of {party}", fields, by=by, yes=yes)


@click.command("denounce")
@click.argument("channel")
@click.option(
    "--on", "day", default="", metavar="DAY", help="From when, as 2027-05-31; else at the earliest."
)
@click.option("--legal-basis", default="none", show_default=True, help="The clause relied on, or none.")
@_REASON
@_TITLE
@YES
@official_verb
def denounce(
    channel: str, day: str, legal_basis: str, reason: str, title: str, yes: bool, by: Official
) -> Answer:
    """Give notice that we leave CHANNEL. It denounces no treaty."""
    fields = {
        "stated_takes_effect_on": [day] if day else [],
        "stated_legal_basis": [legal_basis],
        **_because(reason),
    }
    return _open(channel, "denunciation", title or "Denunciation of the channel", fields, by=by, yes=yes)


@click.command("close")
@click.argument("channel")
@click.option("--exhibits", type=_HELD, required=True, help="What becomes of exhibits.")
@click.option("--lists", type=_HELD, required=True, help="What becomes of lists.")
@click.option("--materials", type=_HELD, required=True, help="What becomes of other material.")
@click.option("--by-day", required=True, metavar="DAY", help="By when that is carried out, as 2027-05-31.")
@click.option("--obligations", type=_OWED, required=True, help="What becomes of what is owed.")
@click.option("--stay-owed", multiple=True, metavar="ENTRY", help=_ENTRY)
@click.option("--carried-over", multiple=True, metavar="ENTRY", help=_ENTRY)
@click.option("--released", multiple=True, metavar="ENTRY", help=_ENTRY)
@_REASON
@_TITLE
@YES
@official_verb
def close(channel: str, title: str, yes: bool, by: Official, **said: Any) -> Answer:  # noqa: ANN401 - the options above
    """Propose to close CHANNEL, with what becomes of everything held and owed."""
    fields = {
        **{f"stated_{name}": [said[name]] for name in ("exhibits", "lists", "materials", "obligations")},
        "stated_carried_out_by": [said["by_day"]],
        **{f"stated_{name}": list(said[name]) for name in ("stay_owed", "carried_over", "released")},
        **_because(said["reason"]),
    }
    return _open(channel, "closing", title or "Closing of the channel", fields, by=by, yes=yes)


@click.command("suspend")
@click.argument("channel")
@click.option(
    "--topic", "topics", multiple=True, required=True, help="A topic, as assistance; may be repeated."
)
@click.option("--legal-basis", default="none", show_default=True, help="The clause relied on, or none.")
@click.option(
    "--pending",
    type=_PENDING,
    default="stand_as_they_are",
    show_default=True,
    help="What becomes of pending items.",
)
@click.option(
    "--material",
    type=_MATERIAL,
    default="kept_under_its_limits",
    show_default=True,
    help="What becomes of material given.",
)
@click.option(
    "--towards", default="", metavar="PARTY", help="Of several in the channel, the one it is towards."
)
@_REASON
@_TITLE
@YES
@official_verb
def suspend(channel: str, title: str, towards: str, yes: bool, by: Official, **said: Any) -> Answer:  # noqa: ANN401 - the options above
    """Suspend topics of CHANNEL: what is sent on them meanwhile is receipted, and stands as lodged."""
    fields = {
        "stated_topics": list(said["topics"]),
        **{f"stated_{name}": [said[name]] for name in ("legal_basis", "pending", "material")},
        **_because(said["reason"]),
    }
    return _open(channel, "suspension", title or "Suspension", fields, by=by, yes=yes, requested=towards)


@click.command("resume")
@click.argument("channel")
@click.option("--of", "ref", default="", metavar="REF", help="The suspension, where several last.")
@click.option(
    "--term",
    "terms",
    multiple=True,
    metavar="TERM",
    help='Propose terms: "1 ru 2027-01-31", number, who, by when.',
)
@click.option("--accept", is_flag=True, help="Accept the terms that the other side proposed last.")
@click.option("--text", default="", help="In words; sealed to the parties. Terms need them.")
@YES
@official_verb
def resume(
    channel: str, ref: str, terms: tuple[str, ...], accept: bool, text: str, yes: bool, by: Official
) -> Answer:
    """End a suspension of CHANNEL: one of ours without terms, or any on terms proposed and accepted.

    What that would move is shown beforehand by: comity channel resumption CHANNEL.
    """
    from comity_cli.recorded import recorded
    from comity_node.assistance import filling

    act = "terms_proposed" if terms else "terms_accepted" if accept else "lifted"
    given = {**({"terms": list(terms)} if terms else {}), **({"text": [text]} if text else {})}
    wanted = filling.act(channel, ref or _lasting(channel), act, what_was_said(given), by=by)
    return recorded(sign(wanted, by=by, yes=yes))


def _lasting(channel: str) -> str:
    """The suspension that lasts in a channel, where there is one and no other."""
    from comity_node.register import standings

    found = [one.ref for one in standings.life(channel).suspensions.in_force()]
    if len(found) != 1:
        raise NotOneSuspension(
            f"nothing was recorded: {len(found)} suspensions last in channel {channel[:40]}",
            hint=f"name one with --of: {', '.join(found)}"
            if found
            else "list the channels: comity channel list",
        )
    return found[0]


def _because(reason: str) -> dict[str, list[str]]:
    return {"reason": [reason]} if reason else {}


def _open(
    channel: str,
    procedure: str,
    title: str,
    fields: dict[str, list[str]],
    *,
    by: Official,
    yes: bool,
    requested: str = "",
) -> Answer:
    """Open a procedure of the charter with one signature, and the draft with it where it is not signed."""
    from django.db import transaction

    from comity_cli.recorded import recorded
    from comity_node.assistance import filling, services
    from comity_node.register import standings

    with transaction.atomic():
        begun = services.draft(
            channel=channel,
            procedure=procedure,
            instrument=standings.CHARTER,
            title=title,
            requested=requested,
            by=by,
        )
        begun = filling.write(begun, what_was_said(fields), by=by)
    try:
        shown = read(services.opening(begun), by=by, yes=yes)
        done = recorded(services.submit(begun, shown=shown, by=by))
    except BaseException:  # nothing is left behind of what was not signed, whatever kept it from being signed
        services.discard(begun, by=by)
        raise
    return Answer({"ref": begun.ref, **done.document}, [f"reference {begun.ref}", *done.lines])
