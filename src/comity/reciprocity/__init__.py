"""Figures of reciprocity: one pure function of the record, so that everybody counts alike."""

from comity.reciprocity.document import document, encoded
from comity.reciprocity.figures import FIGURES, Case, Figures, Line, Response, at_the_end_of, count
from comity.reciprocity.terms import TermLine, count_terms

__all__ = [
    "FIGURES",
    "Case",
    "Figures",
    "Line",
    "Response",
    "TermLine",
    "at_the_end_of",
    "count",
    "count_terms",
    "document",
    "encoded",
]
