"""The kernel's tables, and what every table of a merchant has."""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Func

M = TypeVar("M", bound=models.Model)


class MerchantQuerySet(models.QuerySet[M]):
    """A queryset that says whose rows it wants."""

    def of_merchant(self, merchant_id: int) -> Self:
        """The application's own filter; row-level security stands behind it."""
        return self.filter(merchant_id=merchant_id)

    def lock(self) -> Self:
        """Take the rows at once, in primary-key order, until the transaction ends.

        Keys never change, so rows that point at these may still be written meanwhile: with FOR
        UPDATE their foreign-key checks would wait, and two writers could wait for one another.
        """
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")


class MerchantOwned(models.Model):
    """A row that belongs to one merchant.

    `merchant_id` is a plain column: a foreign key to one hot row would be checked on every insert,
    while the scope has already found the merchant in the directory and row-level security refuses
    every other one.
    """

    # Tables in which a row, once written, is never changed or removed by the application.
    append_only: ClassVar[bool] = False
    # Tables that the relay reads for all merchants of a cell.
    visible_to_system: ClassVar[bool] = False

    id = models.BigAutoField(primary_key=True)
    merchant_id = models.BigIntegerField()

    class Meta:
        abstract = True


class TransactionId(Func):
    """The writing transaction's id: tells readers of the log what may still be uncommitted."""

    template = "(pg_current_xact_id()::text)::bigint"
    output_field = models.BigIntegerField()

    def get_source_expressions(self) -> list[Any]:
        return []


class OutboxEvent(MerchantOwned):
    """A fact on its way out, written in the transaction that made it true."""

    visible_to_system = True

    transaction_id = models.BigIntegerField(db_default=TransactionId())
    name = models.CharField(max_length=100)
    aggregate = models.CharField(max_length=100)
    body = models.JSONField()
    actor = models.CharField(max_length=120)
    request_id = models.CharField(max_length=64)
    occurred_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["transaction_id"], name="outbox_by_transaction"),
            models.Index(fields=["merchant_id", "aggregate"], name="outbox_of_one_thing"),
        ]


class OutboxCursor(models.Model):
    """How far one subscriber has read a cell's log: a window of settled transactions, and an id.

    Facts in the window are read by id, which is the order in which they were written while their
    aggregate was locked; the next window begins where this one ends.
    """

    subscriber = models.CharField(max_length=60, primary_key=True)
    window_from = models.BigIntegerField(default=0)
    window_to = models.BigIntegerField(default=0)
    last_id = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)


class OutboxParked(MerchantOwned):
    """A fact that a subscriber could not take yet; later ones of its aggregate wait behind it."""

    visible_to_system = True

    subscriber = models.CharField(max_length=60)
    event = models.ForeignKey(OutboxEvent, models.PROTECT, related_name="+")
    aggregate = models.CharField(max_length=100)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    is_dead = models.BooleanField(default=False)
    error = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "subscriber", "event"], name="a_fact_is_parked_once"
            )
        ]
        indexes = [
            models.Index(fields=["subscriber", "next_at"], name="outbox_parked_due"),
        ]


class IdempotencyKey(MerchantOwned):
    """The first answer to a command, kept so that the same command gets the same answer."""

    key = models.CharField(max_length=200)
    request_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.BinaryField(default=b"")
    content_type = models.CharField(max_length=100, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key"], name="a_command_has_one_first_answer"
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_by_age")]


class AuditEntry(MerchantOwned):
    """Who changed what, when and why, with what stood before and after."""

    append_only = True

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=120)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["merchant_id", "subject", "subject_id"], name="audit_of"),
            # Rows lie in the order of their time, so this costs writers next to nothing.
            BrinIndex(fields=["at"], autosummarize=True, name="audit_by_time"),
        ]


class PausedJobs(MerchantOwned):
    """The merchant's clock is somebody else's: nothing of it is done by the schedule."""

    visible_to_system = True

    reason = models.CharField(max_length=200)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merchant_id"], name="jobs_are_paused_once")]


class DataKey(MerchantOwned):
    """A merchant's key for personal data, wrapped by the installation's master key."""

    version = models.PositiveIntegerField()
    wrapped = models.BinaryField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "version"], name="one_data_key_per_version"
            )
        ]
