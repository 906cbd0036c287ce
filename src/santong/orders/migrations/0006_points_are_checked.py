from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_points_on_orders")]

    operations = [
        ValidateConstraint(model_name="order", name="points_are_a_part_of_the_discount"),
    ]
