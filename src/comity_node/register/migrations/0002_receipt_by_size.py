from django.db import migrations, models


class Migration(migrations.Migration):
    """Find the first receipt that covers an entry, and the last of a log, without reading them all."""

    dependencies = [("register", "0001_record")]

    operations = [
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["log", "size", "given_at"], name="receipt_by_size"),
        ),
    ]
