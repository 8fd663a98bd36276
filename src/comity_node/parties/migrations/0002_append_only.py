"""Which data on parties were taken over is added and never changed."""

from __future__ import annotations

from django.db import migrations

from comity_node.register.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_tables")]
    operations = [AppendOnly("parties_taken")]
