from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("gateway", "0002_members_that_are_one")]

    operations = [
        AddIndexConcurrently(
            model_name="membersync",
            index=models.Index(
                condition=models.Q(("carried_on_by__isnull", False)),
                fields=["merchant_id", "carried_on_by"],
                name="member_syncs_carried_on",
            ),
        ),
    ]
