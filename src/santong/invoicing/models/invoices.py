"""Invoices and their lines."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.invoicing import contracts
from santong.invoicing.models.sales import Sale
from santong.invoicing.models.sellers import Seller
from santong.invoicing.models.titles import open_title
from santong.kernel.models import MerchantOwned, MerchantQuerySet

ON_ITS_WAY = ("requested", "sent", "waiting_confirmation")


class Invoice(MerchantOwned):
    """An invoice from its request on, and the work that is still to be done for it (ADR 0025)."""

    sale = models.ForeignKey(Sale, models.PROTECT, related_name="+", db_index=False)
    serial = models.PositiveIntegerField()
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=4, choices=[(kind, kind) for kind in contracts.KINDS])
    form = models.CharField(max_length=8, choices=[(form, form) for form in contracts.FORMS])
    state = models.CharField(max_length=20, choices=[(state, state) for state in contracts.STATES])
    original = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, db_index=False
    )
    key = models.CharField(max_length=100)
    asked_hash = models.BinaryField(max_length=16)
    round = models.PositiveSmallIntegerField(default=1)
    number = models.CharField(max_length=20, default="", blank=True)
    title_kind = models.CharField(
        max_length=8, choices=[(kind, kind) for kind in contracts.TITLE_KINDS]
    )
    title_sealed = models.BinaryField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    reason = models.CharField(max_length=20, default="", blank=True)
    asked_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)

    is_held = models.BooleanField(default=False)
    step = models.CharField(max_length=10, choices=[(step, step) for step in contracts.STEPS])
    confirmation = models.CharField(max_length=60, default="", blank=True)
    why = models.CharField(max_length=200, default="", blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    claim = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)

    objects = MerchantQuerySet["Invoice"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "sale", "serial"], name="a_sales_invoices_are_counted"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "sale", "key", "seller"],
                condition=Q(kind="blue"),
                name="a_request_is_one_invoice_of_a_seller",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "number"],
                condition=~Q(number=""),
                name="a_number_is_one_invoice",
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.STATES), name="an_invoices_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="blue", original=None) | Q(kind="red", original__isnull=False),
                name="a_red_invoice_takes_back_a_blue_one",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued")
                | (Q(issued_at__isnull=False) & Q(number__regex="^[0-9]{20}$")),
                name="an_issued_invoice_has_its_number",
            ),
            models.CheckConstraint(
                condition=Q(
                    total_minor=F("amount_minor") + F("tax_minor"),
                    amount_minor__gte=0,
                    tax_minor__gte=0,
                ),
                name="an_invoices_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ON_ITS_WAY, next_at__isnull=False)
                | (~Q(state__in=ON_ITS_WAY) & Q(next_at=None, step="none")),
                name="only_an_invoice_on_its_way_is_worked_on",
            ),
            models.CheckConstraint(
                condition=Q(form="ordinary") | Q(title_kind="company"),
                name="a_special_invoice_is_a_companys",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "next_at"],
                condition=Q(state__in=ON_ITS_WAY, is_held=False),
                name="invoices_due",
            ),
            models.Index(fields=["merchant_id", "state", "id"], name="invoices_by_state"),
            models.Index(
                fields=["merchant_id", "original"],
                condition=Q(original__isnull=False),
                name="red_invoices_of_a_blue_one",
            ),
        ]

    @property
    def reference(self) -> str:
        """Our name for it towards the issuer; one that was refused is asked anew under another."""
        return f"{self.merchant_id}-{self.sale_id}-{self.serial}-{self.round}"

    @property
    def place(self) -> str:
        """What binds the sealed title to its invoice."""
        return invoice_place(sale_id=self.sale_id, serial=self.serial)

    def title(self) -> contracts.Title:
        return open_title(
            merchant_id=self.merchant_id, sealed=bytes(self.title_sealed), place=self.place
        )


def invoice_place(*, sale_id: int, serial: int) -> str:
    """What binds a sealed title to its invoice, known before that has an id."""
    return f"invoicing.title:{sale_id}:{serial}"


class InvoiceLineQuerySet(MerchantQuerySet["InvoiceLine"]):
    """Lines of invoices."""


class InvoiceLine(MerchantOwned):
    """What an invoice says of one line of the sale; for a blue one, what of it is taken back."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines", db_index=False)
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=30)
    name = models.CharField(max_length=320)
    specification = models.CharField(max_length=100, default="", blank=True)
    quantity = models.PositiveIntegerField()
    tax_code = models.CharField(max_length=19)
    tax_name = models.CharField(max_length=100)
    rate_basis_points = models.PositiveSmallIntegerField()
    amount_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    reversed_minor = models.BigIntegerField(default=0)
    reversed_tax_minor = models.BigIntegerField(default=0)

    objects = InvoiceLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "invoice", "key"], name="an_invoice_says_a_line_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    amount_minor__gte=0,
                    tax_minor__gte=0,
                    reversed_minor__gte=0,
                    reversed_tax_minor__gte=0,
                ),
                name="no_amount_of_an_invoice_is_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(
                    reversed_minor__lte=F("amount_minor") + F("tax_minor"),
                    reversed_tax_minor__lte=F("tax_minor"),
                    reversed_minor__gte=F("reversed_tax_minor"),
                ),
                name="no_more_is_taken_back_than_was_invoiced",
            ),
        ]

    @property
    def total_minor(self) -> int:
        return self.amount_minor + self.tax_minor

    @property
    def left_minor(self) -> int:
        return self.total_minor - self.reversed_minor

    def as_contract(self) -> contracts.InvoiceLine:
        return contracts.InvoiceLine(
            id=self.id,
            number=self.number,
            key=self.key,
            name=self.name,
            specification=self.specification,
            quantity=self.quantity,
            rated=contracts.RatedAs(
                tax_code=self.tax_code,
                tax_name=self.tax_name,
                rate_basis_points=self.rate_basis_points,
            ),
            amount_minor=self.amount_minor,
            tax_minor=self.tax_minor,
            total_minor=self.total_minor,
            reversed_minor=self.reversed_minor,
        )
