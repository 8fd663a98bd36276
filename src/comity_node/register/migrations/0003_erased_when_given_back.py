"""Content that was not given back with its entry may still be marked as erased, by an act that came later."""

from __future__ import annotations

from django.db import migrations

from comity_node.register.append_only import Allowing, AppendOnly

_SAME = "NEW.sha256 = OLD.sha256 AND NEW.size = OLD.size"


class Migration(migrations.Migration):
    dependencies = [("register", "0002_receipt_by_size")]
    operations = [
        Allowing(
            "register_payload",
            unless=f"OLD.sealed IS NOT NULL AND NEW.sealed IS NULL AND NEW.erased_at IS NOT NULL AND {_SAME}",
        ),
        AppendOnly(
            "register_payload",
            unless=f"OLD.erased_at IS NULL AND NEW.sealed IS NULL AND NEW.erased_at IS NOT NULL AND {_SAME}",
        ),
    ]
