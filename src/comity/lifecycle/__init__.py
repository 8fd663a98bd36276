"""Where a procedure stands: a pure fold over the acts both Parties hold."""

from comity.lifecycle.fold import Refusal, fold, judge
from comity.lifecycle.governing import Table, governing, tables
from comity.lifecycle.standing import Act, Clock, Condition, Judged, LaterDay, Standing

__all__ = [
    "Act",
    "Clock",
    "Condition",
    "Judged",
    "LaterDay",
    "Refusal",
    "Standing",
    "Table",
    "fold",
    "governing",
    "judge",
    "tables",
]
