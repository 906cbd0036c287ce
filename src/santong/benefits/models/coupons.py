"""What members hold, and every step of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.benefits import contracts
from santong.benefits.contracts import COUPON_STATES
from santong.benefits.models.batches import Batch
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class CouponQuerySet(MerchantQuerySet["Coupon"]):
    """Coupons."""


class Coupon(MerchantOwned):
    """One coupon. Its state changes by guarded statements only, never by `save()`.

    The code is worked out of `nonce` with a key of the merchant and found again by `code_index`:
    whoever reads the table cannot use a coupon.
    """

    # Every claim names one hot batch and a member whom the caller has just looked up; constraints
    # would lock those rows with every insert. Neither is ever removed.
    batch = models.ForeignKey(
        Batch, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    member = models.ForeignKey(
        "membership.Member",
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    state = models.CharField(max_length=10, choices=[(state, state) for state in COUPON_STATES])
    is_frozen = models.BooleanField(default=False, db_default=False)
    nonce = models.BinaryField(max_length=12)
    code_index = models.BinaryField(max_length=16)
    key = models.CharField(max_length=contracts.LONGEST_KEY + 40)
    channel = models.CharField(max_length=10)
    cause = models.CharField(max_length=100, default="", db_default="", blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    holder = models.CharField(
        max_length=contracts.LONGEST_HOLDER, default="", db_default="", blank=True
    )
    held_until = models.DateTimeField(null=True)
    amount_minor = models.BigIntegerField(default=0, db_default=0)
    attempt = models.IntegerField(default=0, db_default=0)
    redeemed_at = models.DateTimeField(null=True)
    redeemed_channel = models.CharField(max_length=10, default="", db_default="", blank=True)
    redeemed_location = models.ForeignKey(
        "stores.Location", models.PROTECT, null=True, related_name="+", db_index=False
    )
    revisited_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    objects = CouponQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key"], name="a_coupon_is_issued_once_for_its_key"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "code_index"], name="a_code_opens_one_coupon"
            ),
            models.CheckConstraint(
                condition=Q(state__in=COUPON_STATES), name="a_coupons_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="held", holder__gt="", held_until__isnull=False)
                | Q(~Q(state="held"), held_until__isnull=True),
                name="only_a_held_coupon_is_held_until_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="redeemed") | Q(redeemed_at__isnull=False, attempt__gt=0),
                name="a_redeemed_coupon_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("created", "void")) | Q(member__isnull=False),
                name="an_issued_coupon_belongs_to_a_member",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0), name="a_coupon_is_worth_nothing_or_more"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "member", "id"], name="coupons_of_a_member"),
            models.Index(fields=["merchant_id", "batch", "id"], name="coupons_of_a_batch"),
            models.Index(
                fields=["valid_until"],
                condition=Q(state="issued", valid_until__isnull=False),
                name="coupons_that_will_expire",
            ),
            models.Index(
                fields=["held_until"], condition=Q(state="held"), name="coupons_held_until"
            ),
            models.Index(
                fields=["merchant_id", "holder"],
                condition=Q(holder__gt=""),
                name="coupons_held_for",
            ),
        ]

    def as_contract(self) -> contracts.Coupon:
        return contracts.Coupon(
            id=self.id,
            batch_id=self.batch_id,
            member_id=self.member_id,
            state=contracts.COUPON_STATES[contracts.COUPON_STATES.index(self.state)],
            is_frozen=self.is_frozen,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            holder=self.holder,
            amount_minor=self.amount_minor,
        )


class CouponEventQuerySet(MerchantQuerySet["CouponEvent"]):
    """Steps of coupons."""


class CouponEvent(MerchantOwned):
    """One step of one coupon, with who, when and why. `key` names the command that made it."""

    append_only = True

    coupon = models.ForeignKey(
        Coupon, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10, default="", blank=True)
    to_state = models.CharField(max_length=10)
    holder = models.CharField(max_length=contracts.LONGEST_HOLDER, default="", blank=True)
    amount_minor = models.BigIntegerField(default=0, db_default=0)
    channel = models.CharField(max_length=10, default="", db_default="", blank=True)
    location_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=contracts.LONGEST_KEY + 40, null=True)  # noqa: DJ001  a sweep has none
    reason = models.CharField(max_length=200, default="", db_default="", blank=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    objects = CouponEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key"],
                condition=Q(key__isnull=False),
                name="a_coupon_command_takes_effect_once",
            )
        ]
        indexes = [models.Index(fields=["coupon", "id"], name="steps_of_a_coupon")]


class RedemptionLineQuerySet(MerchantQuerySet["RedemptionLine"]):
    """Lines that coupons were used for."""


class RedemptionLine(MerchantOwned):
    """So many units of a line that a coupon was used for, and how many have come back."""

    coupon = models.ForeignKey(
        Coupon, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    attempt = models.IntegerField()
    line = models.CharField(max_length=60)
    quantity = models.IntegerField()
    returned = models.IntegerField(default=0, db_default=0)

    objects = RedemptionLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "coupon", "attempt", "line"],
                name="a_coupon_is_used_for_a_line_once",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, returned__gte=0) & Q(returned__lte=F("quantity")),
                name="no_more_comes_back_of_a_line_than_was_bought",
            ),
        ]


class IssueRunQuerySet(MerchantQuerySet["IssueRun"]):
    """Mass issues."""


class IssueRun(MerchantOwned):
    """One batch for many members, a part at a time; it goes on where it stopped."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=[("running", "running"), ("done", "done")])
    total = models.IntegerField()
    issued = models.IntegerField(default=0, db_default=0)
    refused = models.IntegerField(default=0, db_default=0)
    started_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=120)

    objects = IssueRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "key"], name="a_mass_issue_begins_once"),
            models.CheckConstraint(
                condition=Q(issued__gte=0, refused__gte=0)
                & Q(total__gte=F("issued") + F("refused")),
                name="a_mass_issue_answers_nobody_twice",
            ),
            models.CheckConstraint(
                condition=Q(state="running") | Q(total=F("issued") + F("refused")),
                name="a_mass_issue_that_is_done_has_answered_all",
            ),
        ]


