"""The tables of this part of the node."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="LineReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("party", models.CharField(max_length=40, unique=True)),
                ("tried_at", models.DateTimeField()),
                ("heard_at", models.DateTimeField(null=True)),
                ("because", models.TextField(blank=True)),
            ],
        ),
    ]
