"""Calls that nobody we know has signed: how many, and what the last one looked like."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.gateway import contracts
from santong.gateway.contracts import REFUSALS
from santong.gateway.models.connections import Connection
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class RefusedCallsQuerySet(MerchantQuerySet["RefusedCalls"]):
    """Refused calls."""


class RefusedCalls(MerchantOwned):
    """Calls to one connection in one minute that were refused for one reason.

    However many come, there is a row for each minute and reason; nothing of their bodies is kept.
    """

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=20, choices=[(code, code) for code in REFUSALS])
    minute = models.DateTimeField()
    calls = models.BigIntegerField()
    last_at = models.DateTimeField()
    # Of the last one: who it said it was, masked, and what it asked.
    app_key = models.CharField(max_length=20, default="", blank=True)
    method = models.CharField(max_length=100, default="", blank=True)

    objects = RefusedCallsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "connection", "minute", "code"],
                name="refused_calls_are_counted_by_the_minute",
            ),
            models.CheckConstraint(condition=Q(calls__gt=0), name="some_calls_were_refused"),
        ]

    def as_contract(self) -> contracts.Refused:
        return contracts.Refused(
            connection_id=self.connection_id,
            code=REFUSALS[REFUSALS.index(self.code)],
            minute=self.minute,
            calls=self.calls,
            last_at=self.last_at,
            app_key=self.app_key,
            method=self.method,
        )
