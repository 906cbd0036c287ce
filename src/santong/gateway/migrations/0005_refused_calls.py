import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gateway", "0004_standings_behind"),
    ]

    operations = [
        migrations.CreateModel(
            name="RefusedCalls",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("unsigned", "unsigned"),
                            ("other_app_key", "other_app_key"),
                            ("stale", "stale"),
                            ("wrong_sign", "wrong_sign"),
                        ],
                        max_length=20,
                    ),
                ),
                ("minute", models.DateTimeField()),
                ("calls", models.BigIntegerField()),
                ("last_at", models.DateTimeField()),
                ("app_key", models.CharField(blank=True, default="", max_length=20)),
                ("method", models.CharField(blank=True, default="", max_length=100)),
                (
                    "connection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="gateway.connection",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "connection", "minute", "code"),
                        name="refused_calls_are_counted_by_the_minute",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("calls__gt", 0)), name="some_calls_were_refused"
                    ),
                ],
            },
        ),
    ]
