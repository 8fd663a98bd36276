"""A draft says who made its translation, and by whom it is certified."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Drafts that were begun before name nobody."""

    dependencies = [("assistance", "0002_handling")]
    operations = [
        migrations.AddField("draft", "translated_by", models.JSONField(default=dict)),
    ]
