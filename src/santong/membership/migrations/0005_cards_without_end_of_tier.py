from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("membership", "0004_imports")]

    operations = [
        AddIndexConcurrently(
            model_name="card",
            index=models.Index(
                condition=models.Q(
                    ("tier_until__isnull", True), models.Q(("tier", ""), _negated=True)
                ),
                fields=["merchant_id", "programme", "tier", "id"],
                name="cards_without_end_of_tier",
            ),
        ),
    ]
