from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("state__in", ("delivered", "cancelled"))),
                fields=["merchant_id", "state", "id"],
                name="orders_that_have_ended",
            ),
        ),
    ]
