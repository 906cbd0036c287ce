"""Points that were spent, corrected, handed on, or are about to expire."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.membership import contracts
from santong.membership.models.members import Member
from santong.membership.models.programmes import Pool, Programme
from santong.membership.models.terms import LONGEST_REASON


class Burn(MerchantOwned):
    """Points held for a checkout, or gone. `given_back` is what came back with returned goods."""

    source = models.CharField(max_length=contracts.LONGEST_SOURCE)
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    request_hash = models.CharField(max_length=64)
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    # Who takes the points, and what the pool pays its brand for 1,000 of them.
    brand_id = models.BigIntegerField()
    burn_rate = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in contracts.BURN_KINDS])
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.BURN_STATES]
    )
    points = models.BigIntegerField()
    given_back = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    hold_id = models.BigIntegerField(null=True)
    txn_id = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    burned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=LONGEST_REASON, default="", blank=True)

    objects = MerchantQuerySet["Burn"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "source", "key"], name="points_are_burned_once"
            ),
            models.CheckConstraint(
                condition=Q(points__gt=0, given_back__gte=0, given_back__lte=F("points")),
                name="no_more_points_come_back_than_were_burned",
            ),
            models.CheckConstraint(
                condition=Q(state="burned", burned_at__isnull=False, txn_id__isnull=False)
                | Q(~Q(state="burned"), burned_at__isnull=True, txn_id__isnull=True, given_back=0),
                name="what_is_burned_was_posted",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "member", "id"], name="burns_of_a_member"),
            models.Index(
                fields=["merchant_id", "burned_at"],
                condition=Q(burned_at__isnull=False),
                name="burns_by_time",
            ),
            models.Index(
                fields=["merchant_id", "expires_at"],
                condition=Q(state="held"),
                name="burns_held",
            ),
        ]

    def as_contract(self, *, programme_code: str, is_new: bool = False) -> contracts.Burned:
        return contracts.Burned(
            id=self.id,
            source=self.source,
            key=self.key,
            member_id=self.member_id,
            programme_code=programme_code,
            brand_id=self.brand_id,
            kind=contracts.BURN_KINDS[contracts.BURN_KINDS.index(self.kind)],
            state=contracts.BURN_STATES[contracts.BURN_STATES.index(self.state)],
            points=self.points,
            given_back=self.given_back,
            amount_minor=self.amount_minor,
            currency=self.currency,
            expires_at=self.expires_at,
            is_new=is_new,
        )


class BurnReturn(MerchantOwned):
    """Burned points that came back because what they paid for came back."""

    append_only = True

    burn = models.ForeignKey(
        Burn, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    return_key = models.CharField(max_length=contracts.LONGEST_KEY)
    points = models.BigIntegerField()
    brand_id = models.BigIntegerField()
    burn_rate = models.PositiveIntegerField()
    at = models.DateTimeField()

    objects = MerchantQuerySet["BurnReturn"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "burn", "return_key"],
                name="a_return_gives_points_back_once",
            ),
            models.CheckConstraint(condition=Q(points__gt=0), name="something_is_given_back"),
        ]
        indexes = [models.Index(fields=["merchant_id", "at"], name="burn_returns_by_time")]


class PointsRequest(MerchantOwned):
    """A correction or a transfer that one person asks for and another one decides."""

    source = models.CharField(max_length=contracts.LONGEST_SOURCE)
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    kind = models.CharField(
        max_length=10, choices=[(kind, kind) for kind in contracts.REQUEST_KINDS]
    )
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.REQUEST_STATES]
    )
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="+", db_index=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    to_member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", null=True, db_index=False
    )
    # Less than nothing takes points away; only a correction may.
    points = models.BigIntegerField()
    reason = models.CharField(max_length=LONGEST_REASON)
    needs_approval = models.BooleanField()
    requested_by = models.CharField(max_length=120)
    requested_at = models.DateTimeField()
    requested_on = models.DateField()
    decided_by = models.CharField(max_length=120, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=LONGEST_REASON, default="", blank=True)

    objects = MerchantQuerySet["PointsRequest"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "source", "key"], name="a_request_is_made_once"
            ),
            models.CheckConstraint(
                condition=Q(needs_approval=False)
                | Q(decided_by="")
                | ~Q(decided_by=F("requested_by")),
                name="nobody_approves_their_own_request",
            ),
            models.CheckConstraint(
                condition=Q(state="requested", decided_at__isnull=True)
                | Q(~Q(state="requested"), decided_at__isnull=False),
                name="a_decision_says_when",
            ),
            models.CheckConstraint(
                condition=Q(kind="correction", to_member__isnull=True)
                | Q(kind="transfer", to_member__isnull=False, points__gt=0),
                name="a_transfer_has_somebody_to_go_to",
            ),
            models.CheckConstraint(condition=~Q(points=0), name="a_request_changes_something"),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(state="requested"),
                name="requests_to_decide",
            ),
            models.Index(
                fields=["merchant_id", "member", "requested_on"], name="requests_of_a_member"
            ),
        ]

    def as_contract(self, *, pool_code: str) -> contracts.PointsRequest:
        return contracts.PointsRequest(
            id=self.id,
            kind=contracts.REQUEST_KINDS[contracts.REQUEST_KINDS.index(self.kind)],
            state=contracts.REQUEST_STATES[contracts.REQUEST_STATES.index(self.state)],
            member_id=self.member_id,
            to_member_id=self.to_member_id,
            pool_code=pool_code,
            points=self.points,
            reason=self.reason,
            requested_by=self.requested_by,
            requested_at=self.requested_at,
            decided_by=self.decided_by,
            decided_at=self.decided_at,
            decision_reason=self.decision_reason,
        )


class ExpiryReminder(MerchantOwned):
    """Somebody was told that points will expire on a day; of each day and notice once."""

    append_only = True

    pool = models.ForeignKey(
        Pool, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    expires_on = models.DateField()
    days_before = models.PositiveSmallIntegerField()
    points = models.BigIntegerField()
    at = models.DateTimeField()

    objects = MerchantQuerySet["ExpiryReminder"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "pool", "member", "expires_on", "days_before"],
                name="a_reminder_is_sent_once",
            )
        ]
