from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_transfers_out_of_a_payment")]

    operations = [
        migrations.AddField(
            model_name="tender",
            name="instalments",
            field=models.SmallIntegerField(db_default=1, default=1),
        ),
        AddConstraintNotValid(
            model_name="tender",
            constraint=models.CheckConstraint(
                condition=models.Q(("instalments__gte", 1)),
                name="instalments_are_counted_from_one",
            ),
        ),
    ]
