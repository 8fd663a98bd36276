"""The tables of this part of the node."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32, unique=True)),
                ("counterpart", models.CharField(max_length=40)),
                ("proposed_by", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=40)),
                ("label", models.CharField(max_length=120)),
                ("purpose", models.TextField()),
                ("charter", models.JSONField()),
                ("answer", models.JSONField()),
                ("instruments", models.JSONField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("proposed_at", models.DateTimeField()),
                ("exercise", models.BooleanField()),
                ("irregular", models.PositiveIntegerField()),
                ("suspended", models.JSONField(default=list)),
                ("suspended_elsewhere", models.JSONField(default=list)),
                ("amendments", models.JSONField(default=list)),
                ("notices", models.JSONField(default=list)),
                ("closings", models.JSONField(default=list)),
                ("languages", models.JSONField(default=list)),
                ("coordinators", models.JSONField(default=dict)),
                ("ends_on", models.DateField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("succeeds", models.CharField(blank=True, max_length=32)),
                ("within", models.CharField(blank=True, max_length=32)),
                ("parties", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["proposed_at", "channel"],
            },
        ),
    ]
