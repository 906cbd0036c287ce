from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stagedsales", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="saledocument",
            name="given_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="stagedsale",
            name="installer_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        AddConstraintNotValid(
            model_name="saledocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("given_minor__gte", 0), ("given_minor__lte", models.F("returning_minor"))
                ),
                name="what_a_staged_sale_gives_goes_back",
            ),
        ),
    ]
