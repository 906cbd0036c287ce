"""What is given, in which batches, and how many of them are left."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.benefits import contracts
from santong.benefits.contracts import BATCH_STATES, KINDS, RETURN_POLICIES
from santong.benefits.models.supplies import Supply
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class BenefitQuerySet(MerchantQuerySet["Benefit"]):
    """Benefits."""


class Benefit(MerchantOwned):
    """What is given: a kind, and the terms that this kind has."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in KINDS])
    currency = models.CharField(max_length=3, null=True)  # noqa: DJ001  what is not money has none
    terms = models.JSONField()
    created_at = models.DateTimeField()

    objects = BenefitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="a_benefit_has_its_own_code"
            )
        ]

    def as_contract(self) -> contracts.Benefit:
        return contracts.Benefit(
            id=self.id,
            code=self.code,
            name=self.name,
            kind=contracts.KINDS[contracts.KINDS.index(self.kind)],
            currency=self.currency,
            terms=self.terms,
        )


class BatchQuerySet(MerchantQuerySet["Batch"]):
    """Batches."""


class Batch(MerchantOwned):
    """Coupons of one benefit under the same limits. Terms are frozen when it is drafted.

    `spent_minor` changes by guarded statements only; no index names it, so its updates stay in
    the row's page.
    """

    benefit = models.ForeignKey(Benefit, models.PROTECT, related_name="+")
    supply = models.ForeignKey(Supply, models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in KINDS])
    terms = models.JSONField()
    currency = models.CharField(max_length=3, null=True)  # noqa: DJ001  what is not money has none
    state = models.CharField(max_length=10, choices=[(state, state) for state in BATCH_STATES])
    limit_total = models.IntegerField(null=True)
    limit_per_member = models.IntegerField(null=True)
    limit_per_day = models.IntegerField(null=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    valid_days = models.IntegerField(null=True)
    timezone = models.CharField(max_length=40, default="Asia/Shanghai")
    return_policy = models.CharField(
        max_length=20, choices=[(policy, policy) for policy in RETURN_POLICIES]
    )
    grace_days = models.IntegerField(default=0)
    budget_minor = models.BigIntegerField(null=True)
    spent_minor = models.BigIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=120, null=True)  # noqa: DJ001  nobody has yet

    objects = BatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="a_batch_has_its_own_code"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(approved_by__isnull=False),
                name="a_batch_that_runs_was_approved",
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("created_by")), name="a_batch_is_approved_by_another"
            ),
            models.CheckConstraint(
                condition=Q(spent_minor__gte=0)
                & (Q(budget_minor__isnull=True) | Q(spent_minor__lte=F("budget_minor"))),
                name="a_budget_is_not_overspent",
            ),
            models.CheckConstraint(
                condition=Q(valid_days__isnull=True) | Q(valid_until__isnull=True),
                name="a_batch_is_valid_by_dates_or_by_days",
            ),
            models.CheckConstraint(
                condition=(Q(limit_total__isnull=True) | Q(limit_total__gt=0))
                & (Q(limit_per_member__isnull=True) | Q(limit_per_member__gt=0))
                & (Q(limit_per_day__isnull=True) | Q(limit_per_day__gt=0)),
                name="a_limit_lets_something_through",
            ),
        ]

    def as_contract(self) -> contracts.Batch:
        return contracts.Batch(
            id=self.id,
            code=self.code,
            name=self.name,
            benefit_id=self.benefit_id,
            kind=contracts.KINDS[contracts.KINDS.index(self.kind)],
            state=contracts.BATCH_STATES[contracts.BATCH_STATES.index(self.state)],
            terms=self.terms,
            currency=self.currency,
            limits=contracts.Limits(
                total=self.limit_total,
                per_member=self.limit_per_member,
                per_day=self.limit_per_day,
            ),
            window=contracts.ClaimWindow(opens_at=self.opens_at, closes_at=self.closes_at),
            validity=contracts.Validity(
                valid_from=self.valid_from, valid_until=self.valid_until, days=self.valid_days
            ),
            return_policy=contracts.RETURN_POLICIES[
                contracts.RETURN_POLICIES.index(self.return_policy)
            ],
            grace_days=self.grace_days,
            budget_minor=self.budget_minor,
            spent_minor=self.spent_minor,
            supply_id=self.supply_id,
            created_by=self.created_by,
            approved_by=self.approved_by,
            created_at=self.created_at,
        )


class BatchSlotQuerySet(MerchantQuerySet["BatchSlot"]):
    """Slots."""


class BatchSlot(MerchantOwned):
    """A sixteenth of a limit. `span` is empty for the whole life of the batch, or names a day.

    Whoever claims takes any slot that has room and that nobody else holds at this moment; the
    quotas of a limit's slots add up to the limit, so exactly the limit is given out.
    """

    batch = models.ForeignKey(
        Batch, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    span = models.CharField(max_length=10, default="", blank=True)
    slot = models.SmallIntegerField()
    quota = models.IntegerField()
    used = models.IntegerField(default=0, db_default=0)

    objects = BatchSlotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "batch", "span", "slot"], name="a_limit_has_each_slot_once"
            ),
            models.CheckConstraint(
                condition=Q(used__gte=0) & Q(used__lte=F("quota")),
                name="no_slot_gives_out_more_than_its_quota",
            ),
        ]


class MemberCountQuerySet(MerchantQuerySet["MemberCount"]):
    """Counts by member."""


class MemberCount(MerchantOwned):
    """How many of a batch one member was given."""

    batch = models.ForeignKey(
        Batch, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    member = models.ForeignKey(
        "membership.Member", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    given = models.IntegerField()
    most = models.IntegerField()

    objects = MemberCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "batch", "member"], name="a_member_is_counted_once"
            ),
            models.CheckConstraint(
                condition=Q(given__gt=0) & Q(given__lte=F("most")),
                name="no_member_is_given_more_than_the_limit",
            ),
        ]


class PackageQuerySet(MerchantQuerySet["Package"]):
    """Packages."""


class Package(MerchantOwned):
    """Several benefits that are given together, or not at all."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    objects = PackageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="a_package_has_its_own_code"
            )
        ]


class PackageItemQuerySet(MerchantQuerySet["PackageItem"]):
    """What is in packages."""


class PackageItem(MerchantOwned):
    """So many coupons of one batch in a package."""

    append_only = True

    package = models.ForeignKey(Package, models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    quantity = models.IntegerField()

    objects = PackageItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "package", "batch"], name="a_batch_is_in_a_package_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="a_package_holds_something_of_each"
            ),
        ]
