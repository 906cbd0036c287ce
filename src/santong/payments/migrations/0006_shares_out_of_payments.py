from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_what_was_given_of_a_card")]

    operations = [
        migrations.AddField(
            model_name="transfer",
            name="is_last_share",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
