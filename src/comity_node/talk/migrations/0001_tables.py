"""The tables of this part of the node."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Line",
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
                ("origin", models.CharField(max_length=120)),
                ("index", models.BigIntegerField()),
                ("depth", models.BigIntegerField()),
                ("act", models.CharField(max_length=130)),
                ("shown", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("office", models.CharField(max_length=120)),
                ("capacity", models.CharField(max_length=120)),
                ("seen", models.JSONField(default=dict)),
                ("stated", models.JSONField(default=dict)),
                ("of", models.CharField(blank=True, max_length=120)),
                ("payload", models.CharField(blank=True, max_length=64)),
                ("content", models.CharField(max_length=12)),
                ("title", models.TextField(blank=True)),
                ("language", models.CharField(blank=True, max_length=35)),
                ("text", models.TextField(blank=True)),
                ("is_cut", models.BooleanField(default=False)),
                ("translation_language", models.CharField(blank=True, max_length=35)),
                ("translation", models.TextField(blank=True)),
                ("translated_by", models.CharField(blank=True, max_length=300)),
                ("exhibits", models.JSONField(default=list)),
                ("irregular", models.TextField(blank=True)),
                ("under", models.CharField(blank=True, max_length=120)),
                ("lodged", models.BooleanField(default=False)),
                ("taken_back", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["channel", "ref", "shown", "depth", "origin"], name="line_in_order"),
                    models.Index(fields=["channel", "ref", "act", "depth"], name="line_by_act"),
                    models.Index(fields=["channel", "ref", "of"], name="line_about"),
                    models.Index(fields=["channel", "ref", "lodged"], name="line_lodged"),
                    models.Index(fields=["channel", "ref", "content"], name="line_by_content"),
                    models.Index(fields=["payload"], name="line_by_payload"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "ref", "party", "index"), name="one_line_of_an_entry"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("reader", models.CharField(max_length=40)),
                ("index", models.BigIntegerField()),
                ("party", models.CharField(max_length=40)),
                ("upto", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["channel", "ref", "party", "upto"], name="opening_by_message")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "ref", "reader", "index", "party"), name="one_opening_of_an_entry"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Talk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=32)),
                ("ref", models.CharField(max_length=64)),
                ("title", models.TextField(blank=True)),
                ("about", models.CharField(blank=True, max_length=60)),
                ("entry", models.CharField(blank=True, max_length=120)),
                ("opened_by", models.CharField(blank=True, max_length=40)),
                ("parties", models.JSONField(default=list)),
                ("linked", models.JSONField(default=list)),
                ("state", models.CharField(blank=True, max_length=60)),
                ("opened_at", models.DateTimeField(null=True)),
                ("last_at", models.DateTimeField(null=True)),
                ("messages", models.PositiveIntegerField(default=0)),
                ("weight", models.JSONField(default=list)),
                ("depths", models.JSONField(default=dict)),
                ("said", models.JSONField(default=dict)),
                ("opened", models.JSONField(default=dict)),
                ("waits", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["last_at", "id"], name="talk_by_last"),
                    models.Index(fields=["channel", "last_at"], name="talk_by_channel"),
                    models.Index(fields=["waits", "last_at"], name="talk_waiting"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "ref"), name="one_talk_of_a_reference")
                ],
            },
        ),
    ]
