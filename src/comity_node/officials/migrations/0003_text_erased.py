"""The text of an act that was decided may be erased with the content of its entry; its digest stays."""

from __future__ import annotations

from django.db import migrations

from comity_node.register.append_only import Allowing, AppendOnly

_ALWAYS_KEPT = (
    "digest", "sentence", "basis", "verified", "power", "other_office",
    "prepared_by_id", "office", "capacity", "prepared_at",
)  # fmt: skip
_SAME = " AND ".join(f"NEW.{column} = OLD.{column}" for column in _ALWAYS_KEPT)
_DECIDED = f"OLD.state = 'awaiting' AND NEW.act = OLD.act AND NEW.text = OLD.text AND {_SAME}"
_ERASED = f"OLD.state <> 'awaiting' AND NEW.state = OLD.state AND NEW.text = '' AND {_SAME}"


class Migration(migrations.Migration):
    dependencies = [("officials", "0002_append_only")]
    operations = [
        Allowing("officials_preparedact", unless=_DECIDED),
        AppendOnly("officials_preparedact", unless=f"({_DECIDED}) OR ({_ERASED})"),
    ]
