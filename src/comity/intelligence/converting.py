"""Objects of STIX 2.0 as those of 2.1, by the differences between the two.

An observation of 2.0 holds what was observed within itself; in 2.1 each thing stands for itself, under the
identifier that everybody gives it. Names that 2.1 does not know are kept as they stand.

Follows: OASIS, STIX 2.0 parts 1, 2 and 4; STIX 2.1, 4, 6 and appendix E.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, Final

from comity.intelligence.identifiers import identifier
from comity.intelligence.objects import forms
from comity.intelligence.reading import Item

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What 2.0 asked for as labels, 2.1 has as types of its own besides.
_TYPES: Final[Mapping[str, str]] = {
    "indicator": "indicator_types",
    "malware": "malware_types",
    "report": "report_types",
    "threat-actor": "threat_actor_types",
    "tool": "tool_types",
}
# What 2.1 requires and 2.0 left open. Malware of 2.0 is a family or one of its samples: catalogues of it had
# families.
_ADDED: Final[Mapping[str, Mapping[str, Any]]] = {
    "indicator": {"pattern_type": "stix", "pattern_version": "2.0"},
    "malware": {"is_family": True},
}
_RENAMED: Final[Mapping[str, Mapping[str, str]]] = {
    "process": {"created": "created_time", "binary_ref": "image_ref"},
    "windows-registry-key": {"modified": "modified_time"},
    "user-account": {"password_last_changed": "credential_last_changed"},
}


def is_older(value: Mapping[str, Any]) -> bool:
    """Whether an object is one of 2.0: it does not say which version it is of, and is no observable."""
    form = forms().get(str(value.get("type")))
    return "spec_version" not in value and form is not None and form.sort != "sco"


def converted(item: Item) -> Iterator[Item]:
    """An object of 2.0 as one of 2.1, or as several: what was observed, then the observation.

    What is noted of it stays noted: who converts mends nothing.
    """
    if item.flaws:
        yield item
        return
    value = dict(item.value)
    type_ = str(value.get("type"))
    observed = value.get("objects")
    if type_ == "observed-data" and isinstance(observed, dict) and observed:
        things = _things(str(value.get("id")), observed)
        yield from (_item(item, thing) for thing in things.values())
        del value["objects"]
        value["object_refs"] = [thing["id"] for thing in things.values()]
    if type_ in _TYPES and isinstance(value.get("labels"), list):
        value.setdefault(_TYPES[type_], value["labels"])
    yield _item(item, {**value, "spec_version": "2.1", **_ADDED.get(type_, {})})


def _item(item: Item, value: Mapping[str, Any]) -> Item:
    return Item(item.position, json.dumps(value, ensure_ascii=False), value, item.flaws)


def _things(within: str, observed: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What was observed, each under an identifier; what refers to another does so by that."""
    found = {key: _renamed(one) for key, one in observed.items() if isinstance(one, dict)}
    ids: dict[str, str] = {}
    for key in found:
        _name(key, found, ids, within)
    return {
        key: {**_referring(one, ids), "spec_version": "2.1", "id": ids[key]} for key, one in found.items()
    }


def _name(key: str, found: Mapping[str, dict[str, Any]], ids: dict[str, str], within: str) -> None:
    """Give one thing its identifier, after those it is named by; where they go round, by where it stands."""
    waiting = [key]
    while waiting:
        current = waiting[-1]
        one = found[current]
        form = forms().get(str(one.get("type")))
        names = form.names if form else ()
        before = [str(one[name]) for name in names if name.endswith("_ref") and name in one]
        missing = [ref for ref in before if ref in found and ref not in ids and ref not in waiting]
        if missing:
            waiting.append(missing[0])
            continue
        waiting.pop()
        type_ = str(one.get("type"))
        own = identifier(type_, _referring(one, ids)) if form else None
        ids.setdefault(current, own or f"{type_}--{uuid.uuid5(uuid.NAMESPACE_URL, f'{within}#{current}')}")


def _renamed(one: Mapping[str, Any]) -> dict[str, Any]:
    names = _RENAMED.get(str(one.get("type")), {})
    return {names.get(name, name): said for name, said in one.items()}


def _referring(one: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    said = dict(one)
    for name, value in one.items():
        if name.endswith("_ref") and isinstance(value, str):
            said[name] = ids.get(value, value)
        elif name.endswith("_refs") and isinstance(value, list):
            said[name] = [ids.get(ref, ref) if isinstance(ref, str) else ref for ref in value]
    return said
