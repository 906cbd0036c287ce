import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gateway", "0003_members_carried_on"),
    ]

    operations = [
        migrations.CreateModel(
            name="StandingBehind",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("member_id", models.BigIntegerField()),
                ("programme_code", models.CharField(max_length=60)),
                ("points", models.BigIntegerField(default=0)),
                ("level", models.CharField(blank=True, default="", max_length=40)),
                ("sequence", models.BigIntegerField(default=0)),
                ("asked", models.BigIntegerField(default=0)),
                ("answered", models.BigIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("asked", models.F("answered"))),
                        fields=["merchant_id", "asked_at"],
                        name="standings_to_ask_for",
                    ),
                    models.Index(fields=["merchant_id", "member_id"], name="standings_of"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "connection", "member_id"),
                        name="a_member_stands_once_in_an_older_crm",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered__lte", models.F("asked")),
                            (
                                "asked__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("answered"), "+", models.Value(1)
                                ),
                            ),
                        ),
                        name="one_question_at_a_time",
                    ),
                ],
            },
        ),
    ]
