"""Figures of reciprocity: one pure function of the record, so that everybody counts alike."""

from comity.reciprocity.document import document, encoded
from comity.reciprocity.figures import (
    ALL,
    FIGURES,
    By,
    Case,
    Cut,
    Extent,
    Figures,
    Line,
    Response,
    at_the_end_of,
    count,
    period_of,
)
from comity.reciprocity.stating import (
    CountedLine,
    CountedTerms,
    Difference,
    Head,
    StatedFigures,
    differences,
    read_figures,
    stated_figures,
)
from comity.reciprocity.terms import TermLine, count_terms

__all__ = [
    "ALL",
    "FIGURES",
    "By",
    "Case",
    "CountedLine",
    "CountedTerms",
    "Cut",
    "Difference",
    "Extent",
    "Figures",
    "Head",
    "Line",
    "Response",
    "StatedFigures",
    "TermLine",
    "at_the_end_of",
    "count",
    "count_terms",
    "differences",
    "document",
    "encoded",
    "period_of",
    "read_figures",
    "stated_figures",
]
