import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0003_orders_of_a_place"),
        ("membership", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="member",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="membership.member",
            ),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("member__isnull", False)),
                fields=["merchant_id", "member", "id"],
                name="orders_of_a_member",
            ),
        ),
    ]
