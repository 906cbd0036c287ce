from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("membership", "0007_tiers_taken_over")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="joined_day",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        AddIndexConcurrently(
            model_name="member",
            index=models.Index(
                fields=["merchant_id", "joined_day", "id"],
                condition=models.Q(
                    ("joined_day__isnull", False),
                    models.Q(("state", "merged"), _negated=True),
                ),
                name="members_by_day_of_joining",
            ),
        ),
        AddIndexConcurrently(
            model_name="member",
            index=models.Index(
                fields=["merchant_id", "id"],
                condition=models.Q(("joined_day__isnull", True)),
                name="members_without_day_of_joining",
            ),
        ),
    ]
