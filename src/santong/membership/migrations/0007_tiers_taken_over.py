from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("membership", "0006_credits")]

    # Another choice changes nothing in the database.
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="tierchange",
                    name="why",
                    field=models.CharField(
                        choices=[
                            ("earned", "earned"),
                            ("kept", "kept"),
                            ("graced", "graced"),
                            ("missed", "missed"),
                            ("returned", "returned"),
                            ("granted", "granted"),
                            ("grant_ended", "grant_ended"),
                            ("taken_over", "taken_over"),
                        ],
                        max_length=12,
                    ),
                ),
            ]
        ),
    ]
