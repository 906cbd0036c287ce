"""Goods that are expected to come to a place, or to leave it for no buyer."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.qimen import contracts
from santong.qimen.models.systems import Contract


class StockOrderQuerySet(MerchantQuerySet["StockOrder"]):
    """Stock orders."""


class StockOrder(MerchantOwned):
    """Goods that another system announced: an entry, a return, or goods that leave.

    What leaves is firmly promised from the day on which it was announced.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(
        max_length=10, choices=[(each, each) for each in contracts.STOCK_ORDER_KINDS]
    )
    code = models.CharField(max_length=60)
    order_type = models.CharField(max_length=10, default="", blank=True)
    location = models.ForeignKey("stores.Location", models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=12,
        choices=[(each, each) for each in contracts.STOCK_ORDER_STATES],
        default="accepted",
    )
    # What the other system wants to be told again: owner, supplier, purchase order.
    head = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = StockOrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "contract", "kind", "code"],
                name="a_stock_order_is_announced_once",
            ),
        ]


class StockOrderLineQuerySet(MerchantQuerySet["StockOrderLine"]):
    """Lines of stock orders."""


class StockOrderLine(MerchantOwned):
    """So many units of a SKU; what has moved, and what of it was damaged and is in no stock."""

    stock_order = models.ForeignKey(StockOrder, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    outside_number = models.CharField(max_length=60, default="", blank=True)
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+")
    item_code = models.CharField(max_length=60)
    planned = models.PositiveIntegerField()
    moved = models.PositiveIntegerField(default=0)
    damaged = models.PositiveIntegerField(default=0)
    # Of goods that leave, no more than was promised can.
    is_leaving = models.BooleanField()

    objects = StockOrderLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "stock_order", "number"],
                name="lines_of_a_stock_order_are_numbered",
            ),
            models.CheckConstraint(
                condition=Q(damaged__lte=F("moved")), name="no_more_is_damaged_than_has_moved"
            ),
            models.CheckConstraint(
                condition=Q(is_leaving=False) | Q(moved__lte=F("planned")),
                name="no_more_leaves_than_was_announced",
            ),
        ]
