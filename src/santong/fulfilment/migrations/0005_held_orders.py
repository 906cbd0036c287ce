import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fulfilment", "0004_offers_of_a_place"),
        ("orders", "0007_orders_of_strangers"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeldOrder",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("reason", models.CharField(max_length=100)),
                ("held_at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "order"), name="an_order_is_held_once"
                    )
                ],
            },
        ),
    ]
