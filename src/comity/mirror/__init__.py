"""Judge what a counterpart offers of its log, and put our receipt on it, or prove its misconduct."""

from comity.mirror.consider import (
    Accepted,
    AlreadyHeld,
    Awaits,
    Fresh,
    Held,
    Judgement,
    Offer,
    SendFrom,
    consider,
)
from comity.mirror.fork import ForkProof
from comity.mirror.generations import Generation, every_key, generations, signed_checkpoint
from comity.mirror.paper import PaperReceipt
from comity.mirror.receipt import Receipt, give_receipt, read_receipt, stated_at
from comity.mirror.returning import Returned, check_claims

__all__ = [
    "Accepted",
    "AlreadyHeld",
    "Awaits",
    "ForkProof",
    "Fresh",
    "Generation",
    "Held",
    "Judgement",
    "Offer",
    "PaperReceipt",
    "Receipt",
    "Returned",
    "SendFrom",
    "check_claims",
    "consider",
    "every_key",
    "generations",
    "give_receipt",
    "read_receipt",
    "signed_checkpoint",
    "stated_at",
]
