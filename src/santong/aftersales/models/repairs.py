"""Repairs of what buyers brought."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.aftersales import contracts
from santong.aftersales.models.cases import Case
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class Repair(MerchantOwned):
    """One repair of a case. What it costs is paid under the case's own document."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    document = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=[(s, s) for s in contracts.REPAIR_STATES])
    repairer = models.CharField(max_length=10, choices=[(r, r) for r in contracts.REPAIRERS])
    repairer_code = models.CharField(max_length=60, default="", blank=True)
    location = models.ForeignKey(
        "stores.Location", models.PROTECT, related_name="+", null=True, db_index=False
    )
    is_warranty = models.BooleanField()
    quote_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    was_declined = models.BooleanField(default=False)
    diagnosis = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)
    quoted_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["Repair"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "case"], name="a_case_has_one_repair"),
            models.CheckConstraint(
                condition=Q(state__in=contracts.REPAIR_STATES), name="a_repairs_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(quote_minor__gte=0), name="a_repair_costs_no_less_than_nothing"
            ),
            models.CheckConstraint(
                condition=~Q(state="repairing") | Q(quote_minor=0) | Q(paid_at__isnull=False),
                name="a_repair_with_a_price_is_paid_first",
            ),
        ]

    def as_contract(self) -> contracts.Repair:
        return contracts.Repair(
            id=self.id,
            case_id=self.case_id,
            document=self.document,
            state=contracts.REPAIR_STATES[contracts.REPAIR_STATES.index(self.state)],
            repairer=contracts.REPAIRERS[contracts.REPAIRERS.index(self.repairer)],
            repairer_code=self.repairer_code,
            location_id=self.location_id,
            is_warranty=self.is_warranty,
            quote_minor=self.quote_minor,
            currency=self.currency,
            was_declined=self.was_declined,
            diagnosis=self.diagnosis,
            quoted_at=self.quoted_at,
            accepted_at=self.accepted_at,
            paid_at=self.paid_at,
            ended_at=self.ended_at,
        )
