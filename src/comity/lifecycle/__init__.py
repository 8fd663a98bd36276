"""Where a procedure stands: a pure fold over the acts both Parties hold."""

from comity.lifecycle.courses import courses, judged, standings, together
from comity.lifecycle.fold import Refusal, bearing_on, fold, judge
from comity.lifecycle.governing import Table, governing, tables
from comity.lifecycle.jointly import joint, joint_state
from comity.lifecycle.life import Life
from comity.lifecycle.numbering import of_another
from comity.lifecycle.obligations import Obligation, after_closing, obligations
from comity.lifecycle.offers import Unanswered, accepted, unanswered
from comity.lifecycle.positions import positions
from comity.lifecycle.resumption import Resumed, RunsOn, resumption
from comity.lifecycle.standing import Act, Clock, Condition, Judged, LaterDay, Standing
from comity.lifecycle.stated import is_exercise
from comity.lifecycle.suspensions import Bearing, Suspension, Suspensions
from comity.lifecycle.terms import Term
from comity.lifecycle.weight import judged_by_weight, weighty

__all__ = [
    "Act",
    "Bearing",
    "Clock",
    "Condition",
    "Judged",
    "LaterDay",
    "Life",
    "Obligation",
    "Refusal",
    "Resumed",
    "RunsOn",
    "Standing",
    "Suspension",
    "Suspensions",
    "Table",
    "Term",
    "Unanswered",
    "accepted",
    "after_closing",
    "bearing_on",
    "courses",
    "fold",
    "governing",
    "is_exercise",
    "joint",
    "joint_state",
    "judge",
    "judged",
    "judged_by_weight",
    "obligations",
    "of_another",
    "positions",
    "resumption",
    "standings",
    "tables",
    "together",
    "unanswered",
    "weighty",
]
