from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

STATES = ("asked", "proposed", "nothing", "taken", "refused", "outdated")


class Migration(migrations.Migration):
    dependencies = [("fieldservice", "0002_links_are_derived")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="dayplan",
                    name="state",
                    field=models.CharField(choices=[(word, word) for word in STATES], max_length=8),
                ),
            ],
        ),
        migrations.RemoveConstraint(model_name="dayplan", name="a_day_plans_state_is_known"),
        AddConstraintNotValid(
            model_name="dayplan",
            constraint=models.CheckConstraint(
                condition=models.Q(state__in=STATES), name="a_day_plans_state_is_known"
            ),
        ),
    ]
