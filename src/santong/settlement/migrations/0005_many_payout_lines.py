from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("settlement", "0004_shares_of_a_party")]

    operations = [
        AddIndexConcurrently(
            model_name="payoutline",
            index=models.Index(
                condition=models.Q(("state__in", ["planned", "sent"])),
                fields=["merchant_id", "run"],
                name="payout_lines_under_way",
            ),
        ),
        AddIndexConcurrently(
            model_name="payoutline",
            index=models.Index(
                condition=models.Q(("transfer_id__isnull", False)),
                fields=["merchant_id", "transfer_id"],
                name="payout_line_of_a_transfer",
            ),
        ),
    ]
