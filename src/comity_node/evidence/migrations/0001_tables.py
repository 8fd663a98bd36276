"""The tables of this part of the node."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("bytes_here", models.BigIntegerField(default=0)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("idle", models.PositiveIntegerField(default=0)),
                ("strikes", models.PositiveSmallIntegerField(default=0)),
                ("again_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True)),
                ("last_at", models.DateTimeField(null=True)),
                ("brought_by", models.JSONField(default=list)),
                ("distrusted", models.JSONField(default=list)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "ref"), name="one_arrival_of_an_exhibit")
                ],
            },
        ),
        migrations.CreateModel(
            name="CustodyStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("place", models.PositiveIntegerField()),
                ("entry", models.CharField(max_length=120)),
                ("act", models.CharField(max_length=40)),
                ("label", models.CharField(max_length=120)),
                ("party", models.CharField(max_length=40)),
                ("office", models.CharField(max_length=120)),
                ("capacity", models.CharField(max_length=120)),
                ("second_office", models.CharField(blank=True, max_length=120)),
                ("second_capacity", models.CharField(blank=True, max_length=120)),
                ("at", models.DateTimeField()),
                ("receipted_at", models.DateTimeField(null=True)),
                ("basis", models.CharField(blank=True, max_length=300)),
                ("verified", models.CharField(blank=True, max_length=4)),
                ("irregular", models.TextField(blank=True)),
                ("unreadable", models.TextField(blank=True)),
                ("said", models.JSONField(default=dict)),
                ("stated", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["channel", "ref", "place"],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "ref", "place"), name="one_step_at_a_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="Exhibit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("entry", models.CharField(max_length=120)),
                ("provider", models.CharField(max_length=40)),
                ("receiver", models.CharField(max_length=40)),
                ("added_at", models.DateTimeField()),
                ("office", models.CharField(max_length=120)),
                ("state", models.CharField(max_length=20)),
                ("malformed", models.TextField(blank=True)),
                ("object", models.CharField(blank=True, db_index=True, max_length=64)),
                ("name", models.TextField(blank=True)),
                ("media_type", models.CharField(blank=True, max_length=300)),
                ("size", models.BigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("sealed_size", models.BigIntegerField(default=0)),
                ("description", models.TextField(blank=True)),
                ("taken_where", models.CharField(blank=True, max_length=300)),
                ("taken_at", models.CharField(blank=True, max_length=300)),
                ("taken_by", models.CharField(blank=True, max_length=300)),
                ("request", models.CharField(blank=True, max_length=300)),
                ("statement", models.TextField(blank=True)),
                ("tlp", models.CharField(blank=True, max_length=20)),
                ("pap", models.CharField(blank=True, max_length=20)),
                ("limits", models.JSONField(default=list)),
                ("allowed", models.JSONField(default=list)),
                ("asked", models.JSONField(default=list)),
                ("due_at", models.DateTimeField(null=True)),
                ("due_side", models.CharField(blank=True, max_length=6)),
                ("due_label", models.CharField(blank=True, max_length=200)),
                ("due_basis", models.CharField(blank=True, max_length=200)),
                ("due_verified", models.CharField(blank=True, max_length=1)),
                ("due_warn", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["-added_at", "channel", "ref"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_side", "due_at"],
                        name="exhibit_by_clock",
                    ),
                    models.Index(fields=["channel", "object"], name="exhibits_of_a_file"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "ref"), name="one_exhibit_of_a_reference")
                ],
            },
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("party", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=20)),
                ("limits", models.JSONField(default=list)),
                ("allowed", models.JSONField(default=list)),
                ("asked", models.JSONField(default=list)),
                ("stated_at", models.DateTimeField(null=True)),
                ("entry", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["channel", "ref", "party"],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "ref", "party"), name="one_holding_of_a_party")
                ],
            },
        ),
        migrations.CreateModel(
            name="Intake",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64, unique=True)),
                ("document", models.JSONField()),
                ("limits", models.JSONField(default=list)),
                ("sealed_to", models.JSONField(default=list)),
                ("sealed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("entry", models.CharField(blank=True, max_length=120)),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
