"""Every failure the core can report.

Two families, because they call for different remedies::

    ComityError
    ├── OurFault            we asked for something that cannot be done; nothing was recorded
    └── CounterpartBreach   what arrived breaks the protocol; it was refused whole

A refusal foreseen by a rule is a returned value, not an exception. ``str()`` of an error says what did
not happen and why; ``hint`` says what can be done now; ``code`` is permanent and machine-readable.
"""

from __future__ import annotations

from typing import ClassVar


class ComityError(Exception):
    """Something did not happen, for a stated reason. Never raised itself: raise a named error."""

    code: ClassVar[str] = ""
    default_hint: ClassVar[str] = ""

    def __init__(self, message: str, *, hint: str = "") -> None:
        """Say what did not happen and why; ``hint`` says what to do now."""
        if not self.code:
            raise TypeError(f"{type(self).__name__} has no code: raise one of its named subclasses")
        super().__init__(message)
        self.hint = hint or self.default_hint


class OurFault(ComityError):
    """We asked for something the protocol or the instrument does not allow."""


class CounterpartBreach(ComityError):
    """What arrived from outside breaks the protocol."""


# --- names ------------------------------------------------------------------------------------------


class BadName(CounterpartBreach):
    """A party code, channel id, origin or entry reference is not in the form it must have."""

    code = "bad-name"


# --- keys -------------------------------------------------------------------------------------------


class BadPublicKey(CounterpartBreach):
    """A public key is malformed, or so chosen that nothing done with it would bind its holder."""

    code = "bad-public-key"
    default_hint = "ask the counterpart for a passport with a freshly generated key"


class BadSecretKey(OurFault):
    """A secret key of ours cannot be read."""

    code = "bad-secret-key"
    default_hint = "restore the key from its backup"


# --- tlog -------------------------------------------------------------------------------------------


# --- entries ----------------------------------------------------------------------------------------


class MalformedEntry(CounterpartBreach):
    """An entry is not in the form the specification gives."""

    code = "malformed-entry"


# --- instruments and lifecycle ----------------------------------------------------------------------


# --- mirror and channel -----------------------------------------------------------------------------
