"""What was sold and paid, what of it went back, and what invoices cover."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.invoicing import contracts
from santong.invoicing.models.sellers import Seller
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class Sale(MerchantOwned):
    """One document that was paid. Its row is locked before anything about its invoices changes.

    Links to its receipt hold as long as their round is the sale's.
    """

    document = models.CharField(max_length=60)
    order_id = models.BigIntegerField()
    member_id = models.BigIntegerField(null=True)
    location_id = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    sold_at = models.DateTimeField()
    invoices = models.PositiveIntegerField(default=0)
    link_round = models.PositiveIntegerField(default=0)

    objects = MerchantQuerySet["Sale"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "document"], name="a_document_is_sold_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "member_id"],
                condition=Q(member_id__isnull=False),
                name="sales_of_a_member",
            )
        ]


class SaleLine(MerchantOwned):
    """One line: what may be invoiced of it at most, and what is.

    Seller and rate are those of the moment of the sale.
    """

    sale = models.ForeignKey(Sale, models.PROTECT, related_name="lines", db_index=False)
    key = models.CharField(max_length=30)
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=320)
    specification = models.CharField(max_length=100, default="", blank=True)
    quantity = models.PositiveIntegerField()
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="+", db_index=False, null=True)
    tax_code = models.CharField(max_length=19, default="", blank=True)
    tax_name = models.CharField(max_length=100, default="", blank=True)
    rate_basis_points = models.PositiveSmallIntegerField(default=0)
    payable_minor = models.BigIntegerField()
    returned_minor = models.BigIntegerField(default=0)
    covered_minor = models.BigIntegerField(default=0)

    objects = MerchantQuerySet["SaleLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "sale", "key"], name="a_line_is_sold_once"
            ),
            models.CheckConstraint(
                condition=Q(payable_minor__gte=0, returned_minor__gte=0, covered_minor__gte=0),
                name="no_amount_of_a_sale_is_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(covered_minor__lte=F("payable_minor") - F("returned_minor")),
                name="invoices_never_exceed_what_was_paid_and_kept",
            ),
        ]

    def as_contract(self) -> contracts.SaleLine:
        return contracts.SaleLine(
            key=self.key,
            name=self.name,
            specification=self.specification,
            quantity=self.quantity,
            seller_id=self.seller_id or 0,
            rated=contracts.RatedAs(
                tax_code=self.tax_code,
                tax_name=self.tax_name,
                rate_basis_points=self.rate_basis_points,
            ),
            payable_minor=self.payable_minor,
            returned_minor=self.returned_minor,
            covered_minor=self.covered_minor,
        )


class MoneyBack(MerchantOwned):
    """A refund of a document that was heard of, once."""

    append_only = True

    sale = models.ForeignKey(Sale, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=100)
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField()

    objects = MerchantQuerySet["MoneyBack"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "sale", "key"], name="a_refund_is_heard_of_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_refund_gives_money_back"
            ),
        ]
