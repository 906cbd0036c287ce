"""What brands that share a pool owe one another, month by month."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.membership import contracts
from santong.membership.models.programmes import Pool


class Settlement(MerchantOwned):
    """A pool's month, closed: its lines never change again."""

    append_only = True

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    counted_from = models.DateTimeField()
    counted_until = models.DateTimeField()
    currency = models.CharField(max_length=3)
    expired_points = models.BigIntegerField()
    breakage_minor_per_1000 = models.PositiveIntegerField()
    closed_by = models.CharField(max_length=120)
    closed_at = models.DateTimeField()

    objects = MerchantQuerySet["Settlement"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "pool", "month"], name="a_month_is_closed_once"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="a_month_is_its_first_day"),
        ]


class SettlementLine(MerchantOwned):
    """A brand's part of a closed month."""

    append_only = True

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="+", db_index=False)
    brand_id = models.BigIntegerField()
    earned_points = models.BigIntegerField()
    burned_points = models.BigIntegerField()
    pays_minor = models.BigIntegerField()
    gets_minor = models.BigIntegerField()
    breakage_minor = models.BigIntegerField()
    net_minor = models.BigIntegerField()

    objects = MerchantQuerySet["SettlementLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "settlement", "brand_id"],
                name="a_brand_has_one_line_of_a_month",
            ),
            models.CheckConstraint(
                condition=Q(
                    net_minor=models.F("gets_minor")
                    + models.F("breakage_minor")
                    - models.F("pays_minor")
                ),
                name="a_line_adds_up",
            ),
        ]

    def as_contract(self) -> contracts.BrandStatement:
        return contracts.BrandStatement(
            brand_id=self.brand_id,
            earned_points=self.earned_points,
            burned_points=self.burned_points,
            pays_minor=self.pays_minor,
            gets_minor=self.gets_minor,
            breakage_minor=self.breakage_minor,
            net_minor=self.net_minor,
        )
