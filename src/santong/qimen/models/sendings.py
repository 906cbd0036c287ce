"""What waits to be said to other systems."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.qimen import contracts
from santong.qimen.models.systems import Contract


class SendingQuerySet(MerchantQuerySet["Sending"]):
    """Messages that wait."""


class Sending(MerchantOwned):
    """A message that another system is to take, once, by its `serial_no`.

    Messages about one document (the lane) leave in the order in which they came: the next waits
    until the one before is done or refused.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_index=False)
    lane = models.CharField(max_length=80)
    serial_no = models.CharField(max_length=120)
    method = models.CharField(max_length=60)
    body_sealed = models.BinaryField(default=b"")
    state = models.CharField(
        max_length=8, choices=[(each, each) for each in contracts.SENDING_STATES], default="waiting"
    )
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    claim = models.BigIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    code = models.CharField(max_length=80, default="", blank=True)
    reason = models.CharField(max_length=300, default="", blank=True)

    objects = SendingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "contract", "serial_no"],
                name="a_message_is_queued_once",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="a_message_that_ended_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "contract", "lane", "id"],
                condition=Q(state="waiting"),
                name="qimen_sendings_waiting",
            ),
        ]


class StockTellingQuerySet(MerchantQuerySet["StockTelling"]):
    """Changes of stock that wait."""


class StockTelling(MerchantOwned):
    """A change of stock that a system is still to be told of, gathered into one message."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_index=False)
    location_id = models.BigIntegerField()
    sku_id = models.BigIntegerField()
    delta = models.IntegerField()
    reason = models.CharField(max_length=60)
    at = models.DateTimeField()
    sending = models.ForeignKey(
        Sending, models.PROTECT, related_name="+", null=True, db_index=False
    )

    objects = StockTellingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["merchant_id", "contract", "id"],
                condition=Q(sending__isnull=True),
                name="stock_tellings_waiting",
            ),
        ]


class StoreItemQuerySet(MerchantQuerySet["StoreItem"]):
    """Items of stores."""


class StoreItem(MerchantOwned):
    """An item that another system has bound to a store."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey("stores.Location", models.PROTECT, related_name="+")
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+")

    objects = StoreItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "contract", "location", "sku"],
                name="an_item_is_bound_to_a_store_once",
            ),
        ]
