"""The tables of this part of the node."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("officials", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Comparison",
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
                "indexes": [models.Index(fields=["channel", "at"], name="comparison_by_channel")],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "ref"), name="one_comparison_of_a_reference")
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("requested", models.CharField(blank=True, max_length=40)),
                ("ref", models.CharField(max_length=64, unique=True)),
                ("instrument", models.CharField(max_length=60)),
                ("procedure", models.CharField(max_length=60)),
                ("act", models.CharField(max_length=60)),
                ("title", models.CharField(blank=True, max_length=300)),
                ("types", models.JSONField(default=list)),
                ("stated", models.JSONField(default=dict)),
                ("language", models.CharField(default="en", max_length=35)),
                ("fields", models.JSONField(default=dict)),
                ("translation_language", models.CharField(blank=True, max_length=35)),
                ("translation", models.JSONField(default=dict)),
                ("translated_by", models.JSONField(default=dict)),
                ("exhibits", models.JSONField(default=list)),
                ("marking", models.JSONField(default=dict)),
                ("affected", models.JSONField(default=list)),
                ("arose_from", models.CharField(blank=True, max_length=120)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("entry", models.CharField(blank=True, max_length=120)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "prepared",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="officials.preparedact",
                    ),
                ),
            ],
            options={
                "ordering": ["-updated_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("kinds", models.CharField(max_length=60)),
                ("procedure", models.CharField(max_length=60)),
                ("title", models.TextField()),
                ("content", models.CharField(max_length=12)),
                ("said_by", models.JSONField()),
                ("requesting", models.CharField(max_length=40)),
                ("requested", models.CharField(max_length=40)),
                ("ours", models.BooleanField()),
                ("types", models.JSONField()),
                ("state", models.CharField(max_length=60)),
                ("label", models.CharField(max_length=200)),
                ("final", models.BooleanField()),
                ("turn", models.CharField(max_length=40)),
                ("instrument", models.CharField(max_length=60)),
                ("edition", models.CharField(max_length=60)),
                ("table", models.CharField(max_length=64)),
                ("basis", models.CharField(max_length=200)),
                ("verified", models.CharField(max_length=1)),
                ("lodged_at", models.DateTimeField()),
                ("receipted_at", models.DateTimeField(null=True)),
                ("last_act", models.CharField(max_length=200)),
                ("last_entry", models.CharField(max_length=120)),
                ("last_party", models.CharField(max_length=40)),
                ("last_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("due_for", models.CharField(blank=True, max_length=40)),
                ("due_side", models.CharField(blank=True, max_length=6)),
                ("due_kind", models.CharField(blank=True, max_length=12)),
                ("due_label", models.CharField(blank=True, max_length=200)),
                ("due_basis", models.CharField(blank=True, max_length=200)),
                ("due_verified", models.CharField(blank=True, max_length=1)),
                ("due_warn", models.JSONField(default=list)),
                ("exercise", models.BooleanField()),
                ("unreceipted", models.PositiveIntegerField()),
                ("irregular", models.PositiveIntegerField()),
                ("lodged", models.PositiveIntegerField(default=0)),
                ("suspended", models.BooleanField(default=False)),
                ("conditions", models.JSONField()),
                ("unanswered", models.JSONField(default=dict)),
                ("terms", models.JSONField(default=list)),
                ("positions", models.JSONField(default=dict)),
                ("stage", models.CharField(blank=True, max_length=60)),
                ("arose_from", models.CharField(blank=True, max_length=120)),
                ("severity", models.PositiveSmallIntegerField(null=True)),
                ("severity_here", models.PositiveSmallIntegerField(null=True)),
                ("exhibits", models.JSONField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["last_at", "id"], name="request_by_last_entry"),
                    models.Index(fields=["state", "last_at"], name="request_by_state"),
                    models.Index(fields=["final", "last_at"], name="request_by_end"),
                    models.Index(fields=["ours", "last_at"], name="request_by_side"),
                    models.Index(fields=["title", "ref"], name="request_by_words"),
                    models.Index(fields=["requesting", "id"], name="request_by_party"),
                    models.Index(fields=["basis", "id"], name="request_by_basis"),
                    models.Index(fields=["label", "id"], name="request_by_label"),
                    models.Index(fields=["due_at", "id"], name="request_by_due"),
                    models.Index(fields=["ref"], name="request_by_ref"),
                    models.Index(fields=["kinds", "last_at"], name="request_by_kinds"),
                    models.Index(
                        condition=models.Q(("arose_from", ""), _negated=True),
                        fields=["arose_from"],
                        name="request_by_source",
                    ),
                    models.Index(
                        condition=models.Q(("severity__isnull", False)),
                        fields=["final", "-severity", "last_at"],
                        name="request_by_severity",
                    ),
                    models.Index(fields=["turn", "due_at", "last_at"], name="request_by_turn"),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_side", "due_at"],
                        name="request_by_clock",
                    ),
                    models.Index(
                        condition=models.Q(("unreceipted__gt", 0)),
                        fields=["last_at"],
                        name="request_unreceipted",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "ref", "kinds"), name="one_request_of_a_reference"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Translation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
        migrations.CreateModel(
            name="Handling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("kinds", models.CharField(max_length=60)),
                ("priority", models.CharField(max_length=12)),
                ("authority", models.CharField(blank=True, max_length=200)),
                ("stage", models.CharField(blank=True, max_length=60)),
                ("due_on", models.DateField(null=True)),
                ("at", models.DateTimeField(auto_now=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "ref", "kinds"), name="one_handling_of_a_request"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("kinds", models.CharField(max_length=60)),
                ("text", models.TextField()),
                ("is_change", models.BooleanField(default=False)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["channel", "ref", "kinds"], name="note_by_request")],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=1000)),
                ("is_shared", models.BooleanField(default=False)),
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
                "constraints": [
                    models.UniqueConstraint(fields=("official", "name"), name="one_filter_of_a_name")
                ],
            },
        ),
    ]
