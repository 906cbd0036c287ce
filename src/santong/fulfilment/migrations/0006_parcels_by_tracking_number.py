from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("fulfilment", "0005_held_orders")]

    operations = [
        AddIndexConcurrently(
            model_name="parcel",
            index=models.Index(
                fields=["merchant_id", "tracking_number"], name="parcels_by_tracking_number"
            ),
        ),
    ]
