"""Staged sales, the money of their documents, and the links of their buyers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.stagedsales import contracts
from santong.stagedsales.models.plans import StagePlan

_STATES = [(state, state) for state in contracts.SALE_STATES]


class StagedSale(MerchantOwned):
    """A sale from its deposit to its end. Who buys is sealed.

    `state_before` is where it stood when a dispute began. `location_id`, `member_id` and `order_id`
    are names that their owners know; nothing of theirs is read here.
    """

    key = models.CharField(max_length=contracts.LONGEST_KEY)
    request_hash = models.CharField(max_length=64)
    plan = models.ForeignKey(StagePlan, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=_STATES)
    state_before = models.CharField(max_length=12, default="", blank=True)
    currency = models.CharField(max_length=3)
    deposit_minor = models.BigIntegerField()
    storefront_id = models.BigIntegerField()
    location_id = models.BigIntegerField(null=True)
    member_id = models.BigIntegerField(null=True)
    order_id = models.BigIntegerField(null=True)
    buyer_sealed = models.BinaryField(max_length=2000)
    phone_index = models.BinaryField(max_length=16, null=True)
    reserved_by = models.CharField(max_length=120)
    reserved_at = models.DateTimeField()
    deposit_until = models.DateTimeField()
    installer_code = models.CharField(max_length=60, default="", db_default="", blank=True)
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    link_round = models.PositiveIntegerField(default=1)
    why = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)

    objects = MerchantQuerySet["StagedSale"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key"], name="a_staged_sale_is_reserved_once"
            ),
            models.CheckConstraint(
                condition=Q(deposit_minor__gt=0), name="a_staged_sale_has_a_deposit"
            ),
            models.CheckConstraint(
                condition=Q(state="disputed") & ~Q(state_before="")
                | ~Q(state="disputed") & Q(state_before=""),
                name="a_disputed_staged_sale_says_where_it_stood",
            ),
            models.CheckConstraint(
                condition=Q(deposit_until__gt=F("reserved_at")),
                name="a_reserved_deposit_can_be_paid",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "state", "-id"], name="staged_sales_by_state"),
            models.Index(
                fields=["merchant_id", "deposit_until"],
                condition=Q(state="reserved"),
                name="staged_sales_to_expire",
            ),
            models.Index(
                fields=["merchant_id", "phone_index"],
                condition=Q(phone_index__isnull=False),
                name="staged_sales_of_a_phone",
            ),
            models.Index(
                fields=["merchant_id", "member_id"],
                condition=Q(member_id__isnull=False),
                name="staged_sales_of_a_member",
            ),
            models.Index(
                fields=["merchant_id", "order_id"],
                condition=Q(order_id__isnull=False),
                name="staged_sales_of_an_order",
            ),
        ]


class SaleDocument(MerchantOwned):
    """The money of one document of a sale: what is to stay, what came in, what goes back.

    `given_minor` of what goes back was owed all the same: it makes something good.

    Changes under its sale's lock only. What came in and went back is what payments says.
    """

    sale = models.ForeignKey(StagedSale, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    keep_minor = models.BigIntegerField()
    received_minor = models.BigIntegerField(default=0)
    returning_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    given_minor = models.BigIntegerField(default=0, db_default=0)

    objects = MerchantQuerySet["SaleDocument"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "sale", "number"],
                name="a_document_of_a_staged_sale_is_counted_once",
            ),
            models.CheckConstraint(
                condition=Q(keep_minor__gte=0, returned_minor__gte=0)
                & Q(returned_minor__lte=F("returning_minor"))
                & Q(returning_minor__lte=F("received_minor")),
                name="no_more_goes_back_than_came_in_for_a_staged_sale",
            ),
            models.CheckConstraint(
                condition=Q(given_minor__gte=0) & Q(given_minor__lte=F("returning_minor")),
                name="what_a_staged_sale_gives_goes_back",
            ),
        ]

    def as_contract(self) -> contracts.SaleMoney:
        return contracts.SaleMoney(
            number=self.number,
            document=contracts.document_of(self.sale_id, self.number),
            keep_minor=self.keep_minor,
            received_minor=self.received_minor,
            returning_minor=self.returning_minor,
            returned_minor=self.returned_minor,
            given_minor=self.given_minor,
        )
