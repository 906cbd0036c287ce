"""Payments by cards, and what of them went back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.prepaid import contracts
from santong.prepaid.models.cards import Card


class Use(MerchantOwned):
    """A payment by a card under a number of payments': what it keeps, or took, and gave back."""

    reference = models.CharField(max_length=contracts.LONGEST_REFERENCE)
    card = models.ForeignKey(Card, models.PROTECT, related_name="+", db_index=False)
    document = models.CharField(max_length=contracts.LONGEST_DOCUMENT)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.USE_STATES]
    )
    principal_minor = models.BigIntegerField()
    bonus_minor = models.BigIntegerField()
    refunded_principal_minor = models.BigIntegerField(default=0)
    refunded_bonus_minor = models.BigIntegerField(default=0)
    principal_hold_id = models.BigIntegerField(null=True)
    bonus_hold_id = models.BigIntegerField(null=True)
    principal_txn_id = models.BigIntegerField(null=True)
    bonus_txn_id = models.BigIntegerField(null=True)
    grace_days = models.PositiveIntegerField()
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)

    objects = MerchantQuerySet["Use"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "reference"], name="a_payment_uses_a_card_once"
            ),
            models.CheckConstraint(
                condition=Q(principal_minor__gte=0, bonus_minor__gte=0)
                & (Q(principal_minor__gt=0) | Q(bonus_minor__gt=0)),
                name="a_payment_takes_something",
            ),
            models.CheckConstraint(
                condition=Q(
                    refunded_principal_minor__gte=0,
                    refunded_bonus_minor__gte=0,
                    refunded_principal_minor__lte=F("principal_minor"),
                    refunded_bonus_minor__lte=F("bonus_minor"),
                ),
                name="no_more_goes_back_than_was_taken",
            ),
            models.CheckConstraint(
                condition=Q(state="captured")
                | Q(refunded_principal_minor=0, refunded_bonus_minor=0),
                name="only_what_was_taken_goes_back",
            ),
            models.CheckConstraint(
                condition=Q(state="held", ended_at__isnull=True)
                | Q(~Q(state="held"), ended_at__isnull=False),
                name="a_use_that_ended_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "expires_at"],
                condition=Q(state="held"),
                name="uses_to_release",
            ),
            models.Index(fields=["merchant_id", "card", "id"], name="uses_of_a_card"),
        ]

    def as_contract(self) -> contracts.Use:
        return contracts.Use(
            id=self.id,
            card_id=self.card_id,
            reference=self.reference,
            document=self.document,
            state=contracts.USE_STATES[contracts.USE_STATES.index(self.state)],
            principal_minor=self.principal_minor,
            bonus_minor=self.bonus_minor,
            refunded_principal_minor=self.refunded_principal_minor,
            refunded_bonus_minor=self.refunded_bonus_minor,
            expires_at=self.expires_at if self.state == "held" else None,
            asked_at=self.asked_at,
        )


class UseRefund(MerchantOwned):
    """What of a payment went back on its card, once for its number."""

    append_only = True

    use = models.ForeignKey(Use, models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=contracts.LONGEST_REFERENCE)
    principal_minor = models.BigIntegerField()
    bonus_minor = models.BigIntegerField()
    at = models.DateTimeField()

    objects = MerchantQuerySet["UseRefund"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "use", "reference"], name="a_refund_goes_back_once"
            ),
            models.CheckConstraint(
                condition=Q(principal_minor__gte=0, bonus_minor__gte=0)
                & (Q(principal_minor__gt=0) | Q(bonus_minor__gt=0)),
                name="a_refund_gives_something_back",
            ),
        ]

    def as_parts(self) -> contracts.Parts:
        return contracts.Parts(principal_minor=self.principal_minor, bonus_minor=self.bonus_minor)
