"""What was tried, and what has to be tried again."""

from __future__ import annotations

from django.db import models

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.messaging.contracts import OUTCOMES
from santong.messaging.models.endpoints import Endpoint


class ParkedQuerySet(MerchantQuerySet["Parked"]):
    """Parked messages."""


class Parked(MerchantOwned):
    """A message behind an endpoint's place that it has not got; later ones of its key wait."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="+", db_index=False)
    number = models.BigIntegerField()
    key = models.CharField(max_length=120)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    is_dead = models.BooleanField(default=False)

    objects = ParkedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "endpoint", "number"], name="a_message_is_parked_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "endpoint", "key", "number"], name="parked_of_a_key"
            )
        ]


class TryQuerySet(MerchantQuerySet["Try"]):
    """Tries."""


class Try(MerchantOwned):
    """One request to an endpoint, without what was in it. Forgotten after 30 days."""

    endpoint = models.ForeignKey(
        Endpoint, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    number = models.BigIntegerField()
    topic = models.CharField(max_length=100)
    attempt = models.PositiveIntegerField()
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=[(each, each) for each in OUTCOMES])
    status = models.PositiveSmallIntegerField(null=True)
    why = models.CharField(max_length=40, default="")

    objects = TryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["merchant_id", "endpoint", "id"], name="tries_of_an_endpoint"),
            models.Index(fields=["merchant_id", "at"], name="tries_by_time"),
        ]
