from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

WAYS = ("account", "payments")


class Migration(migrations.Migration):
    dependencies = [("settlement", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="payoutline",
            name="is_last_share",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="payoutline",
            name="tender_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="payoutrun",
            name="way",
            field=models.CharField(
                choices=[(way, way) for way in WAYS],
                db_default="account",
                default="account",
                max_length=10,
            ),
        ),
        AddConstraintNotValid(
            model_name="payoutrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", WAYS)), name="a_payouts_way_is_known"
            ),
        ),
    ]
