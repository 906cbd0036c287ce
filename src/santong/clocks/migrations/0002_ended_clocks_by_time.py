from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("clocks", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="clock",
            index=models.Index(
                fields=["merchant_id", "ended_at"],
                condition=models.Q(("state", "stopped")),
                include=(
                    "term",
                    "store",
                    "provider",
                    "technician",
                    "brand",
                    "is_kept",
                    "elapsed_seconds",
                    "target_seconds",
                ),
                name="kept_and_broken_by_time",
            ),
        ),
        RemoveIndexConcurrently(model_name="clock", name="kept_and_broken_by_term"),
    ]
