"""What purchases brought, line by line and rule by rule, and what returns took back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.membership import contracts
from santong.membership.models.members import Card, Member
from santong.membership.models.programmes import Programme
from santong.membership.models.terms import ProgrammeTerms


class Accrual(MerchantOwned):
    """What one purchase brought. `taken` is what returns took back of it."""

    source = models.CharField(max_length=contracts.LONGEST_SOURCE)
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    request_hash = models.CharField(max_length=64)
    # Written under the lock of their member, and none of these goes away.
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    card = models.ForeignKey(
        Card, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    terms = models.ForeignKey(
        ProgrammeTerms, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    # Whose shop it was, and what its brand pays the pool for 1,000 of these points.
    brand_id = models.BigIntegerField()
    earn_rate = models.PositiveIntegerField()
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.ACCRUAL_STATES]
    )
    channel = models.CharField(max_length=40, default="", blank=True)
    location_code = models.CharField(max_length=60, default="", blank=True)
    guide_code = models.CharField(max_length=60, default="", blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    points = models.BigIntegerField()
    taken = models.BigIntegerField(default=0)
    experience = models.BigIntegerField()
    experience_taken = models.BigIntegerField(default=0)
    # What it was worked out from: it can be worked out again.
    inputs = models.JSONField()
    bought_at = models.DateTimeField()
    bought_on = models.DateField()
    matures_at = models.DateTimeField()
    matured_at = models.DateTimeField(null=True)
    matured_txn_id = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)
    accrued_at = models.DateTimeField()

    objects = MerchantQuerySet["Accrual"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "source", "key"], name="a_purchase_brings_points_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    taken__gte=0,
                    taken__lte=F("points"),
                    experience_taken__gte=0,
                    experience_taken__lte=F("experience"),
                ),
                name="a_return_takes_no_more_than_was_given",
            ),
            models.CheckConstraint(
                condition=Q(state="mature", matured_at__isnull=False)
                | Q(~Q(state="mature"), matured_at__isnull=True),
                name="what_is_mature_says_since_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "matures_at", "id"],
                condition=Q(state="pending"),
                name="accruals_to_mature",
            ),
            models.Index(
                fields=["merchant_id", "member", "programme", "bought_on"],
                name="accruals_of_a_member",
            ),
            models.Index(
                fields=["merchant_id", "matured_at"],
                condition=Q(matured_at__isnull=False),
                name="accruals_by_maturity",
            ),
        ]

    def as_contract(self, *, programme_code: str, is_new: bool = False) -> contracts.Accrued:
        return contracts.Accrued(
            id=self.id,
            source=self.source,
            key=self.key,
            member_id=self.member_id,
            programme_code=programme_code,
            brand_id=self.brand_id,
            state=contracts.ACCRUAL_STATES[contracts.ACCRUAL_STATES.index(self.state)],
            points=self.points,
            experience=self.experience,
            taken=self.taken,
            experience_taken=self.experience_taken,
            bought_at=self.bought_at,
            matures_at=self.matures_at,
            matured_at=self.matured_at,
            expires_at=self.expires_at,
            is_new=is_new,
        )


class AccrualLine(MerchantOwned):
    """What one line of a purchase brought, and by which rules; what came back of it."""

    accrual = models.ForeignKey(
        Accrual, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    line = models.BigIntegerField()
    sku_code = models.CharField(max_length=60)
    category = models.CharField(max_length=120, default="", blank=True)
    quantity = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()
    points = models.BigIntegerField()
    experience = models.BigIntegerField()
    points_parts = models.JSONField()
    experience_parts = models.JSONField()
    returned = models.PositiveIntegerField(default=0)

    objects = MerchantQuerySet["AccrualLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "accrual", "line"], name="a_line_brings_points_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, returned__lte=F("quantity")),
                name="no_more_comes_back_than_was_bought",
            ),
        ]

    def as_contract(self) -> contracts.AccruedLine:
        return contracts.AccruedLine(
            line=self.line,
            sku_code=self.sku_code,
            category=self.category,
            quantity=self.quantity,
            returned=self.returned,
            amount_minor=self.amount_minor,
            points=self.points,
            experience=self.experience,
            points_by_rule={part["rule"]: part["amount"] for part in self.points_parts},
            experience_by_rule={part["rule"]: part["amount"] for part in self.experience_parts},
        )


class ClawBack(MerchantOwned):
    """What one return took back, and from where."""

    append_only = True

    accrual = models.ForeignKey(
        Accrual, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    return_key = models.CharField(max_length=contracts.LONGEST_KEY)
    quantity_by_line = models.JSONField()
    policy = models.CharField(max_length=20)
    points = models.BigIntegerField()
    from_pending = models.BigIntegerField()
    from_available = models.BigIntegerField()
    to_debt = models.BigIntegerField()
    forgiven = models.BigIntegerField()
    money_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    experience = models.BigIntegerField()
    brand_id = models.BigIntegerField()
    earn_rate = models.PositiveIntegerField()
    at = models.DateTimeField()

    objects = MerchantQuerySet["ClawBack"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "accrual", "return_key"],
                name="a_return_takes_points_back_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    points=F("from_pending") + F("from_available") + F("to_debt") + F("forgiven")
                ),
                name="every_point_of_a_return_is_accounted_for",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "at"], name="claw_backs_by_time")]

    def as_contract(self, *, is_new: bool = False) -> contracts.ClawedBack:
        return contracts.ClawedBack(
            accrual_id=self.accrual_id,
            return_key=self.return_key,
            policy=contracts.CLAW_BACK_POLICIES[contracts.CLAW_BACK_POLICIES.index(self.policy)],
            points=self.points,
            from_pending=self.from_pending,
            from_available=self.from_available,
            to_debt=self.to_debt,
            forgiven=self.forgiven,
            money_minor=self.money_minor,
            currency=self.currency,
            experience=self.experience,
            is_new=is_new,
        )
