"""Clocks, and everything that happened to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.clocks import contracts
from santong.clocks.models.calendars import CalendarVersion
from santong.clocks.models.policies import PolicyVersion
from santong.clocks.rules.working_time import seconds_of
from santong.kernel.models import MerchantOwned, MerchantQuerySet

_LIVE = Q(state__in=("running", "paused"))


class Clock(MerchantOwned):
    """How long one thing may take, by its subject and term.

    All but tags and what was told is a cache of its events: `due_at` and the rest are what
    evaluating them gives. `next_at` is when it has to be looked at again.
    """

    subject = models.CharField(max_length=contracts.LONGEST_SUBJECT)
    term = models.CharField(max_length=contracts.LONGEST_TERM)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.CLOCK_STATES]
    )
    policy_version = models.ForeignKey(
        PolicyVersion, models.PROTECT, related_name="+", db_index=False, null=True
    )
    calendar_version = models.ForeignKey(
        CalendarVersion, models.PROTECT, related_name="+", db_index=False, null=True
    )
    store = models.CharField(max_length=contracts.LONGEST_TAG, default="", blank=True)
    provider = models.CharField(max_length=contracts.LONGEST_TAG, default="", blank=True)
    technician = models.CharField(max_length=contracts.LONGEST_TAG, default="", blank=True)
    brand = models.CharField(max_length=contracts.LONGEST_TAG, default="", blank=True)
    tags = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    target_seconds = models.BigIntegerField()
    elapsed_seconds = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    is_kept = models.BooleanField(null=True)
    unknown_year = models.PositiveSmallIntegerField(null=True)
    events = models.PositiveIntegerField(default=0)

    objects = MerchantQuerySet["Clock"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "subject", "term"], name="a_subject_has_one_clock_of_a_term"
            ),
            models.CheckConstraint(
                condition=Q(_LIVE, ended_at__isnull=True) | Q(~_LIVE, ended_at__isnull=False),
                name="a_clock_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state="stopped", is_kept__isnull=False)
                | Q(~Q(state="stopped"), is_kept__isnull=True),
                name="a_clock_that_stopped_kept_its_promise_or_broke_it",
            ),
            models.CheckConstraint(
                condition=Q(next_at__isnull=True) | Q(state="running"),
                name="only_a_clock_that_runs_is_looked_at",
            ),
            models.CheckConstraint(
                condition=Q(elapsed_seconds__gte=0, target_seconds__gte=0),
                name="a_clock_counts_forwards",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "next_at"],
                condition=Q(next_at__isnull=False),
                name="clocks_to_look_at",
            ),
            models.Index(
                fields=["merchant_id", "due_at", "id"], condition=_LIVE, name="live_clocks_by_due"
            ),
            models.Index(
                fields=["merchant_id", "calendar_version", "id"],
                condition=_LIVE,
                name="live_clocks_of_a_calendar",
            ),
            models.Index(
                fields=["merchant_id", "ended_at"],
                condition=Q(state="stopped"),
                include=[
                    "term",
                    "store",
                    "provider",
                    "technician",
                    "brand",
                    "is_kept",
                    "elapsed_seconds",
                    "target_seconds",
                ],
                name="kept_and_broken_by_time",
            ),
        ]

    def as_contract(self) -> contracts.Clock:
        """As it stood when something last happened to it."""
        version = self.policy_version
        return contracts.Clock(
            id=self.id,
            subject=self.subject,
            term=self.term,
            state=contracts.CLOCK_STATES[contracts.CLOCK_STATES.index(self.state)],
            policy_code="" if version is None else version.policy.code,
            policy_version=None if version is None else version.version,
            started_at=self.started_at,
            target_seconds=self.target_seconds,
            elapsed_seconds=self.elapsed_seconds,
            due_at=self.due_at,
            warn_at=self.warn_at,
            warned_at=self.warned_at,
            broken_at=self.broken_at,
            ended_at=self.ended_at,
            is_kept=self.is_kept,
            unknown_year=self.unknown_year,
            tags=dict(self.tags),
        )


class ClockEvent(MerchantOwned):
    """Something that happened to a clock, in the order in which it was recorded."""

    append_only = True

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in contracts.EVENT_KINDS])
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)
    policy_version = models.ForeignKey(
        PolicyVersion, models.PROTECT, related_name="+", db_index=False, null=True
    )
    calendar_version = models.ForeignKey(
        CalendarVersion, models.PROTECT, related_name="+", db_index=False, null=True
    )
    due_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["ClockEvent"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "clock", "number"], name="events_of_a_clock_are_counted"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("start", "policy_change"), policy_version__isnull=False)
                | Q(kind__in=("start", "due_change"), due_at__isnull=False)
                | ~Q(kind__in=("start", "policy_change", "due_change")),
                name="what_promises_says_what",
            ),
        ]

    def as_event(self) -> contracts.Event:
        """As the rules read it."""
        return contracts.Event(
            kind=contracts.EVENT_KINDS[contracts.EVENT_KINDS.index(self.kind)],
            at=seconds_of(self.at),
            policy=self.policy_version_id,
            calendar=self.calendar_version_id,
            due_at=None if self.due_at is None else seconds_of(self.due_at),
        )

    def as_contract(self) -> contracts.Recorded:
        return contracts.Recorded(
            kind=contracts.EVENT_KINDS[contracts.EVENT_KINDS.index(self.kind)],
            at=self.at,
            recorded_at=self.recorded_at,
            reason=self.reason,
            due_at=self.due_at,
        )
