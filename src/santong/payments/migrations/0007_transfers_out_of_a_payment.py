from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("payments", "0006_shares_out_of_payments")]

    operations = [
        AddIndexConcurrently(
            model_name="transfer",
            index=models.Index(
                condition=models.Q(("tender__isnull", False)),
                fields=["merchant_id", "tender"],
                name="transfers_out_of_a_payment",
            ),
        ),
    ]
