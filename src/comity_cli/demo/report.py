"""What the demonstration found: both nodes asked, their exports verified, their projections derived anew."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from comity_cli.demo import counting, talking, warning
from comity_cli.demo.building import SIDES
from comity_cli.demo.leaving import SUSPENSION
from comity_cli.demo.stage import FACTS
from comity_cli.staging.nodes import ask, comity, results

if TYPE_CHECKING:
    from comity_cli.demo.stage import Stage

_SAME: Final = ("entries", "receipts", "standing", "exhibits", "figures", "talk")
_EXPORTS: Final = {"us": "export", "ru": "export-ru"}


def draw_up(stage: Stage) -> dict[str, Any]:
    """Ask both nodes, stop them, and hold their records against each other.

    Raises:
        NodeFault: A node could not be asked.
    """
    about = {"channel": stage.channel, "as_of": datetime.now(UTC).replace(microsecond=0).isoformat()}
    asked = {party: ask(stage.nodes[party], FACTS, about) for party in SIDES}
    facts = results(asked)
    for node in stage.nodes.values():
        node.ask_to_stop()
    for node in stage.nodes.values():
        node.stop()
    checked = _checked(stage)
    us, ru = (facts[party] for party in SIDES)
    left = _suspension(stage, facts)
    found = {
        "seconds": 0.0,
        "homes": str(stage.where),
        "nodes": list(stage.nodes),
        "channel": stage.channel,
        "entries": us["entries"],
        "receipts": us["receipts"],
        "standing": {
            ref: {party: facts[party]["standing"].get(ref) for party in SIDES}
            for ref in {**us["standing"], **ru["standing"]}
        },
        "suspension": left,
        "alert": warning.found(stage, facts),
        "talk": talking.found(stage, facts),
        "reciprocity_equal": us["figures"] == ru["figures"],
        "exhibits": [{key: one[key] for key in ("sha256", "bytes", "verified_by")} for one in us["exhibits"]],
        **checked,
    }
    return {**found, "differences": [*_differences(facts, checked, left), *_unproven(found)]}


def _checked(stage: Stage) -> dict[str, Any]:
    """Export, verify, check and derive anew, both nodes at a time."""
    exports = {party: stage.where / name for party, name in _EXPORTS.items()}
    results({party: comity(stage.nodes[party], "export", stage.channel, exports[party]) for party in SIDES})
    verified = results({party: comity(None, "verify", exports[party]) for party in SIDES})
    fsck = results({party: comity(stage.nodes[party], "fsck") for party in SIDES})
    rebuilt = results({party: comity(stage.nodes[party], "rebuild") for party in SIDES})
    return {
        "witnessed": {party: _witnessed(verified[party], party) for party in SIDES},
        "figures": counting.verified(stage, exports),
        "verify": {
            "ok": all(one["ok"] for one in verified.values()),
            **_counted(verified["us"]),
            "exports": {party: _counted(one) for party, one in verified.items()},
        },
        "fsck": {party: found["ok"] for party, found in fsck.items()},
        "projections_rebuilt_equal": all(found["equal"] for found in rebuilt.values()),
    }


def _counted(verified: dict[str, Any]) -> dict[str, int]:
    return {what: verified.get(what, 0) for what in ("entries", "signatures")}


def _witnessed(verified: dict[str, Any], party: str) -> int:
    """How many entries of a log the witness saw, as a stranger reads it in the export of its author."""
    seen = (one["values"] for one in verified.get("proven", ()) if one["code"] == "witnessed")
    return max((one["size"] for one in seen if one["party"] == party), default=0)


def _suspension(stage: Stage, facts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What the suspension came to: what was found while it lasted, and whether both read its end."""
    ref = stage.refs[SUSPENSION]
    return {
        "frozen": stage.left["frozen"],
        "obligations_equal": stage.left["obligations_equal"],
        "lodged_meanwhile": len(stage.left["waiting"]),
        "resumed": all(said["standing"].get(ref) == "resumed" for said in facts.values()),
    }


