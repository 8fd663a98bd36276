"""Internal notes are added and never changed."""

from __future__ import annotations

from django.db import migrations

from comity_node.register.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("assistance", "0001_tables")]
    operations = [AppendOnly("assistance_note")]
