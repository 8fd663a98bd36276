"""Judge what a counterpart offers of its log, and put our receipt on it, or prove its misconduct."""

from comity.mirror.consider import Accepted, AlreadyHeld, Fresh, Held, Judgement, Offer, SendFrom, consider
from comity.mirror.fork import ForkProof, signed_checkpoint
from comity.mirror.receipt import Receipt, give_receipt, read_receipt, stated_at
from comity.mirror.returning import Returned, in_causal_order

__all__ = [
    "Accepted",
    "AlreadyHeld",
    "ForkProof",
    "Fresh",
    "Held",
    "Judgement",
    "Offer",
    "Receipt",
    "Returned",
    "SendFrom",
    "consider",
    "give_receipt",
    "in_causal_order",
    "read_receipt",
    "signed_checkpoint",
    "stated_at",
]
