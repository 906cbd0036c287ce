from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fieldservice", "0003_plans_are_asked_for")]

    operations = [
        migrations.AddField(
            model_name="servicetype",
            name="is_preparation",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
