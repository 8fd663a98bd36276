"""The journal only grows, and what waits for approval never changes its text."""

from __future__ import annotations

from django.db import migrations

from comity_node.register.append_only import AppendOnly

_KEPT = (
    "act", "text", "digest", "sentence", "basis", "verified", "power", "other_office",
    "prepared_by_id", "office", "capacity", "prepared_at",
)  # fmt: skip
_DECISION_ONLY = " AND ".join(
    ["OLD.state = 'awaiting'", *(f"NEW.{column} = OLD.{column}" for column in _KEPT)]
)


class Migration(migrations.Migration):
    dependencies = [("officials", "0001_people")]
    operations = [
        AppendOnly("officials_journal"),
        AppendOnly("officials_preparedact", unless=_DECISION_ONLY),
    ]
