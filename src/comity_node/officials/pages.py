"""What the officials' pages show: rows for the templates, nothing decided here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.errors import OurFault
from comity.names import EntryRef
from comity_node.officials import powers, queries, services
from comity_node.officials.access import require
from comity_node.officials.models import PreparedAct
from comity_node.register import queries as register
from comity_node.register import rooms, standings
from comity_node.register.describing import describe

if TYPE_CHECKING:
    from comity_node.officials.models import Journal, Official

_TONES = {
    PreparedAct.State.AWAITING: "open",
    PreparedAct.State.SIGNED: "done",
    PreparedAct.State.RETURNED: "ended",
    PreparedAct.State.OVERTAKEN: "ended",
}
MOST_DECIDED = 100
MOST_CHANGES = 20
_CHANGED = {
    "official.added": gettext_lazy("added an official"),
    "official.appointed": gettext_lazy("appointed"),
    "official.password-set": gettext_lazy("gave a new password to"),
    "official.password-changed": gettext_lazy("chose a password"),
    "official.suspended": gettext_lazy("suspended"),
    "official.reinstated": gettext_lazy("reinstated"),
    "official.ended": gettext_lazy("relieved of office"),
    "office.added": gettext_lazy("added an office"),
    "office.renamed": gettext_lazy("renamed an office"),
}
_POWERS = {
    "assistance.draft": gettext_lazy("draft requests"),
    "assistance.sign": gettext_lazy("sign acts on requests"),
    "assistance.second": gettext_lazy("second acts on requests"),
    "channel.answer": gettext_lazy("answer proposed channels"),
    "channel.propose": gettext_lazy("propose channels"),
    "channel.second": gettext_lazy("second acts on channels"),
    "counterpart.confirm": gettext_lazy("compare fingerprints"),
    "counterpart.import": gettext_lazy("read in passports"),
    "counterpart.read": gettext_lazy("read passports"),
    "evidence.add": gettext_lazy("add exhibits"),
    "assistance.handle": gettext_lazy("assign requests of others, and write internal notes"),
    "evidence.handover": gettext_lazy("hand exhibits over, and answer for what becomes of them"),
    "evidence.open": gettext_lazy("open exhibits"),
    "evidence.second": gettext_lazy("second acts of custody"),
    "journal.read": gettext_lazy("read the journal"),
    "objects.answer": gettext_lazy("reveal protected objects, and ask about them"),
    "objects.read": gettext_lazy("read lists of protected objects"),
    "objects.second": gettext_lazy("second acts on lists of protected objects"),
    "objects.sign": gettext_lazy("declare lists of protected objects, and undertake for them"),
    "official.manage": gettext_lazy("appoint officials"),
    "passport.issue": gettext_lazy("issue our passport"),
    "record.read": gettext_lazy("read the record"),
}


def approvals(reader: Official) -> dict[str, Any]:
    """Fill the list: what waits for the reader, and what they sent to others or saw decided."""
    waiting = list(queries.awaiting(reader))
    others = queries.approvals(reader).exclude(pk__in=[one.pk for one in waiting])[:MOST_DECIDED]
    return {"waiting": list(map(_line, waiting)), "others": list(map(_line, others))}


def seconding(prepared: PreparedAct, reader: Official) -> dict[str, Any]:
    """Fill the confirmation page for the second officer."""
    capacity = require(reader, prepared.power)
    return {
        "act": {
            "label": _(prepared.sentence),
            "text": prepared.text,
            "fields": facts(prepared),
            "channel_href": page_of(prepared),
            "article": prepared.basis,
            "article_href": rule_of(prepared),
            "verified": prepared.verified,
            "channel": prepared.act["channel"],
            "ref": prepared.act["ref"],
            "kind": prepared.act["kind"],
        },
        "signs": {"name": reader.display_name, "office": capacity.office, "capacity": capacity.capacity},
        "seconding": {
            "by": f"{prepared.prepared_by.display_name}, {prepared.office}, {prepared.capacity}",
            "at": prepared.prepared_at,
        },
        "next": [
            _("The act is judged once more, as things stand now."),
            _("It is recorded in the names of both offices, and sent."),
        ],
        "action": reverse("officials:second", args=[prepared.pk]),
        "hidden": [("digest", prepared.digest)],
        "back_href": reverse("officials:approvals"),
        "back_label": _("Leave it for now"),
        "changes": lately(prepared),
        "doubts": rooms.doubts(services.act_of(prepared)),
        "exercise": _exercised(prepared),
    }


def _exercised(prepared: PreparedAct) -> bool:
    """Whether the act is not meant; that of the proposal itself stands in it already."""
    act = services.act_of(prepared)
    return standings.exercised(act.channel, act.ref, act.stated)


def approval(prepared: PreparedAct, reader: Official) -> dict[str, Any]:
    """Fill the page of an act for whoever cannot second it."""
    entry = EntryRef.parse(prepared.entry) if prepared.entry else None
    place = (entry.origin.party, entry.origin.channel, entry.index) if entry else ()
    return {
        "label": _(prepared.sentence),
        "fields": facts(prepared),
        "page_href": page_of(prepared),
        "article_href": rule_of(prepared),
        "entry_href": reverse("web:entry", args=place) if place else "",
        "own": prepared.prepared_by == reader,
        "exercise": _exercised(prepared),
    }


def facts(prepared: PreparedAct) -> list[dict[str, str]]:
    """The text in its room's words, row by row."""
    return [{"label": label, "value": value} for label, value in rooms.facts(services.act_of(prepared))]


