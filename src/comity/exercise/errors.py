"""What can be wrong with the script of an exercise."""

from __future__ import annotations

from comity.errors import OurFault


class MalformedScript(OurFault):
    """The script of an exercise cannot be played as it is written."""

    code = "malformed-script"
    default_hint = "mend the line, then: comity exercise show FILE; the form is in docs/spec/exercises.md"
