"""Goods that broken terms of agreements owe, and compensation that counts against lines."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.aftersales import contracts
from santong.aftersales.models.cases import Case
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class OwedRemedy(MerchantOwned):
    """What a broken term owes its buyer in goods: one case sends or replaces it.

    While it waits, somebody has to say which goods it is about. `tries` counts the cases that were
    opened for it and came to nothing. `units` are sent instead of the same again.
    """

    breach_id = models.BigIntegerField()
    reference = models.CharField(max_length=80)
    document = models.CharField(max_length=60)
    order_id = models.BigIntegerField(null=True)
    term = models.CharField(max_length=20)
    remedy = models.CharField(max_length=8, choices=[("resend", "resend"), ("replace", "replace")])
    goods = models.JSONField(default=list)
    units = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=[(s, s) for s in contracts.OWED_STATES])
    waits_for = models.CharField(max_length=20, default="", blank=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", null=True, db_index=False)
    tries = models.PositiveSmallIntegerField(default=0)
    owed_at = models.DateTimeField()

    objects = MerchantQuerySet["OwedRemedy"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "breach_id"], name="a_breach_owes_its_goods_once"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "case"],
                condition=Q(case__isnull=False),
                name="a_case_makes_one_breach_good",
            ),
            models.CheckConstraint(
                condition=Q(state="opened", case__isnull=False)
                | Q(~Q(state="opened"), ~Q(state="waiting"))
                | Q(state="waiting", case__isnull=True),
                name="owed_goods_that_wait_have_no_case",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(state="waiting"),
                name="owed_goods_that_wait",
            )
        ]

    def as_contract(self) -> contracts.OwedRemedy:
        return contracts.OwedRemedy(
            id=self.id,
            breach_id=self.breach_id,
            reference=self.reference,
            document=self.document,
            order_id=self.order_id,
            term=self.term,
            remedy="resend" if self.remedy == "resend" else "replace",
            goods=tuple(contracts.NewUnit(**each) for each in self.goods),
            state=contracts.OWED_STATES[contracts.OWED_STATES.index(self.state)],
            waits_for=self.waits_for,
            case_id=self.case_id,
            owed_at=self.owed_at,
        )


class LineCompensation(MerchantOwned):
    """How much of a breach's compensation lowers what a line is worth: counted once."""

    order_id = models.BigIntegerField()
    order_line_id = models.BigIntegerField()
    breach_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()

    objects = MerchantQuerySet["LineCompensation"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "breach_id", "order_line_id"],
                name="a_compensation_counts_once_for_a_line",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_compensation_that_counts_is_something"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "order_id"], name="compensations_of_an_order")
        ]
