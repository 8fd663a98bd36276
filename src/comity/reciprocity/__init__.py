"""Figures of reciprocity: one pure function of the record, so that everybody counts alike."""

from comity.reciprocity.document import document, encoded
from comity.reciprocity.figures import FIGURES, Case, Figures, Line, Response, count
from comity.reciprocity.terms import TermLine, count_terms

__all__ = [
    "FIGURES",
    "Case",
    "Figures",
    "Line",
    "Response",
    "TermLine",
    "count",
    "count_terms",
    "document",
    "encoded",
]
