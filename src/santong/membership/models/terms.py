"""What programmes promise, pools share, and brands let one another do."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.membership import contracts
from santong.membership.models.programmes import Pool, Programme
from santong.membership.rules.terms import terms_from_json

LONGEST_REASON = 200


class ProgrammeTerms(MerchantOwned):
    """The terms of a programme as they were published: a version, never changed.

    What was given points at the version by which it was given, and can be worked out again.
    """

    append_only = True

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    terms = models.JSONField()
    reason = models.CharField(max_length=LONGEST_REASON)
    published_by = models.CharField(max_length=120)
    published_at = models.DateTimeField()

    objects = MerchantQuerySet["ProgrammeTerms"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "programme", "version"],
                name="a_version_of_terms_is_published_once",
            )
        ]

    def as_contract(self) -> contracts.PublishedTerms:
        return contracts.PublishedTerms(
            id=self.id,
            programme_id=self.programme_id,
            version=self.version,
            terms=terms_from_json(self.terms),
            reason=self.reason,
            published_by=self.published_by,
            published_at=self.published_at,
        )


class PoolTerms(MerchantOwned):
    """The contract of those who share a pool: who keeps what was never used. A version."""

    append_only = True

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    # 0: the pool keeps it. More: so much for 1,000 expired points goes back to those who earned.
    breakage_minor_per_1000 = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    timezone = models.CharField(max_length=60)
    reason = models.CharField(max_length=LONGEST_REASON)
    published_by = models.CharField(max_length=120)
    published_at = models.DateTimeField()

    objects = MerchantQuerySet["PoolTerms"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "pool", "version"],
                name="a_version_of_a_pools_terms_is_published_once",
            )
        ]

    def as_contract(self) -> contracts.PoolTerms:
        return contracts.PoolTerms(
            pool_id=self.pool_id,
            version=self.version,
            breakage_minor_per_1000=self.breakage_minor_per_1000,
            currency=self.currency,
            timezone=self.timezone,
        )


class Authorisation(MerchantOwned):
    """What one brand of a pool lets another do with its members, and at which rates.

    A brand's own terms in the pool are what it lets itself do. Rates are minor units for 1,000
    points: what the pool is paid for points that are earned, and pays for points that are burned.
    """

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="+", db_index=False)
    by_brand = models.ForeignKey(
        "merchants.Brand", models.PROTECT, related_name="+", db_index=False
    )
    to_brand = models.ForeignKey(
        "merchants.Brand", models.PROTECT, related_name="+", db_index=False
    )
    may_see = models.BooleanField()
    may_accrue = models.BooleanField()
    may_burn = models.BooleanField()
    earn_rate = models.PositiveIntegerField()
    burn_rate = models.PositiveIntegerField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=LONGEST_REASON)

    objects = MerchantQuerySet["Authorisation"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "pool", "by_brand", "to_brand", "valid_from"],
                name="an_authorisation_begins_once",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "pool", "by_brand", "to_brand"],
                condition=Q(valid_until__isnull=True),
                name="one_open_authorisation_between_two_brands",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="an_authorisation_ends_after_it_begins",
            ),
        ]

    def as_contract(self) -> contracts.Authorisation:
        return contracts.Authorisation(
            id=self.id,
            pool_id=self.pool_id,
            by_brand_id=self.by_brand_id,
            to_brand_id=self.to_brand_id,
            may_see=self.may_see,
            may_accrue=self.may_accrue,
            may_burn=self.may_burn,
            earn_rate=self.earn_rate,
            burn_rate=self.burn_rate,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            reason=self.reason,
        )
