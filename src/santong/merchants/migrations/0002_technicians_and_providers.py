from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

ROLES = [
    "head_office",
    "brand_operator",
    "store_manager",
    "clerk",
    "warehouse",
    "customer_service",
    "finance",
    "dealer",
    "developer",
    "technician",
    "provider",
]


class Migration(migrations.Migration):
    dependencies = [("merchants", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="rolegrant",
                    name="role",
                    field=models.CharField(
                        choices=[(role, role.replace("_", " ").title()) for role in ROLES],
                        max_length=20,
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(model_name="rolegrant", name="a_granted_role_is_known"),
        AddConstraintNotValid(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(role__in=ROLES), name="a_granted_role_is_known"
            ),
        ),
    ]
