"""What was in use once stays to be read."""

from __future__ import annotations

from django.db import migrations

from comity_node.register.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_what_is_known")]
    operations = [AppendOnly("parties_taken")]
