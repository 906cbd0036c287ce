from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("settlement", "0005_many_payout_lines")]

    operations = [
        migrations.AddField(
            model_name="share",
            name="kept_minor",
            field=models.BigIntegerField(null=True),
        ),
        AddIndexConcurrently(
            model_name="share",
            index=models.Index(
                condition=models.Q(
                    ("is_due", True),
                    ("kept_minor__isnull", False),
                    models.Q(("left_minor", models.F("kept_minor")), _negated=True),
                ),
                fields=["merchant_id", "id"],
                name="shares_that_are_kept",
            ),
        ),
    ]
