"""The money that came in for orders, and how long orders may wait for it."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.orders import contracts
from santong.orders.models.orders import Order
from santong.orders.rules.payment import Effect


class PaymentEvent(MerchantOwned):
    """Money that came in for an order, or that has to go back. Never changed, never removed."""

    append_only = True

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments", db_index=False)
    kind = models.CharField(
        max_length=12, choices=[("payment", "payment"), ("refund_due", "refund due")]
    )
    provider = models.CharField(max_length=40, default="", blank=True)
    external_id = models.CharField(max_length=120)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    objects = MerchantQuerySet["PaymentEvent"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "order", "kind", "provider", "external_id"],
                name="a_payment_is_recorded_once",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a_payment_moves_money"),
            models.CheckConstraint(
                condition=Q(kind__in=["payment", "refund_due"]), name="a_payments_kind_is_known"
            ),
        ]

    def as_contract(self) -> contracts.Payment:
        return contracts.Payment(
            id=self.id,
            order_id=self.order_id,
            kind="payment" if self.kind == "payment" else "refund_due",
            provider=self.provider,
            external_id=self.external_id,
            amount_minor=self.amount_minor,
            currency=self.currency,
            at=self.at,
        )


class UnpaidPolicy(MerchantOwned):
    """How long unpaid orders hold their stock: for one storefront, or for all without their own."""

    storefront = models.ForeignKey(
        "merchants.Storefront", models.PROTECT, related_name="+", null=True, db_index=False
    )
    hold_minutes = models.PositiveIntegerField()
    grace_minutes = models.PositiveIntegerField()
    changed_at = models.DateTimeField()

    objects = MerchantQuerySet["UnpaidPolicy"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "storefront"],
                nulls_distinct=False,
                name="one_unpaid_policy_per_storefront",
            )
        ]

    def as_contract(self) -> contracts.UnpaidPolicy:
        return contracts.UnpaidPolicy(
            storefront_id=self.storefront_id,
            hold_minutes=self.hold_minutes,
            grace_minutes=self.grace_minutes,
        )


def payment_rows(
    *, order: Order, payment: contracts.NewPayment, effect: Effect, now: datetime
) -> list[PaymentEvent]:
    """What a payment writes: itself, and what of it has to go back."""
    rows = [
        PaymentEvent(
            merchant_id=order.merchant_id,
            order=order,
            kind="payment",
            provider=payment.provider,
            external_id=payment.external_id,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            at=payment.paid_at,
            recorded_at=now,
        )
    ]
    if effect.refund_minor:
        rows.append(
            refund_due_row(
                order=order,
                provider=payment.provider,
                external_id=f"{effect.why_refund}:{payment.external_id}",
                amount_minor=effect.refund_minor,
                now=now,
            )
        )
    return rows


def refund_due_row(
    *, order: Order, external_id: str, amount_minor: int, now: datetime, provider: str = ""
) -> PaymentEvent:
    """Money that has to go back to the buyer."""
    return PaymentEvent(
        merchant_id=order.merchant_id,
        order=order,
        kind="refund_due",
        provider=provider,
        external_id=external_id,
        amount_minor=amount_minor,
        currency=order.currency,
        at=now,
        recorded_at=now,
    )
