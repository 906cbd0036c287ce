import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("settlement", "0006_shares_that_are_kept"),
    ]

    operations = [
        migrations.CreateModel(
            name="RuleDraft",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                            ("declined", "declined"),
                        ],
                        max_length=10,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("base_version", models.PositiveIntegerField()),
                ("terms", models.JSONField()),
                ("reason", models.CharField(max_length=200)),
                ("valid_from", models.DateTimeField(null=True)),
                ("drafted_by", models.CharField(max_length=120)),
                ("drafted_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("ended_by", models.CharField(blank=True, default="", max_length=120)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_why", models.CharField(blank=True, default="", max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="RulePolicy",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("may_publish_alone", models.BooleanField(default=False)),
                ("reason", models.CharField(max_length=200)),
                ("changed_by", models.CharField(max_length=120)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="ruleset",
            name="drafted_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        AddConstraintNotValid(
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(("drafted_by", models.F("published_by")), _negated=True),
                name="who_drafts_rules_does_not_publish_them",
            ),
        ),
        migrations.AddField(
            model_name="ruledraft",
            name="rule_set",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="settlement.ruleset",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulepolicy",
            constraint=models.UniqueConstraint(
                fields=("merchant_id",), name="a_merchant_has_one_policy_of_rules"
            ),
        ),
        migrations.AddIndex(
            model_name="ruledraft",
            index=models.Index(
                condition=models.Q(("state", "draft")),
                fields=["merchant_id", "id"],
                name="rule_drafts_that_wait",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruledraft",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("draft", "published", "withdrawn", "declined"))),
                name="a_rule_drafts_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruledraft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["published", "declined"]), _negated=True),
                    models.Q(("ended_by", models.F("drafted_by")), _negated=True),
                    _connector="OR",
                ),
                name="who_drafts_rules_does_not_decide_on_them",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruledraft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    ("ended_by", models.F("drafted_by")),
                    _connector="OR",
                ),
                name="a_rule_draft_is_withdrawn_by_its_drafter",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruledraft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "draft"), ("ended_at__isnull", True), ("ended_by", "")),
                    models.Q(
                        models.Q(("state", "draft"), _negated=True),
                        models.Q(("ended_by", ""), _negated=True),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_rule_draft_that_ended_says_when_and_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruledraft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rule_set__isnull", False), ("state", "published")),
                    models.Q(
                        models.Q(("state", "published"), _negated=True), ("rule_set__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="a_published_rule_draft_has_its_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruledraft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "published")),
                fields=("merchant_id", "base_version"),
                name="of_rule_drafts_of_one_version_one_is_published",
            ),
        ),
    ]
