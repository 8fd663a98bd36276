"""Hand-over notes, and that they were read, are added and never changed."""

from __future__ import annotations

from django.db import migrations

from comity_node.register.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("duty", "0001_tables")]
    operations = [AppendOnly("duty_handover"), AppendOnly("duty_readnote")]
