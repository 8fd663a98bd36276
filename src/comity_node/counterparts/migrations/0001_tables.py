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
            name="ClockSeen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                ("ahead", models.FloatField()),
                ("within", models.FloatField()),
                ("recent", models.JSONField()),
                ("read_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Ceremony",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agreed", models.BooleanField()),
                (
                    "path",
                    models.CharField(
                        choices=[
                            ("in person", "in person"),
                            ("telephone", "by telephone, on a number known before"),
                            ("video", "by video, each knowing the other's face"),
                            ("introduction", "not compared: introduced by others"),
                        ],
                        max_length=16,
                    ),
                ),
                ("with_whom", models.CharField(max_length=200)),
                ("office", models.CharField(max_length=64)),
                ("held_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "held_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Passport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("party", models.CharField(db_index=True, max_length=40)),
                ("version", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("note", models.BinaryField()),
                ("ours", models.BooleanField()),
                ("stored_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "stored_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Introduction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("introducer", models.CharField(db_index=True, max_length=40)),
                ("party", models.CharField(db_index=True, max_length=40)),
                ("to", models.CharField(max_length=40)),
                ("ours", models.BooleanField()),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("note", models.BinaryField()),
                ("stored_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "stored_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "passport",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="introductions",
                        to="counterparts.passport",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Counterpart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("party", models.CharField(max_length=40, unique=True)),
                ("is_stopped", models.BooleanField(default=False)),
                (
                    "ceremony",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counterparts.ceremony",
                    ),
                ),
                (
                    "passport",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counterparts.passport",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="ceremony",
            name="passport",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ceremonies",
                to="counterparts.passport",
            ),
        ),
        migrations.AddConstraint(
            model_name="passport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ours", True)), fields=("version",), name="one_own_passport_of_a_version"
            ),
        ),
    ]
