"""Forms that documents are read into are learnt before anything is read.

msgspec learns a form the first time it reads one, and hands it out before it has learnt all of it: a second
thread that reads the same form meanwhile ends the process. So a form is learnt where it is defined, while its
module is loaded by one thread and waited for by the others.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

_Form = TypeVar("_Form", bound=msgspec.Struct)


def learnt(form: type[_Form]) -> type[_Form]:
    """Let documents be read into this form from any thread; decorates every form of this kind."""
    msgspec.json.Decoder(form)
    return form
