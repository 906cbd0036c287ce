"""Points that were given without a purchase: a benefit was used."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.membership import contracts
from santong.membership.models.members import Member
from santong.membership.models.programmes import Programme


class PointsCredit(MerchantOwned):
    """Points that a brand gave a member, once for a source and key, and what was taken back."""

    source = models.CharField(max_length=contracts.LONGEST_SOURCE)
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    # Who gives the points, and what its brand pays the pool for 1,000 of them.
    brand_id = models.BigIntegerField()
    earn_rate = models.PositiveIntegerField()
    points = models.BigIntegerField()
    # What paid a debt, and so never came to be spendable.
    paid = models.BigIntegerField(default=0)
    txn_id = models.BigIntegerField()
    expires_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField()
    taken_back = models.BigIntegerField(default=0)
    taken_back_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["PointsCredit"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "source", "key"], name="points_are_credited_once"
            ),
            models.CheckConstraint(
                condition=Q(points__gt=0, paid__gte=0, taken_back__gte=0)
                & Q(paid__lte=F("points"))
                & Q(taken_back__lte=F("points")),
                name="no_more_is_taken_back_than_was_credited",
            ),
            models.CheckConstraint(
                condition=Q(taken_back=0) | Q(taken_back_at__isnull=False),
                name="a_credit_that_was_taken_back_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "programme", "given_at"], name="credits_of_a_time"),
            models.Index(
                fields=["merchant_id", "programme", "taken_back_at"],
                condition=Q(taken_back_at__isnull=False),
                name="credits_taken_back",
            ),
        ]

    def as_contract(self, *, is_new: bool = False) -> contracts.PointsCredited:
        return contracts.PointsCredited(
            id=self.id,
            member_id=self.member_id,
            points=self.points,
            paid=self.paid,
            expires_at=self.expires_at,
            taken_back=self.taken_back,
            is_taken_back=self.taken_back_at is not None,
            is_new=is_new,
        )
