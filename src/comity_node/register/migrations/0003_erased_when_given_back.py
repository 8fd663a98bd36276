"""Content not given back with its entry may be marked as erased later; erased content may come again."""

from __future__ import annotations

from django.db import migrations

from comity_node.register.append_only import Allowing, AppendOnly

_ERASED = "(OLD.erased_at IS NULL AND NEW.sealed IS NULL AND NEW.erased_at IS NOT NULL)"
# What was erased may come once more with another entry, under the same digest.
_HELD_AGAIN = "(OLD.sealed IS NULL AND NEW.sealed IS NOT NULL AND NEW.erased_at IS NULL)"
_SAME = "NEW.sha256 = OLD.sha256 AND NEW.size = OLD.size"


class Migration(migrations.Migration):
    dependencies = [("register", "0002_receipt_by_size")]
    operations = [
        Allowing(
            "register_payload",
            unless=f"OLD.sealed IS NOT NULL AND NEW.sealed IS NULL AND NEW.erased_at IS NOT NULL AND {_SAME}",
        ),
        AppendOnly("register_payload", unless=f"({_ERASED} OR {_HELD_AGAIN}) AND {_SAME}"),
    ]
