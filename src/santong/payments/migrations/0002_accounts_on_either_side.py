from django.db import migrations, models


class Migration(migrations.Migration):
    """The database does not know the choices of a text: nothing changes there."""

    dependencies = [
        ("payments", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="account",
                    name="kept_as",
                    field=models.CharField(
                        choices=[
                            ("lots", "lots"),
                            ("balance", "balance"),
                            ("debt", "debt"),
                            ("either", "either"),
                            ("sum", "sum"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
        ),
    ]
