from django.db import migrations, models


class Migration(migrations.Migration):
    """Comparisons with the authentic text, so that they stand wherever the text is cited."""

    dependencies = [("assistance", "0005_translations_by_entry")]

    operations = [
        migrations.CreateModel(
            name="Comparison",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        primary_key=True, auto_created=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("party", models.CharField(max_length=40)),
                ("other", models.CharField(blank=True, max_length=40)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("rule", models.CharField(blank=True, max_length=200)),
                ("compared_on", models.DateField(null=True)),
                ("agrees", models.BooleanField()),
                ("state", models.CharField(blank=True, max_length=60)),
                ("label", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "ref"), name="one_comparison_of_a_reference")
                ],
                "indexes": [models.Index(fields=["channel", "at"], name="comparison_by_channel")],
            },
        ),
    ]
