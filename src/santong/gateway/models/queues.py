"""What waits to be sent: the newest state of members, and operations in their order."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q

from santong.gateway.models.connections import Connection
from santong.kernel.models import MerchantOwned, MerchantQuerySet

OPERATION_STATES: Final = ("waiting", "done", "refused")


class MemberSyncQuerySet(MerchantQuerySet["MemberSync"]):
    """Members of connections."""


class MemberSync(MerchantOwned):
    """How far a connection knows a bound member: `sent` of the `wanted` changes.

    Many changes are one delivery of the newest state. Whoever delivers has claimed the row, so one
    member's states leave one after the other, each with a larger `state_version`.
    """

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", db_index=False)
    member_id = models.BigIntegerField()
    # Who carries that member on, where two were one person.
    carried_on_by = models.BigIntegerField(null=True)
    # What the marketplace calls the shopper, sealed; empty once unbound.
    identity_sealed = models.BinaryField(default=b"", max_length=2_000)
    # What was told last, as a digest: what changes without a fact is found by comparing.
    told = models.CharField(max_length=32, default="", db_default="", blank=True)
    wanted = models.BigIntegerField(default=0, db_default=0)
    sent = models.BigIntegerField(default=0, db_default=0)
    state_version = models.BigIntegerField(default=0, db_default=0)
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    claim = models.BigIntegerField(default=0, db_default=0)
    claimed_until = models.DateTimeField(null=True)
    code = models.CharField(max_length=60, default="", db_default="", blank=True)

    objects = MemberSyncQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "connection", "member_id"],
                name="a_member_is_synced_once_per_connection",
            ),
            models.CheckConstraint(
                condition=Q(sent__gte=0, wanted__gte=F("sent")), name="no_more_sent_than_wanted"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "connection", "due_at"],
                condition=Q(wanted__gt=F("sent")),
                name="member_syncs_due",
            ),
            models.Index(fields=["merchant_id", "member_id"], name="member_syncs_of"),
            models.Index(
                fields=["merchant_id", "carried_on_by"],
                condition=Q(carried_on_by__isnull=False),
                name="member_syncs_carried_on",
            ),
        ]


class OperationQuerySet(MerchantQuerySet["Operation"]):
    """Operations."""


class Operation(MerchantOwned):
    """A write that somebody else's system is to take over, once, by its `serial_no`.

    Operations of one lane (a member) leave in the order in which they came: the next waits until
    the one before is done or refused.
    """

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", db_index=False)
    lane = models.BigIntegerField()
    serial_no = models.CharField(max_length=100)
    method = models.CharField(max_length=100)
    body_sealed = models.BinaryField(max_length=8_000)
    state = models.CharField(
        max_length=8, choices=[(state, state) for state in OPERATION_STATES], default="waiting"
    )
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    claim = models.BigIntegerField(default=0, db_default=0)
    claimed_until = models.DateTimeField(null=True)
    code = models.CharField(max_length=60, default="", db_default="", blank=True)

    objects = OperationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "connection", "serial_no"],
                name="an_operation_is_queued_once",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="an_operation_that_ended_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "connection", "lane", "id"],
                condition=Q(state="waiting"),
                name="operations_waiting",
            ),
        ]
