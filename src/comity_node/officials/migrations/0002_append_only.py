"""The journal is added to; an act is decided once, its text erased with the content of its entry."""

from __future__ import annotations

from django.db import migrations

from comity_node.register.append_only import AppendOnly

_ALWAYS_KEPT = (
    "digest", "sentence", "basis", "verified", "power", "other_office",
    "prepared_by_id", "office", "capacity", "prepared_at",
)  # fmt: skip
_SAME = " AND ".join(f"NEW.{column} = OLD.{column}" for column in _ALWAYS_KEPT)
_DECIDED = f"OLD.state = 'awaiting' AND NEW.act = OLD.act AND NEW.text = OLD.text AND {_SAME}"
_DECISION = ("state", "decided_by_id", "decided_at", "reason", "entry")
_STANDS = " AND ".join(f"(NEW.{one} = OLD.{one} AND NEW.{one} IS NOT NULL)" for one in _DECISION)
_ERASED = f"OLD.state <> 'awaiting' AND OLD.text <> '' AND NEW.text = '' AND {_STANDS} AND {_SAME}"
_WITHOUT_PAYLOAD = {
    "sqlite": "json_remove(NEW.act, '$.payload') = json_remove(OLD.act, '$.payload')"
    " AND json_type(NEW.act, '$.payload') IS 'null'",
    "postgresql": "NEW.act - 'payload' = OLD.act - 'payload'"
    " AND coalesce(NEW.act -> 'payload' = 'null'::jsonb, false)",
}
_UNLESS = {vendor: f"({_DECIDED}) OR ({_ERASED} AND {alike})" for vendor, alike in _WITHOUT_PAYLOAD.items()}


class Migration(migrations.Migration):
    dependencies = [("officials", "0001_tables")]
    operations = [
        AppendOnly("officials_journal"),
        AppendOnly("officials_preparedact", unless=_UNLESS),
    ]
