from django.contrib.postgres.operations import (
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("fulfilment", "0002_work_begins_offered")]

    operations = [
        ValidateConstraint(model_name="fulfilmentorder", name="a_works_state_is_known"),
        AddIndexConcurrently(
            model_name="fulfilmentorder",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ("offered", "accepted", "picking", "packed", "ready_for_pickup"))
                ),
                fields=["merchant_id", "location", "state", "id"],
                name="live_work_of_a_place",
            ),
        ),
        RemoveIndexConcurrently(model_name="fulfilmentorder", name="work_of_a_place"),
    ]
