"""Money that comes in for cards, and goes back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.prepaid import contracts
from santong.prepaid.models.cards import Card
from santong.prepaid.models.programmes import CardTerms


class TopUp(MerchantOwned):
    """Money for a card, asked for under the terms of a moment; on the card once it has come in.

    `most_minor` is what the profile lets the card have of principal, `principal_after_minor` what
    it had when the money was put on it.
    """

    key = models.CharField(max_length=contracts.LONGEST_KEY)
    request_hash = models.CharField(max_length=64)
    card = models.ForeignKey(Card, models.PROTECT, related_name="+", db_index=False)
    terms = models.ForeignKey(CardTerms, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.TOP_UP_STATES]
    )
    amount_minor = models.BigIntegerField()
    bonus_minor = models.BigIntegerField()
    bonus_days = models.PositiveIntegerField()
    offer_code = models.CharField(max_length=contracts.LONGEST_CODE, default="", blank=True)
    most_minor = models.BigIntegerField(null=True)
    principal_after_minor = models.BigIntegerField(null=True)
    buyer_kind = models.CharField(
        max_length=10, choices=[(kind, kind) for kind in contracts.BUYER_KINDS]
    )
    is_cash = models.BooleanField()
    identity_kind = models.CharField(max_length=20, default="", blank=True)
    identity_sealed = models.BinaryField(max_length=250, default=b"")
    paid_back_minor = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)

    objects = MerchantQuerySet["TopUp"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "key"], name="a_top_up_is_asked_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, bonus_minor__gte=0), name="a_top_up_brings_money"
            ),
            models.CheckConstraint(
                condition=Q(paid_back_minor__gte=0, paid_back_minor__lte=F("amount_minor")),
                name="no_more_goes_back_than_a_top_up_brought",
            ),
            models.CheckConstraint(
                condition=~Q(state="landed")
                | Q(principal_after_minor__isnull=False)
                & (Q(most_minor__isnull=True) | Q(principal_after_minor__lte=F("most_minor"))),
                name="no_top_up_lifts_a_card_above_what_is_allowed",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", ended_at__isnull=True)
                | Q(~Q(state="asked"), ended_at__isnull=False),
                name="a_top_up_that_ended_says_when",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "card", "id"], name="top_ups_of_a_card")]

    def as_contract(self) -> contracts.TopUp:
        return contracts.TopUp(
            id=self.id,
            card_id=self.card_id,
            key=self.key,
            state=contracts.TOP_UP_STATES[contracts.TOP_UP_STATES.index(self.state)],
            amount_minor=self.amount_minor,
            bonus_minor=self.bonus_minor,
            currency=self.card.programme.currency,
            offer_code=self.offer_code,
            asked_at=self.asked_at,
            landed_at=self.ended_at if self.state == "landed" else None,
            paid_back_minor=self.paid_back_minor,
        )


class PayBack(MerchantOwned):
    """Principal that left a card to go back along one top-up."""

    append_only = True

    card = models.ForeignKey(Card, models.PROTECT, related_name="+", db_index=False)
    top_up = models.ForeignKey(TopUp, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=contracts.LONGEST_REASON)
    at = models.DateTimeField()

    objects = MerchantQuerySet["PayBack"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "card", "key", "top_up"],
                name="a_part_of_a_card_is_paid_back_once",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="something_is_paid_back"),
        ]
        indexes = [models.Index(fields=["merchant_id", "top_up"], name="pay_backs_of_a_top_up")]
