"""What is handed over waits for one office and goes with its draft: who and which, for what waits already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django.db.models.deletion
from django.db import migrations, models

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import StateApps


def fill_in(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Name the office of what waits, and its draft; what is left of drafts thrown away goes."""
    handed_over, drafts = apps.get_model("api", "HandedOver"), apps.get_model("assistance", "Draft")
    sizes = dict(apps.get_model("register", "Log").objects.filter(ours=True).values_list("channel", "size"))
    for one in handed_over.objects.select_related("token__official"):
        if not one.act and not drafts.objects.filter(pk=one.draft_number).exists():
            one.delete()
            continue
        one.office_id = one.token.official.office_id
        one.draft_id = one.draft_number if not one.act else None
        one.after = sizes.get(one.channel, 0)
        one.save()


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0001_case_systems"),
        ("assistance", "0004_saved_filters"),
        ("officials", "0003_text_erased"),
        ("register", "0004_passages"),
    ]

    operations = [
        migrations.RenameField("handedover", "draft", "draft_number"),
        migrations.AddField(
            "handedover",
            "draft",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="assistance.draft",
            ),
        ),
        migrations.AddField(
            "handedover",
            "office",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="officials.office",
            ),
        ),
        migrations.AddField("handedover", "after", models.BigIntegerField(default=0)),
        migrations.RunPython(fill_in, migrations.RunPython.noop, elidable=True),
    ]
