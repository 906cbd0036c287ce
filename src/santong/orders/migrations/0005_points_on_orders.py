from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_orders_of_a_member")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="points_key",
            field=models.CharField(max_length=100, null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="points_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=Q(points_key=None, points_minor=0)
                | Q(
                    points_key__isnull=False,
                    points_minor__gt=0,
                    points_minor__lte=F("discount_minor"),
                ),
                name="points_are_a_part_of_the_discount",
            ),
        ),
    ]
