"""Lines to marketplaces and to older CRMs, their secrets, and how they behave."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.gateway import contracts
from santong.gateway.contracts import (
    BREAKER_STATES,
    CONNECTION_KINDS,
    CONNECTION_STATES,
)
from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.kernel.signing import SIGN_METHODS


def sealing_place(*, connection_id: int, what: str) -> str:
    """What binds a sealed value to its connection."""
    return f"gateway.connection:{connection_id}:{what}"


class ConnectionQuerySet(MerchantQuerySet["Connection"]):
    """Connections."""


class Connection(MerchantOwned):
    """A line to a marketplace, whose CRM we are, or to an older CRM, whose hub we are.

    `behind` is the older CRM that is asked about shoppers whom we do not know.
    """

    code = models.CharField(max_length=contracts.LONGEST_CODE)
    name = models.CharField(max_length=contracts.LONGEST_NAME)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in CONNECTION_KINDS])
    storefront_code = models.CharField(max_length=60, default="", blank=True)
    programme_code = models.CharField(max_length=60, default="", blank=True)
    behind = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    app_key = models.CharField(max_length=60)
    url = models.CharField(max_length=contracts.LONGEST_URL, default="", blank=True)
    sign_method = models.CharField(max_length=12, choices=[(name, name) for name in SIGN_METHODS])
    state = models.CharField(
        max_length=8, choices=[(state, state) for state in CONNECTION_STATES], default="active"
    )
    is_bind_query_allowed = models.BooleanField(default=True)
    is_registration_open = models.BooleanField(default=True)
    is_plain_registration_allowed = models.BooleanField(default=True)
    answers_within_ms = models.PositiveIntegerField(default=1_200)
    session_sealed = models.BinaryField(default=b"", max_length=600)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="one_connection_of_this_code"
            ),
            models.CheckConstraint(
                condition=Q(answers_within_ms__gte=100, answers_within_ms__lte=30_000),
                name="a_connection_waits_a_tenth_to_thirty_seconds",
            ),
            models.CheckConstraint(
                condition=~Q(kind="crm") | Q(behind__isnull=True),
                name="nobody_stands_behind_an_older_crm",
            ),
        ]

    def as_contract(self, *, live_secrets: int, behind_code: str) -> contracts.Connection:
        return contracts.Connection(
            id=self.id,
            code=self.code,
            name=self.name,
            kind=CONNECTION_KINDS[CONNECTION_KINDS.index(self.kind)],
            storefront_code=self.storefront_code,
            behind_code=behind_code,
            app_key=self.app_key,
            url=self.url,
            sign_method=SIGN_METHODS[SIGN_METHODS.index(self.sign_method)],
            state=CONNECTION_STATES[CONNECTION_STATES.index(self.state)],
            is_bind_query_allowed=self.is_bind_query_allowed,
            is_registration_open=self.is_registration_open,
            is_plain_registration_allowed=self.is_plain_registration_allowed,
            answers_within_ms=self.answers_within_ms,
            live_secrets=live_secrets,
            version=self.version,
        )


class ConnectionSecretQuerySet(MerchantQuerySet["ConnectionSecret"]):
    """Secrets."""


class ConnectionSecret(MerchantOwned):
    """What a connection's calls are signed with, sealed. While one is rotated, two are good."""

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    sealed = models.BinaryField(max_length=300)
    created_at = models.DateTimeField()
    good_until = models.DateTimeField(null=True)

    objects = ConnectionSecretQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "connection", "number"], name="secrets_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "connection"],
                condition=Q(good_until__isnull=True),
                name="one_secret_is_the_newest",
            ),
        ]


class BreakerQuerySet(MerchantQuerySet["Breaker"]):
    """Breakers."""


class Breaker(MerchantOwned):
    """Whether a connection's line is used: the state that all processes share."""

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in BREAKER_STATES], default="closed"
    )
    failures = models.PositiveIntegerField(default=0)
    trips = models.PositiveIntegerField(default=0)
    generation = models.PositiveBigIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    probe_until = models.DateTimeField(null=True)

    objects = BreakerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "connection"], name="one_breaker_for_a_connection"
            ),
            models.CheckConstraint(
                condition=Q(state="open", rests_until__isnull=False)
                | (~Q(state="open") & Q(rests_until__isnull=True)),
                name="an_open_breaker_rests_until_some_time",
            ),
        ]
