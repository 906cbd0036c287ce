from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0004_counter_and_simulated"),
    ]

    operations = [
        migrations.AddField(
            model_name="tender",
            name="programme",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
    ]
