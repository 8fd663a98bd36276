"""Where a procedure stands: a pure fold over the acts both Parties hold."""

from comity.lifecycle.fold import Refusal, fold, judge
from comity.lifecycle.governing import Table, governing, tables
from comity.lifecycle.obligations import Obligation, obligations
from comity.lifecycle.standing import Act, Clock, Condition, Judged, LaterDay, Standing
from comity.lifecycle.suspensions import Bearing, Suspension, Suspensions
from comity.lifecycle.terms import Term

__all__ = [
    "Act",
    "Bearing",
    "Clock",
    "Condition",
    "Judged",
    "LaterDay",
    "Obligation",
    "Refusal",
    "Standing",
    "Suspension",
    "Suspensions",
    "Table",
    "Term",
    "fold",
    "governing",
    "judge",
    "obligations",
    "tables",
]
