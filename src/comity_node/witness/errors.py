"""What may be told when a witness does not cosign."""

from __future__ import annotations

from comity.errors import CounterpartBreach


class WitnessRefused(CounterpartBreach):
    """A witness did not cosign, or answered with something that is not its cosignature."""

    code = "witness-refused"
    default_hint = "the record stands without it; `comity doctor` says which witness to ask about"
