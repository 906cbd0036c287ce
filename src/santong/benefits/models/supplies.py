"""Where a benefit comes from: suppliers, their codes, what they are owed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.benefits import contracts
from santong.benefits.contracts import supplies as supplied
from santong.kernel.models import MerchantOwned, MerchantQuerySet

CODE_STATES = ("available", "granted")
REQUEST_STATES = ("pending", "done", "failed")
INVOICE_STATES = ("matched", "differs")


class SupplierQuerySet(MerchantQuerySet["Supplier"]):
    """Suppliers."""


class Supplier(MerchantOwned):
    """Whoever delivers what a benefit promises and is paid for it."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    objects = SupplierQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="a_supplier_has_its_own_code"
            )
        ]


class SupplyQuerySet(MerchantQuerySet["Supply"]):
    """Supplies."""


class Supply(MerchantOwned):
    """One way to get what a benefit promises: our own, codes from a file, or asked for each time.

    `imported` counts codes, `committed` those that running batches may still give out.
    """

    supplier = models.ForeignKey(Supplier, models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in supplied.SUPPLY_KINDS])
    contract_number = models.CharField(max_length=60, default="", blank=True)
    contract_until = models.DateTimeField(null=True)
    adapter = models.CharField(max_length=40, default="", blank=True)
    product = models.CharField(max_length=100, default="", blank=True)
    cost_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="CNY")
    charged_when = models.CharField(
        max_length=10, choices=[(when, when) for when in ("granted", "redeemed")]
    )
    alarm_below = models.IntegerField(default=0)
    low_since = models.DateTimeField(null=True)
    imported = models.IntegerField(default=0, db_default=0)
    committed = models.IntegerField(default=0, db_default=0)
    created_at = models.DateTimeField()

    objects = SupplyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="a_supply_has_its_own_code"
            ),
            models.CheckConstraint(
                condition=Q(
                    cost_minor__gte=0, committed__gte=0, imported__gte=0, alarm_below__gte=0
                ),
                name="no_number_of_a_supply_is_below_zero",
            ),
            models.CheckConstraint(
                condition=~Q(kind="codes") | Q(committed__lte=F("imported")),
                name="no_more_codes_are_committed_than_were_imported",
            ),
            models.CheckConstraint(
                condition=Q(kind="own") | Q(supplier__isnull=False),
                name="what_is_not_our_own_has_a_supplier",
            ),
        ]

    def as_contract(self) -> supplied.Supply:
        return supplied.Supply(
            id=self.id,
            code=self.code,
            name=self.name,
            kind=supplied.SUPPLY_KINDS[supplied.SUPPLY_KINDS.index(self.kind)],
            supplier_id=self.supplier_id,
            product=self.product,
            cost_minor=self.cost_minor,
            currency=self.currency,
            charged_when="granted" if self.charged_when == "granted" else "redeemed",
            contract_number=self.contract_number,
            contract_until=self.contract_until,
            alarm_below=self.alarm_below,
            imported=self.imported,
            committed=self.committed,
        )


class CodeImportQuerySet(MerchantQuerySet["CodeImport"]):
    """Imports of codes."""


class CodeImport(MerchantOwned):
    """One file of codes: how many were taken, and what was wrong, by line and column."""

    append_only = True

    supply = models.ForeignKey(Supply, models.PROTECT, related_name="+")
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    file_name = models.CharField(max_length=200)
    digest = models.BinaryField(max_length=32)
    taken = models.IntegerField()
    duplicates = models.IntegerField()
    rejects = models.JSONField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    objects = CodeImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key"], name="a_file_of_codes_is_taken_once"
            )
        ]


class SupplyCodeQuerySet(MerchantQuerySet["SupplyCode"]):
    """Suppliers' codes."""


class SupplyCode(MerchantOwned):
    """A code of a supplier, sealed; nobody reads it before it is granted."""

    supply = models.ForeignKey(Supply, models.PROTECT, related_name="+", db_index=False)
    sealed = models.BinaryField()
    code_index = models.BinaryField(max_length=16)
    state = models.CharField(max_length=10, choices=[(state, state) for state in CODE_STATES])
    expires_at = models.DateTimeField(null=True)
    coupon_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    objects = SupplyCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "supply", "code_index"], name="a_supplier_code_is_there_once"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "coupon_id"],
                condition=Q(coupon_id__isnull=False),
                name="a_coupon_has_one_supplier_code",
            ),
            models.CheckConstraint(
                condition=Q(state="granted", coupon_id__isnull=False)
                | Q(state="available", coupon_id__isnull=True),
                name="a_granted_code_belongs_to_a_coupon",
            ),
        ]
        indexes = [
            models.Index(
                fields=["supply", "id"], condition=Q(state="available"), name="codes_to_be_given"
            )
        ]


class SupplyRequestQuerySet(MerchantQuerySet["SupplyRequest"]):
    """Requests to suppliers."""


class SupplyRequest(MerchantOwned):
    """What a supplier is asked for one coupon; asked again under the same key until it answers."""

    supply = models.ForeignKey(Supply, models.PROTECT, related_name="+", db_index=False)
    coupon_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=[(state, state) for state in REQUEST_STATES])
    attempts = models.IntegerField(default=0, db_default=0)
    next_at = models.DateTimeField(null=True)
    receipt_sealed = models.BinaryField(null=True)
    error = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = SupplyRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "coupon_id"], name="a_supplier_is_asked_once_for_a_coupon"
            ),
            models.CheckConstraint(
                condition=Q(state="pending", next_at__isnull=False)
                | Q(~Q(state="pending"), next_at__isnull=True),
                name="only_a_pending_request_is_sent_again",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(state="pending"), name="supply_requests_due"
            )
        ]


class SupplyChargeQuerySet(MerchantQuerySet["SupplyCharge"]):
    """Charges."""


class SupplyCharge(MerchantOwned):
    """What one coupon costs the brand, or gives back; the statement of a month is their sum."""

    append_only = True

    supply = models.ForeignKey(Supply, models.PROTECT, related_name="+", db_index=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="+", db_index=False)
    coupon_id = models.BigIntegerField()
    attempt = models.IntegerField()
    kind = models.CharField(
        max_length=10, choices=[(kind, kind) for kind in ("granted", "redeemed", "returned")]
    )
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    month = models.DateField()
    at = models.DateTimeField()

    objects = SupplyChargeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "coupon_id", "attempt", "kind"],
                name="a_coupon_is_charged_once",
            )
        ]
        indexes = [
            models.Index(fields=["merchant_id", "supplier", "month"], name="charges_of_a_month")
        ]


class SupplierInvoiceQuerySet(MerchantQuerySet["SupplierInvoice"]):
    """Suppliers' invoices."""


class SupplierInvoice(MerchantOwned):
    """What a supplier asks for a month, beside what we have counted."""

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    month = models.DateField()
    amount_minor = models.BigIntegerField()
    counted_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=[(state, state) for state in INVOICE_STATES])
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    objects = SupplierInvoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "supplier", "number"], name="an_invoice_comes_once"
            ),
            models.CheckConstraint(
                condition=Q(state="matched", amount_minor=F("counted_minor"))
                | Q(Q(state="differs"), ~Q(amount_minor=F("counted_minor"))),
                name="an_invoice_matches_to_the_last_minor_unit",
            ),
        ]
