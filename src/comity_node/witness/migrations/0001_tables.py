"""The tables of this part of the node."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="WitnessedLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("origin", models.CharField(max_length=120, unique=True)),
                ("size", models.BigIntegerField(default=0)),
                ("note", models.BinaryField(default=bytes)),
                ("cosigned_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