def rule_of(prepared: PreparedAct) -> str:
    """Where the rule the act rests on can be read; empty where nothing allows it any more."""
    if prepared.entry:
        signed = register.entry(EntryRef.parse(prepared.entry))
        return describe(prepared.act["channel"], [signed])[0].article_href
    try:
        verdict = rooms.verdict(services.act_of(prepared), settings.NODE.party)
    except OurFault:
        return ""
    return verdict.href if verdict.basis == prepared.basis else ""


def page_of(prepared: PreparedAct) -> str:
    """The page of the procedure an act belongs to; empty where it has none yet."""
    room = rooms.room_of(prepared.act["kind"])
    return room.page(prepared.act["channel"], prepared.act["ref"]) if room and prepared.entry else ""


def roster(reader: Official) -> dict[str, Any]:
    """Fill the list of colleagues, with what each role may do and what was changed lately."""
    return {
        "columns": [
            {"label": label} for label in (_("Name"), _("Office"), _("Roles"), _("Last seen"), _("State"))
        ],
        "rows": [
            {
                "name": one.display_name,
                "href": reverse("officials:official", args=[one.pk]),
                "office": str(one.office),
                "roles": _roles_of(one),
                **_state(one),
                "last_seen": one.last_login,
            }
            for one in queries.roster()
        ],
        "empty": {"what": _("No officials yet."), "why": _("The operator adds the first at the console.")},
        "new_href": reverse("officials:new") if reader.has_perm("official.manage") else "",
        "offices_href": reverse("officials:offices"),
        "roles": roles(),
        "changes": list(map(_change, queries.changes()[:MOST_CHANGES])),
    }


def official(found: Official, reader: Official) -> dict[str, Any]:
    """Fill the page of one official; what may be changed is offered to whoever may change it."""
    may_manage = reader.has_perm("official.manage")
    held = [powers.roles()[code] for code in found.roles if code in powers.roles()]
    return {
        "one": found,
        "roles_held": _roles_of(found),
        "powers": "; ".join(sorted({str(_POWERS.get(one, one)) for role in held for one in role.powers})),
        **_state(found),
        "changes": list(map(_change, queries.changes_about(found.login)[:MOST_CHANGES])),
        "may_manage": may_manage and found != reader,
        "is_own": may_manage and found == reader,
        "offered": _offered(found),
    }


def roles() -> list[dict[str, str]]:
    """Every role with what it may do."""
    return [
        {
            "name": _(role.name),
            "powers": "; ".join(sorted(str(_POWERS.get(one, one)) for one in role.powers)),
        }
        for role in powers.roles().values()
    ]


def lately(prepared: PreparedAct) -> list[dict[str, Any]]:
    """What others changed lately about whoever prepared an act: the second officer should know it."""
    return list(map(_change, queries.lately_changed(prepared.prepared_by.login, now=timezone.now())))


def _offered(found: Official) -> list[tuple[str, str]]:
    """What can be done about an official's standing now."""
    if not found.is_active:
        return [("reinstate", _("Reinstate"))] if found.roles else []
    return [("suspend", _("Suspend")), ("end", _("Relieve of office"))]


def _state(one: Official) -> dict[str, Any]:
    if not one.is_active:
        return {"state": _("Suspended") if one.appointments.all() else _("Left office"), "tone": "ended"}
    if one.password_is_given:
        return {"state": _("Has not chosen a password yet"), "tone": "frozen"}
    return {"state": _("Active"), "tone": "open"}


def _roles_of(one: Official) -> str:
    return ", ".join(_role(appointment.role) for appointment in one.appointments.all())


def _change(line: Journal) -> dict[str, Any]:
    return {
        "at": line.at,
        "by": line.official.display_name if line.official else _("the operator at the console"),
        "did": _CHANGED.get(line.did, line.did),
        "about": line.about,
    }


def _role(code: str) -> str:
    """A role by its name; one the table no longer has by its code."""
    known = powers.roles().get(code)
    return _(known.name) if known else code


def _line(prepared: PreparedAct) -> dict[str, Any]:
    return {
        "title": _(prepared.sentence),
        "ref": prepared.act["ref"],
        "href": reverse("officials:approval", args=[prepared.pk]),
        "prepared_by": prepared.prepared_by.display_name,
        "office": prepared.office,
        "at": prepared.prepared_at,
        "state": prepared.get_state_display(),
        "tone": _TONES[PreparedAct.State(prepared.state)],
    }
