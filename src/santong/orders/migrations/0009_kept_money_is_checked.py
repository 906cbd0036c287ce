from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_money_that_is_kept")]

    operations = [
        ValidateConstraint(model_name="order", name="what_is_kept_came_in_and_does_not_go_back"),
    ]
