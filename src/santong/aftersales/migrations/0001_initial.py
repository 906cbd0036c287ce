import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("stores", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BuyerLink",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("order_id", models.BigIntegerField()),
                ("token_hash", models.BinaryField(max_length=16)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["merchant_id", "order_id"], name="links_of_an_order")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "token_hash"), name="a_token_leads_to_one_order"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=120)),
                ("order_id", models.BigIntegerField()),
                ("document", models.CharField(max_length=60)),
                ("storefront_id", models.BigIntegerField()),
                ("member_id", models.BigIntegerField(null=True)),
                (
                    "wanted",
                    models.CharField(
                        choices=[
                            ("return", "return"),
                            ("exchange", "exchange"),
                            ("repair", "repair"),
                            ("resend", "resend"),
                            ("refund_only", "refund_only"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("return", "return"),
                            ("exchange", "exchange"),
                            ("repair", "repair"),
                            ("resend", "resend"),
                            ("refund_only", "refund_only"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "way_back",
                    models.CharField(
                        choices=[
                            ("shop", "shop"),
                            ("pickup", "pickup"),
                            ("mail", "mail"),
                            ("none", "none"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("changed_mind", "changed_mind"),
                            ("wrong_size", "wrong_size"),
                            ("damaged", "damaged"),
                            ("defective", "defective"),
                            ("missing_part", "missing_part"),
                            ("wrong_item", "wrong_item"),
                            ("not_as_described", "not_as_described"),
                            ("not_received", "not_received"),
                            ("other", "other"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "requested"),
                            ("awaiting_goods", "awaiting_goods"),
                            ("working", "working"),
                            ("done", "done"),
                            ("refused", "refused"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("buyer", "buyer"),
                            ("store", "store"),
                            ("service", "service"),
                            ("agreement", "agreement"),
                        ],
                        max_length=10,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("words_sealed", models.BinaryField(default=b"")),
                ("needs_return", models.BooleanField(default=False)),
                ("sends_at_once", models.BooleanField(default=False)),
                ("refund_minor", models.BigIntegerField(default=0)),
                ("fixes_refund", models.BooleanField(default=False)),
                ("freight_minor", models.BigIntegerField(default=0)),
                ("units", models.JSONField(default=list)),
                ("collect_at", models.CharField(blank=True, default="", max_length=60)),
                ("term_reference", models.CharField(blank=True, default="", max_length=80)),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.CharField(max_length=120)),
                ("answered_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, default="", max_length=120)),
                ("decision_reason", models.CharField(blank=True, default="", max_length=500)),
                ("waits_for", models.CharField(blank=True, default="", max_length=40)),
                ("ended_at", models.DateTimeField(null=True)),
                ("why_ended", models.CharField(blank=True, default="", max_length=500)),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.location",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CarriedValue",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("order_id", models.BigIntegerField()),
                ("order_line_id", models.BigIntegerField()),
                ("document", models.CharField(max_length=60)),
                ("root_line_id", models.BigIntegerField()),
                ("units", models.PositiveIntegerField()),
                ("settled", models.PositiveIntegerField(default=0)),
                ("amount_minor", models.BigIntegerField()),
                ("settled_minor", models.BigIntegerField(default=0)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="aftersales.case",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("order_line_id", models.BigIntegerField()),
                ("sku_code", models.CharField(max_length=60)),
                ("sku_name", models.CharField(max_length=320)),
                ("quantity", models.PositiveIntegerField()),
                ("value_minor", models.BigIntegerField()),
                ("sellable", models.PositiveIntegerField(default=0)),
                ("damaged", models.PositiveIntegerField(default=0)),
                ("settled", models.PositiveIntegerField(default=0)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="aftersales.case",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.sku",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseMessage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=100)),
                ("by_buyer", models.BooleanField()),
                ("by", models.CharField(max_length=120)),
                ("text_sealed", models.BinaryField()),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="aftersales.case",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=100)),
                (
                    "party",
                    models.CharField(
                        choices=[("carrier", "carrier"), ("supplier", "supplier")], max_length=10
                    ),
                ),
                ("party_code", models.CharField(max_length=60)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("parcel_lost", "parcel_lost"),
                            ("parcel_damaged", "parcel_damaged"),
                            ("parcel_late", "parcel_late"),
                            ("material", "material"),
                            ("wrong_goods", "wrong_goods"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("submitted", "submitted"),
                            ("accepted", "accepted"),
                            ("paid", "paid"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("granted_minor", models.BigIntegerField(default=0)),
                ("received_minor", models.BigIntegerField(default=0)),
                ("currency", models.CharField(max_length=3)),
                ("reason", models.CharField(max_length=500)),
                ("deadline_on", models.DateField(null=True)),
                ("order_id", models.BigIntegerField(null=True)),
                ("parcel_number", models.CharField(blank=True, default="", max_length=64)),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.CharField(max_length=120)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, default="", max_length=500)),
                ("received_document", models.CharField(blank=True, default="", max_length=80)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="aftersales.case",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("number", models.PositiveSmallIntegerField()),
                ("facts", models.JSONField()),
                ("proposal", models.JSONField()),
                ("rules_version", models.PositiveIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[("accept", "accept"), ("refuse", "refuse")], max_length=8
                    ),
                ),
                ("overruled", models.JSONField(default=list)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("decided_by", models.CharField(max_length=120)),
                ("decided_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="aftersales.case",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LineUnits",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("order_id", models.BigIntegerField()),
                ("order_line_id", models.BigIntegerField()),
                ("arrived", models.PositiveIntegerField()),
                ("in_cases", models.PositiveIntegerField(default=0)),
                ("settled", models.PositiveIntegerField(default=0)),
                ("paid_minor", models.BigIntegerField()),
                ("settled_minor", models.BigIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["merchant_id", "order_id"], name="units_of_an_order")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "order_line_id"), name="a_line_is_counted_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("arrived__gte", models.F("in_cases"))),
                        name="no_unit_is_in_two_cases",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("arrived__gte", models.F("settled"))),
                        name="no_unit_is_settled_twice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paid_minor__gte", models.F("settled_minor")),
                            ("settled_minor__gte", 0),
                        ),
                        name="no_more_goes_back_than_was_paid_for_a_line",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                (
                    "about",
                    models.CharField(
                        choices=[("policy", "policy"), ("warranty", "warranty")], max_length=10
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("terms", models.JSONField()),
                ("reason", models.CharField(max_length=500)),
                ("published_by", models.CharField(max_length=120)),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "about", "version"),
                        name="a_version_is_published_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=120)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="aftersales.case",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.location",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReceiptLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("location_id", models.BigIntegerField()),
                ("sku_id", models.BigIntegerField()),
                ("sellable", models.PositiveIntegerField(default=0)),
                ("damaged", models.PositiveIntegerField(default=0)),
                ("restored", models.PositiveIntegerField(default=0)),
                ("scrapped", models.PositiveIntegerField(default=0)),
                (
                    "case_line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="aftersales.caseline",
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="aftersales.receipt",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RefundStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("goods", "goods"),
                            ("freight", "freight"),
                            ("difference", "difference"),
                            ("goodwill", "goodwill"),
                        ],
                        max_length=12,
                    ),
                ),
                ("document", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=60)),
                ("amount_minor", models.BigIntegerField()),
                ("amount_by_line", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("asked", "asked"),
                            ("done", "done"),
                            ("failed", "failed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("refund_id", models.BigIntegerField(null=True)),
                ("why", models.CharField(blank=True, default="", max_length=500)),
                ("planned_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="aftersales.case",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Repair",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("document", models.CharField(max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting_item", "waiting_item"),
                            ("looked_at", "looked_at"),
                            ("quoted", "quoted"),
                            ("to_be_paid", "to_be_paid"),
                            ("repairing", "repairing"),
                            ("repaired", "repaired"),
                            ("handed_back", "handed_back"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "repairer",
                    models.CharField(
                        choices=[
                            ("store", "store"),
                            ("workshop", "workshop"),
                            ("provider", "provider"),
                        ],
                        max_length=10,
                    ),
                ),
                ("repairer_code", models.CharField(blank=True, default="", max_length=60)),
                ("is_warranty", models.BooleanField()),
                ("quote_minor", models.BigIntegerField(default=0)),
                ("currency", models.CharField(max_length=3)),
                ("was_declined", models.BooleanField(default=False)),
                ("diagnosis", models.CharField(blank=True, default="", max_length=500)),
                ("quoted_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("paid_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="aftersales.case",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.location",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Replacement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("number", models.PositiveSmallIntegerField()),
                ("order_id", models.BigIntegerField()),
                ("external_number", models.CharField(max_length=64)),
                (
                    "cause",
                    models.CharField(
                        choices=[("resend", "resend"), ("exchange", "exchange")], max_length=10
                    ),
                ),
                ("difference_minor", models.BigIntegerField(default=0)),
                ("carried_minor", models.BigIntegerField(default=0)),
                ("is_held", models.BooleanField()),
                ("is_delivered", models.BooleanField(default=False)),
                ("is_given_up", models.BooleanField(default=False)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="aftersales.case",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["merchant_id", "order_id"], name="cases_after_an_order"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["merchant_id", "state", "id"], name="cases_by_state"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("location__isnull", False)),
                fields=["merchant_id", "location", "id"],
                name="cases_of_a_place",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("member_id__isnull", False)),
                fields=["merchant_id", "member_id"],
                name="cases_of_a_member",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "key"), name="a_case_is_opened_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ("requested", "awaiting_goods", "working", "done", "refused", "cancelled"),
                    )
                ),
                name="a_cases_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["requested", "cancelled"]),
                    ("decided_at__isnull", False),
                    _connector="OR",
                ),
                name="nothing_moves_before_a_case_is_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", False), ("state__in", ["cancelled", "done", "refused"])
                    ),
                    models.Q(
                        models.Q(("state__in", ["cancelled", "done", "refused"]), _negated=True),
                        ("ended_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_case_that_ended_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("freight_minor__gte", 0), ("refund_minor__gte", 0)),
                name="a_case_gives_back_no_less_than_nothing",
            ),
        ),
        migrations.AddIndex(
            model_name="carriedvalue",
            index=models.Index(fields=["merchant_id", "order_line_id"], name="carried_to_a_line"),
        ),
        migrations.AddIndex(
            model_name="carriedvalue",
            index=models.Index(fields=["merchant_id", "case"], name="carried_by_a_case"),
        ),
        migrations.AddConstraint(
            model_name="carriedvalue",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "order_line_id", "case", "root_line_id"),
                name="money_is_carried_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="carriedvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_minor__gte", models.F("settled_minor")), ("settled_minor__gte", 0)
                ),
                name="no_more_goes_back_than_was_carried",
            ),
        ),
        migrations.AddConstraint(
            model_name="carriedvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(("units__gte", models.F("settled"))),
                name="no_carried_unit_is_settled_twice",
            ),
        ),
        migrations.AddIndex(
            model_name="caseline",
            index=models.Index(
                fields=["merchant_id", "order_line_id"], name="case_lines_of_a_line"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseline",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "case", "order_line_id"), name="a_case_names_a_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="a_case_is_about_units"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "quantity__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("sellable"), "+", models.F("damaged")
                        ),
                    )
                ),
                name="no_more_comes_back_than_a_case_is_about",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", models.F("settled"))),
                name="no_more_is_settled_than_a_case_is_about",
            ),
        ),
        migrations.AddConstraint(
            model_name="casemessage",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "case", "key"), name="a_message_is_written_once"
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                fields=["merchant_id", "state", "id"], name="carrier_claims_by_state"
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("case__isnull", False)),
                fields=["merchant_id", "case"],
                name="carrier_claims_of_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "key"), name="something_is_claimed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("open", "submitted", "accepted", "paid", "refused", "withdrawn"))
                ),
                name="a_carrier_claims_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_minor__gt", 0), ("granted_minor__gte", 0), ("received_minor__gte", 0)
                ),
                name="a_claim_asks_for_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "paid"), _negated=True),
                    models.Q(
                        models.Q(("received_document", ""), _negated=True),
                        ("received_minor__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="a_claim_that_was_paid_has_its_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "case", "number"), name="a_decision_of_a_case_has_its_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("overruled", []), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="who_decides_otherwise_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "case", "key"), name="goods_are_received_once"
            ),
        ),
        migrations.AddIndex(
            model_name="receiptline",
            index=models.Index(
                condition=models.Q(
                    (
                        "damaged__gt",
                        django.db.models.expressions.CombinedExpression(
                            models.F("restored"), "+", models.F("scrapped")
                        ),
                    )
                ),
                fields=["merchant_id", "location_id"],
                name="damaged_goods_of_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "receipt", "case_line"), name="a_receipt_names_a_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "damaged__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("restored"), "+", models.F("scrapped")
                        ),
                    )
                ),
                name="no_more_damaged_goods_leave_than_came",
            ),
        ),
        migrations.AddIndex(
            model_name="refundstep",
            index=models.Index(fields=["merchant_id", "case"], name="refunds_of_a_case"),
        ),
        migrations.AddIndex(
            model_name="refundstep",
            index=models.Index(
                condition=models.Q(("state", "failed")),
                fields=["merchant_id", "id"],
                name="refunds_that_wait_for_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="refundstep",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "key"), name="money_goes_back_once_for_a_step"
            ),
        ),
        migrations.AddConstraint(
            model_name="refundstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="a_step_gives_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "case"), name="a_case_has_one_repair"
            ),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "waiting_item",
                            "looked_at",
                            "quoted",
                            "to_be_paid",
                            "repairing",
                            "repaired",
                            "handed_back",
                        ),
                    )
                ),
                name="a_repairs_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.CheckConstraint(
                condition=models.Q(("quote_minor__gte", 0)),
                name="a_repair_costs_no_less_than_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "repairing"), _negated=True),
                    ("quote_minor", 0),
                    ("paid_at__isnull", False),
                    _connector="OR",
                ),
                name="a_repair_with_a_price_is_paid_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="replacement",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "case", "number"), name="a_replacement_has_its_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="replacement",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "order_id"), name="an_order_replaces_for_one_case"
            ),
        ),
    ]
