"""Months that are closed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.reconciliation import contracts


class MonthCloseQuerySet(MerchantQuerySet["MonthClose"]):
    """Closed months."""


class MonthClose(MerchantOwned):
    """A month of a merchant, closed; opened again, it is closed anew under the next version."""

    month = models.DateField()
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in ("closed", "reopened")])
    closed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=120)
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.CharField(max_length=120, default="", db_default="", blank=True)
    reason = models.CharField(max_length=500, default="", db_default="", blank=True)
    differences = models.BigIntegerField()
    differences_minor = models.BigIntegerField()

    objects = MonthCloseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "month", "version"], name="a_month_is_closed_once_a_version"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "month"],
                condition=Q(state="closed"),
                name="a_month_is_closed_or_not",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", reopened_at__isnull=True)
                | (Q(state="reopened", reopened_at__isnull=False) & ~Q(reason="")),
                name="a_month_is_opened_again_for_a_reason",
            ),
        ]

    def as_contract(self) -> contracts.MonthClose:
        names = contracts.MonthClose.__dataclass_fields__
        return contracts.MonthClose(**{name: getattr(self, name) for name in names})


class MonthBalanceQuerySet(MerchantQuerySet["MonthBalance"]):
    """Balances of closed months."""


class MonthBalance(MerchantOwned):
    """A row of a closed month's trial balance, as it was when it was closed."""

    append_only = True

    close = models.ForeignKey(
        MonthClose, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    asset = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    group = models.CharField(max_length=80)
    opening_minor = models.BigIntegerField()
    debit_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()

    objects = MonthBalanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "close", "asset", "kind", "group"],
                name="a_balance_of_a_month_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    closing_minor=models.F("opening_minor")
                    + models.F("debit_minor")
                    - models.F("credit_minor")
                ),
                name="a_balance_of_a_month_adds_up",
            ),
        ]
