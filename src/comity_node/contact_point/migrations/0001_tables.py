"""The tables of this part of the node."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ContactCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("asker", models.CharField(max_length=40)),
                ("party", models.CharField(max_length=40)),
                ("sort", models.CharField(max_length=20)),
                ("at_kind", models.CharField(max_length=20)),
                ("announced", models.BooleanField()),
                ("state", models.CharField(max_length=20)),
                ("final", models.BooleanField()),
                ("asked_entry", models.CharField(max_length=120)),
                ("asked_at", models.DateTimeField()),
                ("receipted_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("answered_entry", models.CharField(blank=True, max_length=120)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.TextField(blank=True)),
                ("by_node", models.BooleanField(default=False)),
                ("seconds", models.IntegerField(null=True)),
                ("missed_entry", models.CharField(blank=True, max_length=120)),
                ("missed_at", models.DateTimeField(null=True)),
                ("cause", models.CharField(blank=True, max_length=20)),
                ("explained_entry", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["-asked_at", "channel", "ref", "party"],
                "indexes": [
                    models.Index(fields=["final", "party"], name="check_open_of_party"),
                    models.Index(fields=["asker", "party", "asked_at"], name="check_between"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "ref", "party"), name="one_check_of_a_party")
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
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
                ("ours", models.BooleanField()),
                ("kind", models.CharField(max_length=20)),
                ("state", models.CharField(max_length=20)),
                ("told", models.JSONField(default=list)),
                ("entry", models.CharField(max_length=120)),
                ("said", models.JSONField(default=dict)),
                ("version", models.IntegerField(default=0)),
                ("unreadable", models.TextField(blank=True)),
                ("sure_at", models.DateTimeField()),
                ("confirm_by", models.DateTimeField(null=True)),
                ("ways_changed_at", models.DateTimeField(null=True)),
                ("ways_entry", models.CharField(blank=True, max_length=120)),
                ("ways_seconded", models.BooleanField(default=True)),
                ("doubted_at", models.DateTimeField(null=True)),
                ("doubted_by", models.CharField(blank=True, max_length=40)),
                ("doubted_entry", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["party", "ref", "channel"],
                "indexes": [models.Index(fields=["party", "state"], name="point_by_party")],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "ref"), name="one_point_of_a_reference")
                ],
            },
        ),
        migrations.CreateModel(
            name="PointVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("place", models.IntegerField()),
                ("entry", models.CharField(max_length=120)),
                ("act", models.CharField(max_length=40)),
                ("label", models.TextField()),
                ("party", models.CharField(max_length=40)),
                ("by", models.TextField()),
                ("seconded_by", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("receipted_at", models.DateTimeField(null=True)),
                ("changed", models.JSONField(default=list)),
                ("irregular", models.TextField(blank=True)),
                ("unreadable", models.TextField(blank=True)),
                ("said", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["place"],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "ref", "place"), name="one_version_of_a_place")
                ],
            },
        ),
    ]
