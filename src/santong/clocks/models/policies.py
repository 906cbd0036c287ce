"""Policies in versions: how long something may take, and who is told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from pydantic import TypeAdapter

from santong.clocks import contracts
from santong.clocks.models.calendars import Calendar
from santong.kernel.models import MerchantOwned, MerchantQuerySet

STEPS: TypeAdapter[tuple[contracts.Step, ...]] = TypeAdapter(tuple[contracts.Step, ...])


class Policy(MerchantOwned):
    """A policy by name; its newest version holds for clocks that are started."""

    code = models.CharField(max_length=contracts.LONGEST_CODE)
    name = models.CharField(max_length=contracts.LONGEST_NAME)
    version = models.PositiveIntegerField(default=0)
    is_in_use = models.BooleanField(default=True)

    objects = MerchantQuerySet["Policy"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "code"], name="a_policy_has_its_code"),
        ]


class PolicyVersion(MerchantOwned):
    """What a policy promised from an instant on."""

    append_only = True

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+", db_index=False)
    tell_calendar = models.ForeignKey(
        Calendar, models.PROTECT, related_name="+", db_index=False, null=True
    )
    target_seconds = models.BigIntegerField()
    warn_percent = models.PositiveSmallIntegerField(default=0)
    steps = models.JSONField(default=list)
    reason = models.CharField(max_length=contracts.LONGEST_REASON)
    holds_from = models.DateTimeField()

    objects = MerchantQuerySet["PolicyVersion"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "policy", "version"], name="a_policy_has_each_version_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    target_seconds__gte=1, target_seconds__lte=contracts.MOST_TARGET_SECONDS
                ),
                name="a_policy_promises_some_time",
            ),
            models.CheckConstraint(
                condition=Q(warn_percent__lt=100), name="a_warning_comes_before_the_breach"
            ),
        ]

    def as_promise(self) -> contracts.Promise:
        return contracts.Promise(
            target_seconds=self.target_seconds,
            warn_percent=self.warn_percent,
            steps=STEPS.validate_python(self.steps),
        )
