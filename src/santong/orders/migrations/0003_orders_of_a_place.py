from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0002_orders_that_have_ended")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("seller_location__isnull", False)),
                fields=["merchant_id", "seller_location"],
                name="orders_sold_at",
            ),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("pickup_location__isnull", False)),
                fields=["merchant_id", "pickup_location"],
                name="orders_collected_at",
            ),
        ),
    ]
