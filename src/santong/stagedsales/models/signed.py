"""Contracts, their stages, and what was changed of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.stagedsales import contracts
from santong.stagedsales.models.sales import StagedSale


class Contract(MerchantOwned):
    """What was signed. `agreed` and `refunds` stay as they were; `amount_minor` is today's."""

    sale = models.ForeignKey(StagedSale, models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=contracts.LONGEST_NUMBER)
    amount_minor = models.BigIntegerField()
    signed_on = models.DateField()
    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=120)
    rules_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    agreed = models.JSONField()
    refunds = models.JSONField()
    photo_ids = models.JSONField()
    photo_count = models.PositiveIntegerField()

    objects = MerchantQuerySet["Contract"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "number"], name="a_contract_has_its_own_number"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "sale"], name="a_staged_sale_has_one_contract"
            ),
            models.CheckConstraint(
                condition=Q(photo_count__gte=1), name="a_signed_contract_has_a_photo"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_contract_is_worth_something"
            ),
        ]

    def as_contract(self) -> contracts.SaleContract:
        return contracts.SaleContract(
            number=self.number,
            amount_minor=self.amount_minor,
            signed_on=self.signed_on,
            signed_at=self.signed_at,
            signed_by=self.signed_by,
            rules_at=self.rules_at,
            version=self.version,
            photo_ids=tuple(int(each) for each in self.photo_ids),
        )


class Stage(MerchantOwned):
    """One stage of a contract. It changes under its sale's lock only.

    `document_number` is its own number, or 0: the stage that the deposit counts for has taken the
    deposit's document over.
    """

    sale = models.ForeignKey(StagedSale, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    document_number = models.PositiveIntegerField()
    name = models.CharField(max_length=contracts.LONGEST_NAME)
    basis = models.CharField(max_length=10, choices=[(each, each) for each in contracts.BASES])
    due = models.CharField(max_length=10, choices=[(each, each) for each in contracts.DUES])
    amount_minor = models.BigIntegerField()
    share_bp = models.PositiveIntegerField(default=0)
    due_on = models.DateField(null=True)
    due_days = models.PositiveIntegerField(default=0)
    gates_delivery = models.BooleanField(default=False)
    waits_for_acceptance = models.BooleanField(default=True)
    silence_days = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.STAGE_STATES]
    )
    paid_minor = models.BigIntegerField(default=0)
    released_minor = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    silent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=12, default="", blank=True)

    objects = MerchantQuerySet["Stage"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "sale", "number"], name="a_stage_has_its_own_number"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "sale", "document_number"],
                name="a_stage_has_its_own_document",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "sale"],
                condition=Q(basis="remainder"),
                name="one_stage_takes_the_remainder",
            ),
            models.CheckConstraint(
                condition=Q(released_minor__gte=0)
                & Q(paid_minor__gte=F("released_minor"))
                & Q(amount_minor__gte=F("paid_minor")),
                name="a_stage_is_paid_for_what_is_released_and_no_more_than_owed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["paid", "released"]) | Q(paid_minor=F("amount_minor")),
                name="a_paid_stage_is_paid_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="released", released_minor=F("amount_minor"))
                | ~Q(state="released") & Q(released_minor=0),
                name="what_is_released_was_accepted_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="due") | Q(due_at__isnull=False),
                name="a_stage_that_is_due_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by="")
                | Q(accepted_at__isnull=False) & ~Q(accepted_by=""),
                name="an_accepted_stage_says_how",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "due_at"],
                condition=Q(state="planned", due_at__isnull=False),
                name="stages_to_fall_due",
            ),
            models.Index(
                fields=["merchant_id", "silent_at"],
                condition=Q(silent_at__isnull=False, accepted_at__isnull=True),
                name="stages_to_accept_by_silence",
            ),
        ]

    def as_terms(self) -> contracts.StageTerms:
        """What was agreed of it."""
        return contracts.StageTerms(
            name=self.name,
            basis=contracts.BASES[contracts.BASES.index(self.basis)],
            due=contracts.DUES[contracts.DUES.index(self.due)],
            amount_minor=self.amount_minor,
            share_bp=self.share_bp,
            due_on=self.due_on,
            due_days=self.due_days,
            gates_delivery=self.gates_delivery,
            waits_for_acceptance=self.waits_for_acceptance,
            silence_days=self.silence_days,
        )


class ChangeOrder(MerchantOwned):
    """A change that was proposed, and what the buyer said. Versions are kept."""

    sale = models.ForeignKey(StagedSale, models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.CHANGE_STATES]
    )
    amount_minor = models.BigIntegerField()
    before_minor = models.BigIntegerField()
    refund_minor = models.BigIntegerField(default=0)
    # What was agreed before and after: [number, stage, amount] each.
    before = models.JSONField()
    stages = models.JSONField()
    # The unpaid stages as they were asked for, and what they were asked of.
    drafts = models.JSONField()
    basis_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=contracts.LONGEST_REASON)
    proposed_by = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["ChangeOrder"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "sale", "version"], name="a_change_order_has_its_own_version"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "sale"],
                condition=Q(state="proposed"),
                name="one_change_order_waits_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True)
                | ~Q(state="proposed") & Q(decided_at__isnull=False),
                name="a_decided_change_order_says_when",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, refund_minor__gte=0),
                name="a_changed_contract_is_worth_something",
            ),
        ]
