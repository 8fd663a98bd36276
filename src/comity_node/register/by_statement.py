"""Steps of migrations that change the database alone, by statements of its own."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


class ByStatement(Operation):
    """What no model says.

    Django's own ``RunPython`` builds every model anew for each such step, in case the step reads them. None
    of these does, and there are two dozen: a node would be made in a quarter more time.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """No model changes."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002 - Django's signature
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 - as above
        to_state: ProjectState,  # noqa: ARG002 - as above
    ) -> None:
        """Make it."""
        self.add(schema_editor)

    def database_backwards(
        self,
        app_label: str,  # noqa: ARG002 - Django's signature
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 - as above
        to_state: ProjectState,  # noqa: ARG002 - as above
    ) -> None:
        """Take it away."""
        self.remove(schema_editor)

    @abstractmethod
    def add(self, editor: BaseDatabaseSchemaEditor) -> None:
        """Make it, in the way of the editor's database."""

    @abstractmethod
    def remove(self, editor: BaseDatabaseSchemaEditor) -> None:
        """Take away what ``add`` made."""
