from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("settlement", "0002_payouts_out_of_payments")]

    operations = [
        AddIndexConcurrently(
            model_name="payoutline",
            index=models.Index(
                condition=models.Q(("tender_id__isnull", False)),
                fields=["merchant_id", "tender_id"],
                name="payout_lines_of_a_payment",
            ),
        ),
        AddIndexConcurrently(
            model_name="share",
            index=models.Index(
                condition=models.Q(("is_due", True), ("left_minor__gt", 0)),
                fields=["merchant_id", "party", "due_at"],
                name="due_shares_of_a_party",
            ),
        ),
    ]
