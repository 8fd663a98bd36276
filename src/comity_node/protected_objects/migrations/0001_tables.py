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
            name="Keeping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("is_first", models.BooleanField(default=False)),
                ("root", models.CharField(max_length=64, unique=True)),
                ("leaves", models.BigIntegerField()),
                ("sort", models.CharField(max_length=12)),
                ("stated", models.JSONField()),
                ("title", models.CharField(max_length=200)),
                ("purpose", models.TextField()),
                ("document", models.JSONField()),
                ("kept_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="KeptValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveIntegerField()),
                ("sort", models.CharField(max_length=12)),
                ("value", models.CharField(max_length=300)),
                ("low", models.CharField(blank=True, max_length=40)),
                (
                    "keeping",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="protected_objects.keeping",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ListedObject",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("source", models.CharField(max_length=120)),
                ("place", models.PositiveIntegerField()),
                ("version", models.CharField(max_length=120)),
                ("ours", models.BooleanField()),
                ("revealed", models.BooleanField()),
                ("leaf", models.CharField(blank=True, max_length=64)),
                ("name", models.CharField(max_length=300)),
                ("sector", models.CharField(max_length=40)),
                ("said", models.JSONField(default=dict)),
                ("doubt", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["channel", "ref", "source", "place"],
                "indexes": [models.Index(fields=["name"], name="object_by_name")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "ref", "source", "place"), name="one_object_at_a_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ListedValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("source", models.CharField(max_length=120)),
                ("place", models.PositiveIntegerField()),
                ("sort", models.CharField(max_length=12)),
                ("value", models.CharField(max_length=300)),
                ("low", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["sort", "value"], name="object_by_value"),
                    models.Index(fields=["sort", "low"], name="object_by_network"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "ref", "source", "place", "sort", "value"),
                        name="one_value_of_an_object",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProtectedList",
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
                ("declarer", models.CharField(max_length=40)),
                ("ours", models.BooleanField()),
                ("declared_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("version", models.CharField(max_length=120)),
                ("number", models.PositiveIntegerField()),
                ("sort", models.CharField(max_length=12)),
                ("root", models.CharField(max_length=64)),
                ("leaves", models.BigIntegerField()),
                ("valid_from", models.CharField(blank=True, max_length=10)),
                ("valid_until", models.CharField(blank=True, max_length=10)),
                ("sought", models.JSONField(default=list)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("purpose", models.TextField(blank=True)),
                ("content", models.CharField(max_length=12)),
                ("doubt", models.TextField(blank=True)),
                ("objects_shown", models.PositiveIntegerField(default=0)),
                ("state", models.CharField(max_length=60)),
                ("label", models.CharField(max_length=200)),
                ("final", models.BooleanField()),
                ("irregular", models.PositiveIntegerField(default=0)),
                ("exercise", models.BooleanField()),
                ("due_at", models.DateTimeField(null=True)),
                ("due_side", models.CharField(blank=True, max_length=6)),
                ("due_label", models.CharField(blank=True, max_length=200)),
                ("due_basis", models.CharField(blank=True, max_length=200)),
                ("due_verified", models.CharField(blank=True, max_length=1)),
                ("due_warn", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["-declared_at", "channel", "ref"],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "ref"), name="one_list_of_a_reference")
                ],
            },
        ),
        migrations.CreateModel(
            name="Undertaken",
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
                ("state", models.CharField(max_length=60)),
                ("label", models.CharField(max_length=200)),
                ("undertaking", models.JSONField(default=list)),
                ("bound_by", models.CharField(blank=True, max_length=120)),
                ("version", models.CharField(blank=True, max_length=120)),
                ("in_part", models.BooleanField(default=False)),
                ("disposal_asked", models.CharField(blank=True, max_length=120)),
                ("disposed", models.CharField(blank=True, max_length=120)),
                ("disposed_at", models.DateTimeField(null=True)),
                ("how", models.CharField(blank=True, max_length=12)),
            ],
            options={
                "ordering": ["channel", "ref", "party"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "ref", "party"), name="one_undertaking_of_a_party"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("what", models.CharField(max_length=12)),
                ("leaf", models.CharField(blank=True, max_length=64)),
                ("office", models.CharField(max_length=120)),
                ("why", models.CharField(max_length=500)),
                ("alert", models.CharField(blank=True, max_length=120)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="keeping",
            index=models.Index(fields=["channel", "ref"], name="keeping_by_ref"),
        ),
        migrations.AddConstraint(
            model_name="keeping",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_first", True)), fields=("ref",), name="one_list_opens_a_reference"
            ),
        ),
        migrations.AddIndex(
            model_name="keptvalue",
            index=models.Index(fields=["sort", "value"], name="kept_by_value"),
        ),
        migrations.AddIndex(
            model_name="keptvalue",
            index=models.Index(fields=["sort", "low"], name="kept_by_network"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["channel", "ref", "at"], name="visit_by_list"),
        ),
    ]
