"""What parties are told month by month, and what they say to it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.settlement import contracts
from santong.settlement.models.entries import Entry
from santong.settlement.models.parties import Party


class Statement(MerchantOwned):
    """A party's month, closed. Its figures never change; that it was confirmed is added."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    currency = models.CharField(max_length=3)
    counted_from = models.DateTimeField()
    counted_until = models.DateTimeField()
    opening_minor = models.BigIntegerField()
    shared_minor = models.BigIntegerField()
    reversed_minor = models.BigIntegerField()
    paid_out_minor = models.BigIntegerField()
    corrected_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()
    entries = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in contracts.STATEMENT_STATES])
    closed_by = models.CharField(max_length=120)
    closed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=120, default="", blank=True)
    confirmed_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["Statement"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "party", "currency", "month"],
                name="a_partys_month_is_closed_once",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="a_statements_month_is_its_first_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    closing_minor=F("opening_minor")
                    + F("shared_minor")
                    + F("reversed_minor")
                    + F("paid_out_minor")
                    + F("corrected_minor")
                ),
                name="a_statement_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.STATEMENT_STATES),
                name="a_statements_state_is_known",
            ),
        ]


class Claim(MerchantOwned):
    """A line of a statement that its party disputes, and what it was answered."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=contracts.LONGEST_REASON)
    claimed_by = models.CharField(max_length=120)
    claimed_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=[(s, s) for s in contracts.CLAIM_STATES])
    answer = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)
    answered_by = models.CharField(max_length=120, default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    correction_minor = models.BigIntegerField(default=0)

    objects = MerchantQuerySet["Claim"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "statement", "entry"], name="a_line_is_disputed_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.CLAIM_STATES), name="a_claims_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None)
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="an_answered_claim_says_what_and_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "id"], condition=Q(state="open"), name="open_claims"
            ),
        ]

    def as_contract(self) -> contracts.Claim:
        state: contracts.ClaimState = self.state  # type: ignore[assignment]
        return contracts.Claim(
            id=self.id,
            statement_id=self.statement_id,
            entry_id=self.entry_id,
            party_id=self.party_id,
            reason=self.reason,
            claimed_by=self.claimed_by,
            claimed_at=self.claimed_at,
            state=state,
            answer=self.answer,
            answered_by=self.answered_by,
            answered_at=self.answered_at,
            correction_minor=self.correction_minor,
        )
