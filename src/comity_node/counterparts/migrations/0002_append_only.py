"""What was received, and what officers compared, stays as it was."""

from __future__ import annotations

from django.db import migrations

from comity_node.register.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("counterparts", "0001_trust")]
    operations = [AppendOnly("counterparts_passport"), AppendOnly("counterparts_ceremony")]
