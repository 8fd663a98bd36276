"""Passports, comparisons and introductions are added and never changed."""

from __future__ import annotations

from django.db import migrations

from comity_node.register.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("counterparts", "0001_tables")]
    operations = [
        AppendOnly("counterparts_passport"),
        AppendOnly("counterparts_ceremony"),
        AppendOnly("counterparts_introduction"),
    ]
