"""What is known of those who attack: observables, recognised in what somebody pastes."""

from __future__ import annotations

from comity.intelligence.observables import MOST, Observable, Recognised, Sort, harmless, recognise

__all__ = ["MOST", "Observable", "Recognised", "Sort", "harmless", "recognise"]
