"""The tables of this part of the node."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(db_index=True, max_length=32)),
                ("party", models.CharField(max_length=40)),
                ("incoming", models.BooleanField()),
                ("code", models.CharField(max_length=60)),
                ("because", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Payload",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("sealed", models.BinaryField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Log",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("origin", models.CharField(max_length=120, unique=True)),
                ("channel", models.CharField(db_index=True, max_length=32)),
                ("party", models.CharField(max_length=40)),
                ("ours", models.BooleanField()),
                ("log_keys", models.TextField()),
                ("mirror_keys", models.TextField()),
                ("recipients", models.TextField()),
                ("size", models.BigIntegerField(default=0)),
                ("peaks", models.BinaryField(default=bytes)),
                ("seen", models.JSONField(default=dict)),
                ("checkpoint", models.BinaryField(default=bytes)),
                ("receipted", models.BigIntegerField(default=0)),
                ("held_elsewhere", models.BigIntegerField(default=0)),
                ("receipt_known", models.BigIntegerField(default=0)),
                ("rotations", models.JSONField(default=list)),
                ("many", models.BooleanField(default=False)),
                (
                    "place",
                    models.CharField(
                        choices=[("member", "Member"), ("asked", "Asked"), ("gone", "Gone")],
                        default="member",
                        max_length=10,
                    ),
                ),
                ("told", models.BigIntegerField(default=0)),
                ("heard", models.JSONField(default=dict)),
                ("brought", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "party"), name="one_log_of_a_party_in_a_channel"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Misconduct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("proof", models.BinaryField()),
                ("found_at", models.DateTimeField()),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="misconduct",
                        to="register.log",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("kinds", models.CharField(max_length=130)),
                ("ref", models.CharField(max_length=64)),
                ("origin", models.CharField(blank=True, max_length=120)),
                ("index", models.BigIntegerField(default=-1)),
                ("sort", models.CharField(max_length=10)),
                ("kind", models.CharField(blank=True, max_length=130)),
                ("party", models.CharField(max_length=40)),
                ("ours", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("standing", models.CharField(blank=True, max_length=60)),
                ("final", models.BooleanField(default=False)),
                ("title", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                ("tokens", models.TextField(blank=True)),
                ("payload", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "ref", "kinds", "origin", "index"), name="one_passage_of_an_entry"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("index", models.BigIntegerField()),
                ("depth", models.BigIntegerField()),
                ("kind", models.CharField(max_length=130)),
                ("ref", models.CharField(max_length=64)),
                ("leaf", models.BinaryField()),
                ("leaf_hash", models.BinaryField()),
                ("payload", models.CharField(blank=True, max_length=64)),
                ("stored_at", models.DateTimeField()),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="register.log"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["log", "ref", "depth"], name="entry_by_ref"),
                    models.Index(fields=["log", "depth"], name="entry_by_depth"),
                    models.Index(fields=["log", "kind"], name="entry_by_kind"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("log", "index"), name="one_entry_at_an_index")
                ],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.BigIntegerField()),
                ("note", models.BinaryField()),
                ("stored_at", models.DateTimeField()),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checkpoints",
                        to="register.log",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("log", "size"), name="one_checkpoint_of_a_size")
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("party", models.CharField(max_length=40)),
                ("size", models.BigIntegerField()),
                ("given_at", models.DateTimeField()),
                ("note", models.BinaryField()),
                ("stored_at", models.DateTimeField()),
                ("void", models.BooleanField(db_default=False, default=False)),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="register.log",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["log", "size", "given_at"], name="receipt_by_size"),
                    models.Index(fields=["party", "id"], name="receipt_by_party"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("void", False)),
                        fields=("log", "party", "size"),
                        name="one_counting_receipt_of_a_size",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
                ("root", models.BinaryField()),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tiles", to="register.log"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("log", "level", "index"), name="one_tile_at_a_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="WitnessMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("witness", models.CharField(max_length=120)),
                ("size", models.BigIntegerField()),
                ("given_at", models.DateTimeField()),
                ("lines", models.TextField()),
                ("stored_at", models.DateTimeField()),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="witness_marks",
                        to="register.log",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("log", "witness", "size"), name="one_witness_mark_of_a_size"
                    )
                ],
            },
        ),
    ]
