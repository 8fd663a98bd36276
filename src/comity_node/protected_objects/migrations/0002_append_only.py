"""The journal of who opened a list is added to and never changed."""

from __future__ import annotations

from django.db import migrations

from comity_node.register.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("protected_objects", "0001_tables")]
    operations = [AppendOnly("protected_objects_visit")]
