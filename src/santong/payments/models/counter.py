"""What is paid over the counter: by the shop's card terminal, and in cash."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet


class TerminalPayment(MerchantOwned):
    """What a terminal has approved, by the number that it gave. No card number is ever here."""

    account_code = models.CharField(max_length=60)
    reference = models.CharField(max_length=64)
    terminal = models.CharField(max_length=11)
    trace = models.CharField(max_length=11)
    approval = models.CharField(max_length=8, default="", blank=True)
    card_tail = models.CharField(max_length=4, default="", blank=True)
    amount_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    fee_minor = models.BigIntegerField(default=0)
    approved_at = models.DateTimeField()
    batch_on = models.DateField()
    recorded_at = models.DateTimeField()

    objects = MerchantQuerySet["TerminalPayment"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "reference"], name="a_terminal_payment_is_recorded_once"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "account_code", "terminal", "batch_on", "trace"],
                name="a_terminals_number_pays_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, fee_minor__gte=0),
                name="a_terminal_approves_something",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("amount_minor")),
                name="a_terminal_gives_back_no_more_than_it_took",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "account_code", "batch_on"], name="terminal_payment_by_batch"
            )
        ]


class CashPayment(MerchantOwned):
    """What a clerk took at a till: what was handed over, and what was given back."""

    account_code = models.CharField(max_length=60)
    reference = models.CharField(max_length=64)
    till = models.CharField(max_length=40)
    clerk = models.CharField(max_length=60, default="", blank=True)
    amount_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    tendered_minor = models.BigIntegerField()
    change_minor = models.BigIntegerField()
    taken_at = models.DateTimeField()

    objects = MerchantQuerySet["CashPayment"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "reference"], name="a_cash_payment_is_taken_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, change_minor__gte=0)
                & Q(change_minor=F("tendered_minor") - F("amount_minor")),
                name="change_is_what_was_tendered_beyond_the_amount",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("amount_minor")),
                name="a_till_gives_back_no_more_than_it_took",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "account_code", "taken_at"], name="cash_payment_by_day"
            )
        ]


class CounterRefund(MerchantOwned):
    """Money given back: a terminal's void or refund, or a pay-out from the till."""

    append_only = True

    account_code = models.CharField(max_length=60)
    reference = models.CharField(max_length=64)
    payment_reference = models.CharField(max_length=64)
    kind = models.CharField(
        max_length=10, choices=[(kind, kind) for kind in ("void", "refund", "pay_out")]
    )
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    given_at = models.DateTimeField()
    given_on = models.DateField()

    objects = MerchantQuerySet["CounterRefund"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "reference"], name="a_counter_refund_is_given_once"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "payment_reference"],
                condition=Q(kind="void"),
                name="a_terminal_payment_is_voided_once",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_counter_refund_gives_something_back"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "account_code", "given_on"], name="counter_refund_by_day"
            ),
            models.Index(
                fields=["merchant_id", "payment_reference"], name="counter_refund_by_payment"
            ),
        ]
