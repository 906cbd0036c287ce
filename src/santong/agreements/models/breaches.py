"""Broken terms, and the money that makes them good."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.agreements import contracts
from santong.agreements.models.agreements import AgreementTerm, ServiceAgreement
from santong.kernel.models import MerchantOwned, MerchantQuerySet

VOID = ("rejected", "withdrawn")


class Breach(MerchantOwned):
    """A term that was not kept, or is said not to have been; what is done about it.

    What the clock decides has the occasion 0, of which there is one: whoever finds it, it is
    compensated once.
    """

    agreement = models.ForeignKey(
        ServiceAgreement, models.PROTECT, related_name="+", db_index=False
    )
    term = models.ForeignKey(AgreementTerm, models.PROTECT, related_name="+", db_index=False)
    occasion = models.PositiveSmallIntegerField()
    found_by = models.CharField(max_length=5, choices=[(f, f) for f in contracts.FINDERS])
    claimed_by = models.CharField(max_length=80)
    key = models.CharField(max_length=100)
    state = models.CharField(max_length=12, choices=[(s, s) for s in contracts.BREACH_STATES])
    amount_minor = models.BigIntegerField(default=0)
    days_late = models.PositiveIntegerField(default=0)
    broken_at = models.DateTimeField()
    decide_by = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, default="", blank=True)
    said_sealed = models.BinaryField(default=b"")
    answer_sealed = models.BinaryField(default=b"")
    settle_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    made_good_by = models.CharField(max_length=60, default="", blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=200, default="", blank=True)
    mended_at = models.DateTimeField(null=True)
    # What it is about, where somebody has said so: SKU and quantity.
    goods = models.JSONField(default=list, db_default=[])

    objects = MerchantQuerySet["Breach"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "term", "occasion"],
                condition=~Q(state__in=VOID),
                name="an_occasion_is_one_breach",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "key"], name="a_claims_key_is_one_breach"
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.BREACH_STATES), name="a_breachs_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0), name="a_breach_costs_no_less_than_nothing"
            ),
            models.CheckConstraint(
                condition=~Q(state="growing") | Q(settle_at__isnull=False),
                name="what_grows_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "agreement", "id"], name="breaches_of_agreement"),
            models.Index(fields=["merchant_id", "state", "id"], name="breaches_by_state"),
            models.Index(
                fields=["merchant_id", "settle_at"],
                condition=Q(settle_at__isnull=False, ended_at=None),
                name="breaches_to_settle",
            ),
        ]

    def text_place(self, what: str) -> str:
        """What binds a sealed text to its breach, known before that has an id."""
        return f"agreements.{what}:{self.key}"


class Compensation(MerchantOwned):
    """Money that goes back for a breach along one document. Its key is payments' key."""

    breach = models.ForeignKey(Breach, models.PROTECT, related_name="+", db_index=False)
    document = models.CharField(max_length=60)
    key = models.CharField(max_length=100)
    refund_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    done_minor = models.BigIntegerField(default=0)
    failed_minor = models.BigIntegerField(default=0)
    why = models.CharField(max_length=200, default="", blank=True)
    asked_at = models.DateTimeField()

    objects = MerchantQuerySet["Compensation"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key"], name="a_compensation_is_paid_once"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "breach", "document"],
                name="a_breach_is_paid_once_by_a_document",
            ),
            models.CheckConstraint(
                condition=Q(
                    amount_minor__gt=0,
                    done_minor__gte=0,
                    failed_minor__gte=0,
                    done_minor__lte=F("amount_minor"),
                ),
                name="no_more_than_the_compensation_is_done",
            ),
        ]

    def as_contract(self) -> contracts.Payment:
        return contracts.Payment(
            id=self.id,
            document=self.document,
            amount_minor=self.amount_minor,
            done_minor=self.done_minor,
            failed_minor=self.failed_minor,
            refund_id=self.refund_id,
            why=self.why,
        )
