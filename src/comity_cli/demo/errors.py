"""What can go wrong in a demonstration, said so that it can be mended."""

from __future__ import annotations

from comity.errors import OurFault


class PageFault(OurFault):
    """A page did not offer what the scene needs, or did not accept what was filled in."""

    code = "demo-page"


class SceneFailed(OurFault):
    """A scene of the demonstration could not be played to its end."""

    code = "demo-scene"


class InTheWay(OurFault):
    """The directory for the demonstration's nodes holds something else."""

    code = "demo-directory"
    default_hint = "choose another directory with --keep, or remove that one"
