"""Who was told of a clock, and what they did about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.clocks import contracts
from santong.clocks.models.clocks import Clock
from santong.clocks.models.policies import PolicyVersion
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class Escalation(MerchantOwned):
    """A role, at the clock's store or everywhere, was told of a clock: once for each step."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="+", db_index=False)
    policy_version = models.ForeignKey(
        PolicyVersion, models.PROTECT, related_name="+", db_index=False
    )
    step = models.PositiveSmallIntegerField()
    basis = models.CharField(
        max_length=20, choices=[(basis, basis) for basis in contracts.STEP_BASES]
    )
    value = models.PositiveIntegerField()
    role = models.CharField(max_length=40)
    # Empty: everywhere.
    store = models.CharField(max_length=contracts.LONGEST_TAG, default="", blank=True)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.ESCALATION_STATES]
    )
    told_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=120, default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, default="", blank=True)
    note = models.CharField(max_length=contracts.LONGEST_NOTE, default="", blank=True)

    objects = MerchantQuerySet["Escalation"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "clock", "policy_version", "step"],
                name="a_step_is_told_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("told", "seen"), ended_at__isnull=True)
                | Q(state__in=("done", "over"), ended_at__isnull=False),
                name="what_is_done_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "role", "store", "id"],
                condition=Q(state__in=("told", "seen")),
                name="escalations_of_a_role",
            ),
        ]
