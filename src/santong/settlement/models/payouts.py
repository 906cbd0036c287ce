"""What is paid out."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.settlement import contracts
from santong.settlement.models.parties import Party

# A run in which there is none has ended.
LINES_UNDER_WAY = ["planned", "sent"]


class PayoutRun(MerchantOwned):
    """One payout of what is due. Who drafted it does not approve it.

    `planned_through` is the last party that the draft has come to: a draft that was interrupted
    goes on behind it.
    """

    state = models.CharField(max_length=10, choices=[(s, s) for s in contracts.RUN_STATES])
    currency = models.CharField(max_length=3)
    account_code = models.CharField(max_length=contracts.LONGEST_CODE)
    way = models.CharField(
        max_length=10,
        choices=[(w, w) for w in contracts.PAYOUT_WAYS],
        default="account",
        db_default="account",
    )
    minimum_minor = models.BigIntegerField()
    limits = models.JSONField()
    planned_through = models.BigIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)
    drafted_by = models.CharField(max_length=120)
    drafted_at = models.DateTimeField()
    approved_by = models.CharField(max_length=120, default="", blank=True)
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["PayoutRun"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=contracts.RUN_STATES), name="a_payout_runs_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("drafted_by")),
                name="who_drafts_a_payout_does_not_approve_it",
            ),
            models.CheckConstraint(
                condition=Q(minimum_minor__gt=0), name="a_payout_has_a_least_amount"
            ),
            models.CheckConstraint(
                condition=Q(way__in=contracts.PAYOUT_WAYS), name="a_payouts_way_is_known"
            ),
        ]

    def as_contract(
        self, *, limits: contracts.PayoutLimits, lines_by_state: tuple[tuple[str, int], ...]
    ) -> contracts.PayoutRun:
        values: dict[str, Any] = {
            name: getattr(self, name)
            for name in (
                "id",
                "state",
                "currency",
                "account_code",
                "way",
                "minimum_minor",
                "drafted_by",
                "drafted_at",
                "approved_by",
                "approved_at",
                "ended_at",
                "lines",
                "amount_minor",
            )
        }
        return contracts.PayoutRun(**values, limits=limits, lines_by_state=lines_by_state)


class PayoutLine(MerchantOwned):
    """One transfer of a run. `attempts` counts how often it was sent: each is a new transfer."""

    run = models.ForeignKey(PayoutRun, models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=[(s, s) for s in contracts.PAYOUT_STATES])
    planned_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    attempts = models.PositiveIntegerField(default=0)
    transfer_id = models.BigIntegerField(null=True)
    tender_id = models.BigIntegerField(null=True)
    is_last_share = models.BooleanField(default=False, db_default=False)
    why = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)
    delay_seconds = models.PositiveIntegerField(default=0)
    send_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["PayoutLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "run", "party", "number"],
                name="a_run_pays_each_part_of_a_party_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.PAYOUT_STATES),
                name="a_payout_lines_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, amount_minor__lte=F("planned_minor")),
                name="a_payout_line_pays_no_more_than_was_planned",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["failed", "returned", "left_out"]) | ~Q(why=""),
                name="what_was_not_paid_out_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "send_at", "id"],
                condition=Q(state="planned"),
                name="payout_lines_to_be_sent",
            ),
            models.Index(
                fields=["merchant_id", "tender_id"],
                condition=Q(tender_id__isnull=False),
                name="payout_lines_of_a_payment",
            ),
            models.Index(fields=["merchant_id", "party", "id"], name="payout_lines_of_a_party"),
            models.Index(
                fields=["merchant_id", "run"],
                condition=Q(state__in=LINES_UNDER_WAY),
                name="payout_lines_under_way",
            ),
            models.Index(
                fields=["merchant_id", "transfer_id"],
                condition=Q(transfer_id__isnull=False),
                name="payout_line_of_a_transfer",
            ),
        ]
