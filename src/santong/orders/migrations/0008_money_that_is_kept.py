from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_orders_of_strangers")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="forfeit_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="order",
            name="forfeited_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=Q(
                    forfeit_minor__gte=0,
                    forfeited_minor__gte=0,
                    paid_minor__gte=F("refund_due_minor") + F("forfeited_minor"),
                ),
                name="what_is_kept_came_in_and_does_not_go_back",
            ),
        ),
    ]
