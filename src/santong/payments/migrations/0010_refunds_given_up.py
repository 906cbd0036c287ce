import django.db.models.expressions
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

STATES = ("working", "done", "partly", "failed", "given_up")


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_what_people_look_for")]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="given_up_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        # The database knows nothing of choices.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="refund",
                    name="state",
                    field=models.CharField(
                        choices=[(state, state) for state in STATES], max_length=10
                    ),
                ),
            ]
        ),
        AddConstraintNotValid(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("given_up_minor__gte", 0),
                    (
                        "amount_minor__gte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("done_minor"), "+", models.F("failed_minor")
                            ),
                            "+",
                            models.F("given_up_minor"),
                        ),
                    ),
                ),
                name="a_refund_gives_up_no_more_than_was_asked",
            ),
        ),
    ]
