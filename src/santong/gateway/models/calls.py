"""What went over the lines, and when too much of it failed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.gateway import contracts
from santong.gateway.contracts import DIRECTIONS, OUTCOMES
from santong.gateway.models.connections import Connection
from santong.gateway.rules.alarm import Counts, percentage
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class CallQuerySet(MerchantQuerySet["Call"]):
    """Calls."""


class Call(MerchantOwned):
    """One call, in or out, with masked bodies. Never changed; forgotten after a month."""

    connection = models.ForeignKey(
        Connection, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    direction = models.CharField(max_length=3, choices=[(each, each) for each in DIRECTIONS])
    method = models.CharField(max_length=100)
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=[(each, each) for each in OUTCOMES])
    code = models.CharField(max_length=60)
    request = models.JSONField()
    answer = models.JSONField()
    request_id = models.CharField(max_length=64)

    objects = CallQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["merchant_id", "connection", "id"], name="calls_of_a_connection"),
            models.Index(fields=["merchant_id", "connection", "at"], name="calls_of_a_window"),
        ]

    def as_contract(self) -> contracts.LoggedCall:
        return contracts.LoggedCall(
            id=self.id,
            connection_id=self.connection_id,
            direction=DIRECTIONS[DIRECTIONS.index(self.direction)],
            method=self.method,
            at=self.at,
            milliseconds=self.milliseconds,
            outcome=OUTCOMES[OUTCOMES.index(self.outcome)],
            code=self.code,
            request=self.request,
            answer=self.answer,
        )


class AlarmQuerySet(MerchantQuerySet["Alarm"]):
    """Alarms."""


class Alarm(MerchantOwned):
    """At least 4 calls and 10 % of a window failed; with the worst that was counted since."""

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    calls = models.PositiveIntegerField()
    failures = models.PositiveIntegerField()

    objects = AlarmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "connection"],
                condition=Q(closed_at__isnull=True),
                name="one_open_alarm_for_a_connection",
            ),
            models.CheckConstraint(
                condition=Q(failures__lte=F("calls")), name="no_more_failed_than_were_called"
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "connection", "id"], name="alarms_of")]

    def as_contract(self) -> contracts.Alarm:
        return contracts.Alarm(
            id=self.id,
            connection_id=self.connection_id,
            opened_at=self.opened_at,
            closed_at=self.closed_at,
            calls=self.calls,
            failures=self.failures,
            percentage=percentage(counts=Counts(calls=self.calls, failures=self.failures)),
        )
