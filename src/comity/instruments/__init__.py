"""The legal bases of cooperation as data a lawyer reads: instruments and their procedures."""

from comity.instruments.check import Finding, check
from comity.instruments.citation import Cited, Mark, weakest
from comity.instruments.library import library
from comity.instruments.model import (
    Article,
    AssistanceType,
    Authority,
    Condition,
    Defect,
    Fact,
    Field,
    Form,
    Ground,
    Instrument,
    NotAGround,
    Party,
    Rule,
)
from comity.instruments.parse import digest, parse_instrument
from comity.instruments.procedure import (
    ActRule,
    ClockRule,
    Gate,
    Procedure,
    Row,
    Side,
    State,
    Stated,
    Statement,
    Step,
    Wait,
)

__all__ = [
    "ActRule",
    "Article",
    "AssistanceType",
    "Authority",
    "Cited",
    "ClockRule",
    "Condition",
    "Defect",
    "Fact",
    "Field",
    "Finding",
    "Form",
    "Gate",
    "Ground",
    "Instrument",
    "Mark",
    "NotAGround",
    "Party",
    "Procedure",
    "Row",
    "Rule",
    "Side",
    "State",
    "Stated",
    "Statement",
    "Step",
    "Wait",
    "check",
    "digest",
    "library",
    "parse_instrument",
    "weakest",
]
