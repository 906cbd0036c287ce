"""Runs of the conformance suite."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.portal import contracts
from santong.portal.contracts import LEVELS, RUN_STATES


class ConformanceRunQuerySet(MerchantQuerySet["ConformanceRun"]):
    """Runs."""


class ConformanceRun(MerchantOwned):
    """The suite against one endpoint. What it needs to know is sealed, and gone when it ends."""

    app_key = models.CharField(max_length=20)
    url = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=[(each, each) for each in RUN_STATES])
    cases_total = models.PositiveIntegerField(default=0)
    results = models.JSONField(default=list)
    sealed = models.BinaryField(default=bytes)
    # Whoever runs it has the newest claim; a claim that was not settled ends.
    claim = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ConformanceRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "app_key"],
                condition=Q(state__in=["waiting", "running"]),
                name="an_app_is_tried_by_one_run_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"])
                | Q(ended_at__isnull=False, sealed=b""),
                name="what_a_run_was_told_is_gone_when_it_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "app_key", "-id"], name="runs_of_an_app"),
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(state__in=["waiting", "running"]),
                name="runs_to_be_made",
            ),
        ]

    def as_contract(self) -> contracts.Run:
        return contracts.Run(
            id=self.id,
            app_key=self.app_key,
            url=self.url,
            state=RUN_STATES[RUN_STATES.index(self.state)],
            cases_total=self.cases_total,
            asked_at=self.asked_at,
            started_at=self.started_at,
            ended_at=self.ended_at,
            results=tuple(
                contracts.CaseResult(**{**kept, "level": LEVELS[LEVELS.index(kept["level"])]})
                for kept in self.results
            ),
        )


def sealing_place(run_id: int) -> str:
    """Where what a run was told is sealed."""
    return f"portal.conformance_run:{run_id}"
