from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("fulfilment", "0003_live_work_of_a_place")]

    operations = [
        AddIndexConcurrently(
            model_name="offer",
            index=models.Index(
                fields=["merchant_id", "location", "fulfilment_order"],
                name="offers_of_a_place",
            ),
        ),
    ]
