from django.db import migrations, models

from comity_node.register.words_index import WordsIndex


class Migration(migrations.Migration):
    """What can be found, and the database's own index of its words. `comity rebuild` fills both."""

    dependencies = [("register", "0003_erased_when_given_back")]

    operations = [
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
        WordsIndex(),
    ]
