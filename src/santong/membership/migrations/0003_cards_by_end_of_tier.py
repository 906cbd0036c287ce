from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("membership", "0002_points")]

    operations = [
        AddIndexConcurrently(
            model_name="card",
            index=models.Index(
                fields=["merchant_id", "tier_until", "id"],
                condition=models.Q(tier_until__isnull=False),
                name="cards_by_end_of_tier",
            ),
        ),
    ]
