from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("settlement", "0007_drafts_of_rules")]

    operations = [
        ValidateConstraint(
            model_name="ruleset",
            name="who_drafts_rules_does_not_publish_them",
        ),
    ]
