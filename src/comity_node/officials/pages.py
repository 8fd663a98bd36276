"""What the officials' pages show: rows for the templates, nothing decided here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from comity_node.officials import powers, queries
from comity_node.officials.access import require
from comity_node.officials.models import PreparedAct

if TYPE_CHECKING:
    from comity_node.officials.models import Official

_TONES = {
    PreparedAct.State.AWAITING: "open",
    PreparedAct.State.SIGNED: "done",
    PreparedAct.State.RETURNED: "ended",
    PreparedAct.State.OVERTAKEN: "ended",
}
MOST_DECIDED = 100


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
            "label": prepared.sentence,
            "text": prepared.text,
            "article": prepared.basis,
            "verified": prepared.verified,
            "channel": prepared.act["channel"],
            "ref": prepared.act["ref"],
            "kind": prepared.act["kind"],
        },
        "signs": {"name": reader.display_name, "office": capacity.office, "capacity": capacity.capacity},
        "seconding": {
            "by": f"{prepared.prepared_by}, {prepared.office}, {prepared.capacity}",
            "at": prepared.prepared_at,
        },
        "next": [
            _("The act is judged once more, as things stand now."),
            _("It is recorded in the names of both offices, and sent."),
        ],
        "action": reverse("officials:second", args=[prepared.pk]),
        "hidden": [("digest", prepared.digest)],
        "back_href": reverse("officials:approvals"),
    }


def roster() -> dict[str, Any]:
    """Fill the list of colleagues, with what each role may do."""
    return {
        "columns": [
            {"label": label} for label in (_("Name"), _("Office"), _("Roles"), _("Last seen"), _("State"))
        ],
        "rows": [
            {
                "name": one.display_name,
                "office": str(one.office),
                "roles": ", ".join(appointment.role for appointment in one.appointments.all()),
                "active": one.is_active,
                "last_seen": one.last_login,
            }
            for one in queries.roster()
        ],
        "empty": {"what": _("No officials yet."), "why": _("The operator adds the first at the console.")},
        "offices": [
            {"name": role.name, "powers": ", ".join(sorted(role.powers))} for role in powers.roles().values()
        ],
    }


def _line(prepared: PreparedAct) -> dict[str, Any]:
    return {
        "title": prepared.act["kind"],
        "ref": prepared.act["ref"],
        "href": reverse("officials:approval", args=[prepared.pk]),
        "prepared_by": prepared.prepared_by.display_name,
        "office": prepared.office,
        "at": prepared.prepared_at,
        "state": prepared.get_state_display(),
        "tone": _TONES[PreparedAct.State(prepared.state)],
    }
