from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gateway", "0001_initial")]

    operations = [
        migrations.RemoveField(model_name="connection", name="mix_key_sealed"),
        migrations.AddField(
            model_name="membersync",
            name="carried_on_by",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="membersync",
            name="told",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
    ]
