"""Webhooks, their secrets, and how far each has come."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.messaging.contracts import (
    ENDPOINT_STATES,
    LONGEST_NAME,
    LONGEST_URL,
    PAUSE_REASONS,
)


class EndpointQuerySet(MerchantQuerySet["Endpoint"]):
    """Endpoints."""


class Endpoint(MerchantOwned):
    """An address that is told of topics."""

    name = models.CharField(max_length=LONGEST_NAME)
    url = models.CharField(max_length=LONGEST_URL)
    state = models.CharField(
        max_length=10, choices=[(each, each) for each in ENDPOINT_STATES], default="active"
    )
    paused_why = models.CharField(
        max_length=20, choices=[(each, each) for each in PAUSE_REASONS], default=""
    )
    failing_since = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects = EndpointQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["paused", "gone"]) & ~Q(paused_why="")
                | Q(state__in=["active", "failing"], paused_why=""),
                name="a_paused_endpoint_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(failing_since__isnull=True),
                name="an_active_endpoint_is_not_failing",
            ),
            models.CheckConstraint(
                condition=~Q(state="failing") | Q(failing_since__isnull=False),
                name="a_failing_endpoint_says_since_when",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id"], name="endpoints_of_a_merchant")]


def sealing_place(*, endpoint_id: int, number: int) -> str:
    """What a secret is sealed for: it opens nowhere else."""
    return f"messaging.webhook:{endpoint_id}:{number}"


class EndpointSecretQuerySet(MerchantQuerySet["EndpointSecret"]):
    """Secrets."""


class EndpointSecret(MerchantOwned):
    """A signing secret, sealed. While one is rotated two are good, and both sign."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()
    good_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = EndpointSecretQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "endpoint", "number"], name="webhook_secrets_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "endpoint"],
                condition=Q(good_until__isnull=True),
                name="one_webhook_secret_is_the_newest",
            ),
        ]


class PlaceQuerySet(MerchantQuerySet["Place"]):
    """Places."""


class Place(MerchantOwned):
    """How far an endpoint has come in the log, and when it is asked again.

    Everything up to `read_through` is delivered, parked, or not for it. Whoever delivers holds
    the claim; `claim` counts these, so that one who comes back late moves nothing.
    """

    visible_to_system = True

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="+", db_index=False)
    is_open = models.BooleanField(default=True)
    read_through = models.BigIntegerField()
    retry_at = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    trips = models.PositiveIntegerField(default=0)
    claim = models.PositiveBigIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "endpoint"], name="an_endpoint_has_one_place_in_the_log"
            ),
            models.CheckConstraint(
                condition=Q(read_through__gte=0), name="a_place_is_in_the_log_or_before_it"
            ),
        ]
