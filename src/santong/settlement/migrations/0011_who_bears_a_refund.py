import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

KINDS = (
    "shared",
    "assigned",
    "cancelled",
    "reversed",
    "restored",
    "paid_out",
    "came_back",
    "corrected",
    "borne",
)


class Migration(migrations.Migration):
    dependencies = [("settlement", "0010_refunded_lines")]

    operations = [
        migrations.CreateModel(
            name="RefundBearer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("document", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=120)),
                (
                    "party",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="settlement.party",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "document", "key"), name="a_refund_has_one_bearer"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="reversal",
            name="bearer",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="settlement.party",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="entry",
                    name="kind",
                    field=models.CharField(choices=[(kind, kind) for kind in KINDS], max_length=10),
                ),
            ],
        ),
        migrations.RemoveConstraint(model_name="entry", name="an_entrys_kind_is_known"),
        AddConstraintNotValid(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=KINDS), name="an_entrys_kind_is_known"
            ),
        ),
    ]
