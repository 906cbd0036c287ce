"""Experience by the day it counts from, and every change of tier with its reason."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.membership import contracts
from santong.membership.models.members import LONGEST_TIER, Card
from santong.membership.models.terms import LONGEST_REASON


class ExperienceEntry(MerchantOwned):
    """Experience that counts from `at`. What a return takes back counts from the same moment."""

    append_only = True

    card = models.ForeignKey(
        Card, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    at = models.DateTimeField()
    amount = models.BigIntegerField()
    cause = models.CharField(
        max_length=12, choices=[(cause, cause) for cause in contracts.EXPERIENCE_CAUSES]
    )
    accrual_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()

    objects = MerchantQuerySet["ExperienceEntry"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="experience_changes_something"),
        ]
        indexes = [models.Index(fields=["card", "at"], name="experience_of_a_card")]


class TierChange(MerchantOwned):
    """A tier that was reached, kept, lost or given, with the experience that counted."""

    append_only = True

    card = models.ForeignKey(
        Card, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    from_tier = models.CharField(max_length=LONGEST_TIER, default="", blank=True)
    to_tier = models.CharField(max_length=LONGEST_TIER)
    why = models.CharField(max_length=12, choices=[(why, why) for why in contracts.WHYS])
    reason = models.CharField(max_length=LONGEST_REASON, default="", blank=True)
    experience = models.BigIntegerField()
    counted_from = models.DateTimeField()
    counted_until = models.DateTimeField()
    kept_until = models.DateTimeField(null=True)
    terms_id = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    objects = MerchantQuerySet["TierChange"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_tier=F("to_tier")) | Q(why__in=["kept", "graced", "granted"]),
                name="a_tier_that_changes_is_another_one",
            )
        ]
        indexes = [models.Index(fields=["card", "id"], name="tier_changes_of_a_card")]

    def as_contract(self) -> contracts.TierChange:
        return contracts.TierChange(
            id=self.id,
            card_id=self.card_id,
            from_tier=self.from_tier,
            to_tier=self.to_tier,
            why=contracts.WHYS[contracts.WHYS.index(self.why)],
            reason=self.reason,
            experience=self.experience,
            counted_from=self.counted_from,
            counted_until=self.counted_until,
            kept_until=self.kept_until,
            at=self.at,
            actor=self.actor,
        )


class TierGrant(MerchantOwned):
    """A tier that somebody gave by hand, until a day, and what stood before."""

    card = models.ForeignKey(
        Card, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    tier = models.CharField(max_length=LONGEST_TIER)
    before_tier = models.CharField(max_length=LONGEST_TIER, default="", blank=True)
    before_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=LONGEST_REASON)
    granted_by = models.CharField(max_length=120)
    granted_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["TierGrant"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "card"],
                condition=Q(ended_at__isnull=True),
                name="one_tier_is_granted_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("granted_at")), name="a_granted_tier_lasts"
            ),
        ]
