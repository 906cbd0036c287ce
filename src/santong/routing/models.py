"""Decisions that were taken, the prices they used, and what each place has been asked today."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.routing import contracts


class SourcingDecision(MerchantOwned):
    """Where the lines of an order come from: the input, the answer, and how long it took.

    Kept as it was taken: the same input gives the same choice again, which `replay_decision`
    shows and disputes are settled by.
    """

    append_only = True

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+")
    attempt = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=40)
    sourcing = models.JSONField()
    choice = models.JSONField()
    rules_version = models.PositiveSmallIntegerField()
    took_microseconds = models.PositiveIntegerField()
    decided_at = models.DateTimeField()

    objects = MerchantQuerySet["SourcingDecision"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["merchant_id", "order"], name="decisions_of_an_order")]

    def as_contract(self) -> contracts.Decision:
        return contracts.Decision(
            id=self.id,
            order_id=self.order_id,
            attempt=self.attempt,
            cause=self.cause,
            sourcing=contracts.SourcingInput.from_json(self.sourcing),
            choice=contracts.Choice.from_json(self.choice),
            took_microseconds=self.took_microseconds,
            decided_at=self.decided_at,
        )


class RoutingPolicy(MerchantOwned):
    """What a merchant's parcels cost and how far its orders may be split. One row a merchant."""

    tariff = models.JSONField()
    limit = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    objects = MerchantQuerySet["RoutingPolicy"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id"], name="one_routing_policy_a_merchant")
        ]

    def as_contract(self) -> contracts.RoutingPolicy:
        return contracts.RoutingPolicy(
            tariff=contracts.Tariff.from_json(self.tariff),
            limit=contracts.SplitLimit.from_json(self.limit),
            version=self.version,
            changed_at=self.changed_at,
        )


class ScarcityPrice(MerchantOwned):
    """What one unit of a SKU at a place is worth to later orders, in 1/1,000 of a minor unit.

    The dual of the stock in the last forecast; stock that nobody is short of has no row.
    """

    location_id = models.BigIntegerField()
    sku_id = models.BigIntegerField()
    price_milli = models.PositiveBigIntegerField()
    solved_at = models.DateTimeField()

    objects = MerchantQuerySet["ScarcityPrice"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "sku_id", "location_id"],
                name="one_scarcity_price_per_location_and_sku",
            ),
            models.CheckConstraint(condition=Q(price_milli__gt=0), name="a_price_is_above_zero"),
        ]


class PlaceLoad(MerchantOwned):
    """How many parcels a place was asked for on a day of its own; counted from the facts."""

    location_id = models.BigIntegerField()
    day = models.DateField()
    parcels = models.PositiveIntegerField(default=0)

    objects = MerchantQuerySet["PlaceLoad"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "location_id", "day"], name="one_load_a_place_and_day"
            )
        ]