class IssueTargetQuerySet(MerchantQuerySet["IssueTarget"]):
    """Whom mass issues are for."""


class IssueTarget(MerchantOwned):
    """One member of a mass issue."""

    run = models.ForeignKey(IssueRun, models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey(
        "membership.Member", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in ("waiting", "issued", "refused")]
    )
    why = models.CharField(max_length=20, default="", db_default="", blank=True)

    objects = IssueTargetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "run", "member"], name="a_mass_issue_has_a_member_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["run", "id"], condition=Q(state="waiting"), name="members_still_waiting"
            )
        ]


class SigningKeyQuerySet(MerchantQuerySet["SigningKey"]):
    """Keys that sign offline codes."""


class SigningKey(MerchantOwned):
    """A merchant's key pair for offline codes; tills know the public half alone."""

    version = models.SmallIntegerField()
    public = models.BinaryField(max_length=32)
    private_sealed = models.BinaryField()
    created_at = models.DateTimeField()

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "version"], name="one_signing_key_per_version"
            )
        ]


class OfflineUploadQuerySet(MerchantQuerySet["OfflineUpload"]):
    """What tills have redeemed without asking."""


class OfflineUpload(MerchantOwned):
    """One redemption that a till made offline and told later: counted, or why not."""

    append_only = True

    till = models.CharField(max_length=60)
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    coupon_id = models.BigIntegerField(null=True)
    outcome = models.CharField(
        max_length=12,
        choices=[(outcome, outcome) for outcome in ("counted", "double", "refused")],
    )
    why = models.CharField(max_length=40, default="", blank=True)
    first_till = models.CharField(max_length=60, default="", blank=True)
    location_id = models.BigIntegerField(null=True)
    amount_minor = models.BigIntegerField()
    redeemed_at = models.DateTimeField()
    uploaded_at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    objects = OfflineUploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "till", "key"], name="a_till_tells_a_redemption_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(outcome="double"),
                name="double_uses_between_tills",
            )
        ]
