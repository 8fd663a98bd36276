"""What can go wrong in running an exercise, said so that it can be mended."""

from __future__ import annotations

from comity.errors import OurFault


class NoSuchScript(OurFault):
    """There is no script of that name or at that path."""

    code = "no-such-script"
    default_hint = "comity exercise list"


class NotPrepared(OurFault):
    """The directory holds no exercise that was prepared by this script."""

    code = "exercise-not-prepared"
    default_hint = "comity exercise prepare SCRIPT --in DIR --trainee FILE"


class PlaceTaken(OurFault):
    """The directory holds something else, or an exercise is being run in it."""

    code = "exercise-place-taken"
    default_hint = "choose another directory with --in, or stop what runs there"


class SameParty(OurFault):
    """The trainee is one of the parties that the script plays."""

    code = "exercise-same-party"
    default_hint = "write another code for that party into a copy of the script"


class CastFailed(OurFault):
    """A scripted party could not do what the exercise needs of it."""

    code = "exercise-cast"
