"""Enter a node: from here on this process is that node, as its pages and its courier are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from comity.errors import OurFault
from comity_node import home as homes

SETTINGS: Final = "DJANGO_SETTINGS_MODULE"
PRODUCTION: Final = "comity_node.settings.production"


class OtherNode(OurFault):
    """One process is one node: it cannot turn into another."""

    code = "other-node"


def enter(home: str | Path | None) -> None:
    """Load the settings of the node in ``home``.

    Raises:
        BadHome: There is no node there.
        OtherNode: This process is another node already.
    """
    from django.apps import apps

    if home is not None:
        os.environ[homes.VARIABLE] = str(Path(home).absolute())
    if not apps.ready:
        import django

        homes.find()
        os.environ.setdefault(SETTINGS, PRODUCTION)
        django.setup()
    from django.conf import settings

    if home is not None and settings.NODE.path != Path(home).absolute():
        raise OtherNode(f"this process is the node in {settings.NODE.path} and cannot be that in {home}")


class NotMigrated(OurFault):
    """The database lacks tables this version of Comity needs, or has those of a later one."""

    code = "not-migrated"
    default_hint = "back the node up, then run `comity serve --migrate`"


def must_be_migrated() -> None:
    """Make sure the database is as this version of Comity expects it.

    Raises:
        NotMigrated: It is not.
    """
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        waiting = ", ".join(str(migration) for migration, _ in plan[:3])
        raise NotMigrated(f"the node was not started: {len(plan)} changes of the database wait ({waiting})")
