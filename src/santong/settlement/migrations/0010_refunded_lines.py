from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("settlement", "0009_readers_of_a_party"),
    ]

    operations = [
        migrations.CreateModel(
            name="RefundedLines",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("document", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=120)),
                ("amount_by_line", models.JSONField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "document", "key"),
                        name="a_refund_names_its_lines_once",
                    )
                ],
            },
        ),
    ]
