"""What is done for a case: goods that come back, money that goes back, orders that go out."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.aftersales import contracts
from santong.aftersales.models.cases import LONGEST_SIGNATURE, Case, CaseLine
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class Receipt(MerchantOwned):
    """Goods came to a place and were looked at. The place need not be the one that sent them."""

    append_only = True

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    location = models.ForeignKey(
        "stores.Location", models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    by = models.CharField(max_length=LONGEST_SIGNATURE)

    objects = MerchantQuerySet["Receipt"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "case", "key"], name="goods_are_received_once"
            )
        ]


class ReceiptLine(MerchantOwned):
    """Units of a receipt. What is damaged lies outside the stock until something becomes of it."""

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="lines", db_index=False)
    case_line = models.ForeignKey(CaseLine, models.PROTECT, related_name="+", db_index=False)
    location_id = models.BigIntegerField()
    sku_id = models.BigIntegerField()
    sellable = models.PositiveIntegerField(default=0)
    damaged = models.PositiveIntegerField(default=0)
    restored = models.PositiveIntegerField(default=0)
    scrapped = models.PositiveIntegerField(default=0)

    objects = MerchantQuerySet["ReceiptLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "receipt", "case_line"], name="a_receipt_names_a_line_once"
            ),
            models.CheckConstraint(
                condition=Q(damaged__gte=F("restored") + F("scrapped")),
                name="no_more_damaged_goods_leave_than_came",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "location_id"],
                condition=Q(damaged__gt=F("restored") + F("scrapped")),
                name="damaged_goods_of_a_place",
            )
        ]


class RefundStep(MerchantOwned):
    """Money that goes back for a case: asked of `payments` once for its key."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=12, choices=[(w, w) for w in contracts.REFUND_WHATS])
    document = models.CharField(max_length=60)
    key = models.CharField(max_length=60)
    amount_minor = models.BigIntegerField()
    amount_by_line = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=[(s, s) for s in contracts.REFUND_STATES])
    refund_id = models.BigIntegerField(null=True)
    why = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)
    planned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["RefundStep"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key"], name="money_goes_back_once_for_a_step"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a_step_gives_something"),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "case"], name="refunds_of_a_case"),
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(state="failed"),
                name="refunds_that_wait_for_somebody",
            ),
        ]

    def as_contract(self) -> contracts.RefundStep:
        return contracts.RefundStep(
            id=self.id,
            number=self.number,
            what=contracts.REFUND_WHATS[contracts.REFUND_WHATS.index(self.what)],
            document=self.document,
            key=self.key,
            amount_minor=self.amount_minor,
            state=contracts.REFUND_STATES[contracts.REFUND_STATES.index(self.state)],
            refund_id=self.refund_id,
            why=self.why,
        )


class Replacement(MerchantOwned):
    """An order that a case made. While it is held nobody packs it: its stock only waits."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    order_id = models.BigIntegerField()
    external_number = models.CharField(max_length=64)
    cause = models.CharField(
        max_length=10, choices=[("resend", "resend"), ("exchange", "exchange")]
    )
    difference_minor = models.BigIntegerField(default=0)
    carried_minor = models.BigIntegerField(default=0)
    is_held = models.BooleanField()
    is_delivered = models.BooleanField(default=False)
    is_given_up = models.BooleanField(default=False)

    objects = MerchantQuerySet["Replacement"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "case", "number"], name="a_replacement_has_its_number"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "order_id"], name="an_order_replaces_for_one_case"
            ),
        ]

    def as_contract(self) -> contracts.Replacement:
        return contracts.Replacement(
            id=self.id,
            number=self.number,
            order_id=self.order_id,
            external_number=self.external_number,
            cause="resend" if self.cause == "resend" else "exchange",
            is_held=self.is_held,
            is_delivered=self.is_delivered,
            is_given_up=self.is_given_up,
            difference_minor=self.difference_minor,
        )
