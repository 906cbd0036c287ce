"""Who issues invoices, and what goods are for the tax office."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.invoicing import contracts
from santong.invoicing.contracts.invoices import RATE_SUBJECTS
from santong.kernel.models import MerchantOwned, MerchantQuerySet

RATES = Q(
    default_rate_basis_points__gte=0, default_rate_basis_points__lte=contracts.MOST_BASIS_POINTS
)


def settings_place(*, code: str) -> str:
    """What binds sealed settings to their seller."""
    return f"invoicing.seller:{code}"


class Seller(MerchantOwned):
    """A legal entity that issues invoices. What its issuer needs to know of it is sealed."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    taxpayer_number = models.CharField(max_length=18)
    address = models.CharField(max_length=100, default="", blank=True)
    phone = models.CharField(max_length=100, default="", blank=True)
    bank = models.CharField(max_length=100, default="", blank=True)
    account = models.CharField(max_length=100, default="", blank=True)
    brand_id = models.BigIntegerField(null=True)
    dealer_id = models.BigIntegerField(null=True)
    issuer = models.CharField(max_length=40)
    settings_sealed = models.BinaryField()
    default_tax_code = models.CharField(max_length=19)
    default_tax_name = models.CharField(max_length=100)
    default_rate_basis_points = models.PositiveSmallIntegerField()
    red_policy = models.CharField(
        max_length=10, choices=[(policy, policy) for policy in contracts.RED_POLICIES]
    )
    # For so many days what was bought can be returned without a reason; 0 says nothing.
    return_days = models.PositiveSmallIntegerField(default=0, db_default=0)
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    objects = MerchantQuerySet["Seller"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="a_seller_has_its_own_code"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "brand_id", "dealer_id"],
                nulls_distinct=False,
                name="one_seller_issues_for_a_brand_or_a_dealer",
            ),
            models.CheckConstraint(
                condition=Q(brand_id=None) | Q(dealer_id=None),
                name="a_seller_stands_for_a_brand_or_for_a_dealer",
            ),
            models.CheckConstraint(condition=RATES, name="a_sellers_rate_is_a_rate"),
        ]

    def as_contract(self) -> contracts.Seller:
        return contracts.Seller(
            id=self.id,
            code=self.code,
            name=self.name,
            taxpayer_number=self.taxpayer_number,
            address=self.address,
            phone=self.phone,
            bank=self.bank,
            account=self.account,
            brand_id=self.brand_id,
            dealer_id=self.dealer_id,
            issuer=self.issuer,
            default_rate=contracts.RatedAs(
                tax_code=self.default_tax_code,
                tax_name=self.default_tax_name,
                rate_basis_points=self.default_rate_basis_points,
            ),
            red_policy="held" if self.red_policy == "held" else "automatic",
            return_days=self.return_days,
            is_open=self.is_open,
            version=self.version,
        )


class TaxRate(MerchantOwned):
    """What some goods are for the tax office from a moment on. A new version is a new row."""

    append_only = True

    subject = models.CharField(
        max_length=10, choices=[(subject, subject) for subject in RATE_SUBJECTS]
    )
    key = models.CharField(max_length=320, default="", blank=True)
    tax_code = models.CharField(max_length=19)
    tax_name = models.CharField(max_length=100)
    rate_basis_points = models.PositiveSmallIntegerField()
    valid_from = models.DateTimeField()
    recorded_at = models.DateTimeField()

    objects = MerchantQuerySet["TaxRate"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "subject", "key", "valid_from"],
                name="one_rate_begins_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(rate_basis_points__lte=contracts.MOST_BASIS_POINTS),
                name="a_rate_is_a_rate",
            ),
            models.CheckConstraint(
                condition=Q(subject="freight", key="") | (~Q(subject="freight") & ~Q(key="")),
                name="a_rate_says_what_for",
            ),
        ]

    def as_contract(self) -> contracts.TaxRate:
        return contracts.TaxRate(
            id=self.id,
            subject=RATE_SUBJECTS[RATE_SUBJECTS.index(self.subject)],
            key=self.key,
            rated=contracts.RatedAs(
                tax_code=self.tax_code,
                tax_name=self.tax_name,
                rate_basis_points=self.rate_basis_points,
            ),
            valid_from=self.valid_from,
        )