def _differences(
    facts: dict[str, dict[str, Any]], checked: dict[str, Any], left: dict[str, Any]
) -> list[str]:
    """What is not as it should be; nothing, if both records agree and hold."""
    us, ru = (facts[party] for party in SIDES)
    found = [f"the two nodes do not agree on {what}" for what in _SAME if us[what] != ru[what]]
    for party, said in facts.items():
        if any(count["authored"] != count["receipted"] for count in said["receipts"].values()):
            found.append(f"not everything is receipted on the node of {party}")
        if not said["standing"] or not said["exhibits"]:
            found.append(f"the node of {party} has no request or no exhibit")
        if not all(one["verified_by"] for one in said["exhibits"]):
            found.append(f"an exhibit was not hashed again, by the node of {party}")
        if said["waiting"]:
            found.append(f"what was lodged in the suspension still waits on the node of {party}")
    found += [
        f"fsck found something wrong on the node of {party}"
        for party, ok in checked["fsck"].items()
        if not ok
    ]
    if not all(left.values()):
        found.append("the suspension held nothing up, was not resumed, or what was owed in it differs")
    if not checked["verify"]["ok"]:
        found.append("an export does not verify")
    if not checked["projections_rebuilt_equal"]:
        found.append("projections derived anew differ from those that were there")
    return found


def _unproven(found: dict[str, Any]) -> list[str]:
    """What a stranger does not find in what was exported and published, though it should be there."""
    unseen = [party for party, size in found["witnessed"].items() if size != found["entries"][party]]
    told = [f"the witness did not mark the whole log of {party}" for party in unseen]
    if not found["alert"]["acknowledged"]:
        told.append("the alert is not acknowledged on both nodes")
    spoke = found["talk"]
    if (
        not spoke["messages"]
        or spoke["received"] != spoke["messages"]
        or len(spoke["opened_by"]) != len(SIDES)
    ):
        told.append("what was said in the talk was not received by both nodes and opened by both desks")
    said = found["figures"]
    if not (said["stated"] and said["agreed"] and said["published_equal"] and all(said["verified"].values())):
        told.append("the figures were not stated and agreed, or what was published of them does not verify")
    return told


def lines(found: dict[str, Any]) -> list[str]:
    """The report for people."""
    entries = ", ".join(f"{party} {count}" for party, count in found["entries"].items())
    verified = found["verify"]
    return [
        f"channel {found['channel']}: entries {entries}; all receipted",
        *(
            f"{ref}: " + ", ".join(f"{party} reads {state}" for party, state in read.items())
            for ref, read in found["standing"].items()
        ),
        _left(found["suspension"]),
        _figures(found["figures"]),
        _talk(found["talk"]),
        "witnessed: " + ", ".join(f"{size} entries of {party}" for party, size in found["witnessed"].items()),
        f"{len(found['exhibits'])} exhibits, each hashed by both sides",
        f"verified offline: {verified['entries']} entries, {verified['signatures']} signatures",
        *found["differences"],
        f"{found['seconds']} seconds",
    ]


def _talk(found: dict[str, Any]) -> str:
    """The talk in a line."""
    return (
        f"talk: {found['messages']} messages, {found['received']} received,"
        f" opened by {' and '.join(found['opened_by']) or 'nobody'}; receipted within {found['p95_ms']} ms"
    )


def _left(found: dict[str, Any]) -> str:
    """The suspension in a line."""
    back = "resumed on terms" if found["resumed"] else "not resumed"
    return (
        f"suspended: {found['frozen']} procedure stood still, {found['lodged_meanwhile']} act waited; {back}"
    )


def _figures(found: dict[str, Any]) -> str:
    """The statement of figures in a line."""
    came = "come out" if all(found["verified"].values()) else "do not come out"
    return (
        f"{found['ref']}: figures stated by {found['stated'] or 'nobody'}, "
        f"agreed by {found['agreed'] or 'nobody'}; they {came} when a stranger counts again"
    )
