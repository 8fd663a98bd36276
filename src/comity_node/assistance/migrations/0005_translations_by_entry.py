from django.db import migrations, models


class Migration(migrations.Migration):
    """Which entry a translation attached later is of; ``comity rebuild`` fills it for what stood before."""

    dependencies = [("assistance", "0004_saved_filters")]

    operations = [
        migrations.CreateModel(
            name="Translation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        primary_key=True, auto_created=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("translated", models.CharField(max_length=120)),
                ("party", models.CharField(max_length=40)),
                ("entry", models.CharField(max_length=120)),
                ("index", models.PositiveBigIntegerField()),
                ("is_certified", models.BooleanField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["channel", "translated", "party", "-is_certified", "-index"],
                        name="translation_by_entry",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "ref"), name="one_translation_of_a_reference")
                ],
            },
        ),
    ]
