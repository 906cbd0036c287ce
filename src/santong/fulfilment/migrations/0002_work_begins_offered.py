import django.contrib.postgres.operations
from django.db import migrations, models

STATES = (
    "offered",
    "accepted",
    "picking",
    "packed",
    "ready_for_pickup",
    "handed_over",
    "delivered",
    "declined",
    "timed_out",
    "cancelled",
    "exception",
)


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0001_initial")]

    operations = [
        # Choices are nothing in the database.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="fulfilmentorder",
                    name="state",
                    field=models.CharField(
                        choices=[(state, state) for state in STATES], max_length=20
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="fulfilmentorder",
            name="a_works_state_is_known",
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name="fulfilmentorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", STATES)), name="a_works_state_is_known"
            ),
        ),
    ]
