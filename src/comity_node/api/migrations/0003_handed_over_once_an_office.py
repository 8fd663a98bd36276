"""Two offices may each have the same act prepared; apart from 0002, since rows were written there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0002_handed_to_an_office"),
    ]

    operations = [
        migrations.RemoveField("handedover", "draft_number"),
        migrations.AlterField(
            "handedover",
            "office",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="officials.office"
            ),
        ),
        migrations.RemoveConstraint("handedover", "handed_over_once"),
        migrations.AddConstraint(
            "handedover",
            models.UniqueConstraint(fields=["channel", "ref", "act", "office"], name="handed_over_once"),
        ),
    ]
