from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0006_points_are_checked")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("member__isnull", True), ("member_reference__isnull", False)),
                fields=["merchant_id", "member_reference"],
                name="orders_of_strangers",
            ),
        ),
    ]
