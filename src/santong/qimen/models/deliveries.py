"""Orders of buyers between two systems: whose it is, who sends it, how far it is."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.qimen import contracts
from santong.qimen.models.systems import Contract


class DeliveryQuerySet(MerchantQuerySet["Delivery"]):
    """Deliveries."""


class Delivery(MerchantOwned):
    """A delivery order: one that we took and send, or one of ours that another system sends."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_index=False)
    way = models.CharField(max_length=5, choices=[(each, each) for each in contracts.DELIVERY_WAYS])
    code = models.CharField(max_length=60)
    order_type = models.CharField(max_length=10, default="JYCK")
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+")
    # Of one that we sent: the work of the place that it is.
    work_id = models.BigIntegerField(null=True)
    location_id = models.BigIntegerField(null=True)
    outside_id = models.CharField(max_length=60, default="", blank=True)
    state = models.CharField(
        max_length=12,
        choices=[(each, each) for each in contracts.DELIVERY_STATES],
        default="accepted",
    )
    reason = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "contract", "code"],
                name="a_delivery_order_is_handed_over_once",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "work_id"],
                condition=Q(work_id__isnull=False),
                name="work_of_a_place_is_sent_by_one_system",
            ),
            models.CheckConstraint(
                condition=Q(way="taken", work_id__isnull=True)
                | Q(way="sent", work_id__isnull=False, location_id__isnull=False),
                name="a_delivery_that_another_sends_is_work_of_a_place",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "order"], name="deliveries_of_an_order")]


class DeliveryLineQuerySet(MerchantQuerySet["DeliveryLine"]):
    """Lines of deliveries."""


class DeliveryLine(MerchantOwned):
    """So many units of an order's line, and what the other system says that it has sent."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="+", db_index=False)
    order_line_id = models.BigIntegerField()
    outside_number = models.CharField(max_length=60, default="", blank=True)
    item_code = models.CharField(max_length=60)
    planned = models.PositiveIntegerField()
    sent = models.PositiveIntegerField(default=0)

    objects = DeliveryLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "delivery", "order_line_id"],
                name="a_line_is_in_a_delivery_once",
            ),
            models.CheckConstraint(
                condition=Q(sent__lte=F("planned")), name="no_more_is_sent_than_was_asked"
            ),
        ]


class DeliveryPackageQuerySet(MerchantQuerySet["DeliveryPackage"]):
    """Packages."""


class DeliveryPackage(MerchantOwned):
    """A package of a delivery in a carrier's hands."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="+", db_index=False)
    logistics_code = models.CharField(max_length=60)
    express_code = models.CharField(max_length=60)
    weight_grams = models.PositiveIntegerField(null=True)
    items = models.JSONField(default=list)
    at = models.DateTimeField()

    objects = DeliveryPackageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "delivery", "logistics_code", "express_code"],
                name="a_package_is_told_once",
            ),
        ]


class ProcessStepQuerySet(MerchantQuerySet["ProcessStep"]):
    """Steps."""


class ProcessStep(MerchantOwned):
    """How far a document was at a moment, as the other system told it."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_index=False)
    order_code = models.CharField(max_length=60)
    status = models.CharField(max_length=20)
    operator_code = models.CharField(max_length=60, default="", blank=True)
    info = models.CharField(max_length=500, default="", blank=True)
    at = models.DateTimeField()

    objects = ProcessStepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "contract", "order_code", "status", "at"],
                name="a_step_of_a_document_is_told_once",
            ),
        ]
