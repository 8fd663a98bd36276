"""What is known of those who attack: objects of STIX, and observables recognised in what somebody pastes."""

from __future__ import annotations

from comity.intelligence.converting import converted, is_older
from comity.intelligence.errors import MalformedBundle, MalformedObject
from comity.intelligence.objects import Object, checked
from comity.intelligence.observables import MOST, Observable, Recognised, Sort, harmless, recognise
from comity.intelligence.reading import Item, Limits, read
from comity.intelligence.taking import Refused, take

__all__ = [
    "MOST",
    "Item",
    "Limits",
    "MalformedBundle",
    "MalformedObject",
    "Object",
    "Observable",
    "Recognised",
    "Refused",
    "Sort",
    "checked",
    "converted",
    "harmless",
    "is_older",
    "read",
    "recognise",
    "take",
]
