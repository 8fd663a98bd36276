"""The legal bases of cooperation as data a lawyer reads: instruments and their procedures."""

from comity.instruments.citation import Cited, Mark
from comity.instruments.library import library
from comity.instruments.model import (
    Article,
    AssistanceType,
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
    Statement,
    Stated,
    Step,
    Wait,
)

__all__ = [
    "ActRule",
    "Article",
    "AssistanceType",
    "Cited",
    "ClockRule",
    "Condition",
    "Defect",
    "Fact",
    "Field",
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
    "digest",
    "library",
    "parse_instrument",
]
