"""Claims against carriers and suppliers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.aftersales import contracts
from santong.aftersales.models.cases import LONGEST_SIGNATURE, Case
from santong.aftersales.rules.numbers import claim_number
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class Claim(MerchantOwned):
    """What is asked of a carrier or a supplier, what was granted, and what came in."""

    key = models.CharField(max_length=contracts.LONGEST_KEY)
    party = models.CharField(max_length=10, choices=[(p, p) for p in contracts.CLAIM_PARTIES])
    party_code = models.CharField(max_length=60)
    what = models.CharField(max_length=20, choices=[(w, w) for w in contracts.CLAIM_WHATS])
    state = models.CharField(max_length=10, choices=[(s, s) for s in contracts.CLAIM_STATES])
    amount_minor = models.BigIntegerField()
    granted_minor = models.BigIntegerField(default=0)
    received_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=contracts.LONGEST_REASON)
    deadline_on = models.DateField(null=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", null=True, db_index=False)
    order_id = models.BigIntegerField(null=True)
    parcel_number = models.CharField(max_length=64, default="", blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=LONGEST_SIGNATURE)
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)
    received_document = models.CharField(max_length=80, default="", blank=True)
    # At which of our payment accounts the money came; the ledger has it there.
    received_at_account = models.CharField(max_length=60, default="", db_default="", blank=True)

    objects = MerchantQuerySet["Claim"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key"], name="something_is_claimed_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.CLAIM_STATES),
                name="a_carrier_claims_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, granted_minor__gte=0, received_minor__gte=0),
                name="a_claim_asks_for_something",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | ~Q(received_document="") & Q(received_minor__gt=0),
                name="a_claim_that_was_paid_has_its_document",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "state", "id"], name="carrier_claims_by_state"),
            models.Index(
                fields=["merchant_id", "case"],
                condition=Q(case__isnull=False),
                name="carrier_claims_of_a_case",
            ),
        ]

    @property
    def number(self) -> str:
        """How people call it."""
        return claim_number(self.id)

    def as_contract(self) -> contracts.Claim:
        return contracts.Claim(
            id=self.id,
            number=self.number,
            party=contracts.CLAIM_PARTIES[contracts.CLAIM_PARTIES.index(self.party)],
            party_code=self.party_code,
            what=contracts.CLAIM_WHATS[contracts.CLAIM_WHATS.index(self.what)],
            state=contracts.CLAIM_STATES[contracts.CLAIM_STATES.index(self.state)],
            amount_minor=self.amount_minor,
            granted_minor=self.granted_minor,
            received_minor=self.received_minor,
            currency=self.currency,
            reason=self.reason,
            deadline_on=self.deadline_on,
            case_id=self.case_id,
            order_id=self.order_id,
            parcel_number=self.parcel_number,
            opened_at=self.opened_at,
            opened_by=self.opened_by,
            submitted_at=self.submitted_at,
            ended_at=self.ended_at,
            answer=self.answer,
            received_document=self.received_document,
            received_at_account=self.received_at_account,
        )
