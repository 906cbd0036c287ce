from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("settlement", "0003_due_by_payment")]

    operations = [
        AddIndexConcurrently(
            model_name="sale",
            index=models.Index(fields=["merchant_id", "frozen_at"], name="sales_of_a_day_shared"),
        ),
        AddIndexConcurrently(
            model_name="share",
            index=models.Index(fields=["merchant_id", "party", "id"], name="shares_of_a_party"),
        ),
        AddIndexConcurrently(
            model_name="payoutline",
            index=models.Index(
                fields=["merchant_id", "party", "id"], name="payout_lines_of_a_party"
            ),
        ),
    ]
