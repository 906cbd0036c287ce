"""Money that goes back, goes out, is fought about; and what has moved."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.payments.contracts import ledger, money
from santong.payments.models.ledger import Txn
from santong.payments.models.money import PaymentAccount, Tender


class Refund(MerchantOwned):
    """What goes back for a document."""

    key = models.CharField(max_length=150)
    request_hash = models.CharField(max_length=64)
    document = models.CharField(max_length=money.LONGEST_DOCUMENT)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    done_minor = models.BigIntegerField(default=0, db_default=0)
    failed_minor = models.BigIntegerField(default=0, db_default=0)
    given_up_minor = models.BigIntegerField(default=0, db_default=0)
    reason = models.CharField(max_length=ledger.LONGEST_REASON)
    state = models.CharField(max_length=10, choices=[(s, s) for s in money.REFUND_STATES])
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=120)

    objects = MerchantQuerySet["Refund"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key"], name="a_refund_is_asked_once_for_its_key"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_refund_gives_something"
            ),
            models.CheckConstraint(
                condition=Q(done_minor__gte=0)
                & Q(failed_minor__gte=0)
                & Q(amount_minor__gte=F("done_minor") + F("failed_minor")),
                name="a_refund_gives_no_more_than_was_asked",
            ),
            models.CheckConstraint(
                condition=Q(given_up_minor__gte=0)
                & Q(amount_minor__gte=F("done_minor") + F("failed_minor") + F("given_up_minor")),
                name="a_refund_gives_up_no_more_than_was_asked",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "document"], name="refund_by_document"),
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(state__in=["failed", "partly"]),
                name="refund_that_failed",
            ),
        ]


class RefundPart(MerchantOwned):
    """What goes back along one tender."""

    refund = models.ForeignKey(
        Refund, models.PROTECT, related_name="parts", db_constraint=False, db_index=False
    )
    tender = models.ForeignKey(
        Tender, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=money.LONGEST_OUR_REFERENCE)
    their_reference = models.CharField(
        max_length=money.LONGEST_THEIR_REFERENCE, default="", db_default="", blank=True
    )
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in money.PART_STATES])
    why = models.CharField(max_length=120, default="", db_default="", blank=True)
    done_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["RefundPart"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "refund", "number"], name="one_part_of_a_refund_per_number"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "reference"], name="a_refund_part_has_its_own_reference"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_part_of_a_refund_gives_something"
            ),
        ]
        indexes = [
            models.Index(fields=["tender"], name="refund_part_by_tender"),
            models.Index(
                fields=["merchant_id", "their_reference"],
                condition=~Q(their_reference=""),
                name="refund_part_by_their_reference",
            ),
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(state__in=["queued", "sent", "failed"]),
                name="refund_part_to_look_at",
            ),
        ]


class Transfer(MerchantOwned):
    """Money that a party is sent."""

    source = models.CharField(max_length=ledger.LONGEST_SOURCE)
    key = models.CharField(max_length=150)
    request_hash = models.CharField(max_length=64)
    account = models.ForeignKey(
        PaymentAccount, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    tender = models.ForeignKey(
        Tender, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )
    is_last_share = models.BooleanField(default=False, db_default=False)
    party = models.CharField(max_length=ledger.LONGEST_OWNER)
    receiver_sealed = models.BinaryField()
    reference = models.CharField(max_length=money.LONGEST_OUR_REFERENCE)
    their_reference = models.CharField(
        max_length=money.LONGEST_THEIR_REFERENCE, default="", db_default="", blank=True
    )
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=ledger.LONGEST_REASON)
    state = models.CharField(max_length=10, choices=[(s, s) for s in money.TRANSFER_STATES])
    why = models.CharField(max_length=120, default="", db_default="", blank=True)
    queued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=120)

    objects = MerchantQuerySet["Transfer"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "source", "key"], name="a_transfer_is_queued_once"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "reference"], name="a_transfer_has_its_own_reference"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_transfer_sends_something"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "tender"],
                condition=Q(tender__isnull=False),
                name="transfers_out_of_a_payment",
            ),
        ]


class Dispute(MerchantOwned):
    """A buyer has asked the provider for the money of a tender."""

    tender = models.ForeignKey(
        Tender, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    their_reference = models.CharField(max_length=money.LONGEST_THEIR_REFERENCE)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in ("opened", "won", "lost")])
    why = models.CharField(max_length=120, default="", db_default="", blank=True)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["Dispute"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "tender", "their_reference"], name="a_dispute_is_one"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_dispute_is_about_something"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(state="opened"),
                name="dispute_that_is_open",
            ),
        ]


class Movement(MerchantOwned):
    """Something that moved at a payment account: what statements are compared with."""

    append_only = True

    account = models.ForeignKey(
        PaymentAccount, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=20, choices=[(k, k) for k in money.MOVEMENT_KINDS])
    reference = models.CharField(max_length=money.LONGEST_OUR_REFERENCE)
    their_reference = models.CharField(
        max_length=money.LONGEST_THEIR_REFERENCE, default="", db_default="", blank=True
    )
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    moved_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    document = models.CharField(max_length=money.LONGEST_DOCUMENT, default="", blank=True)
    subject = models.CharField(max_length=40)
    txn = models.ForeignKey(
        Txn, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )

    objects = MerchantQuerySet["Movement"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "account", "kind", "reference"], name="a_movement_is_one"
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="a_movement_moves_something"),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "account", "moved_at"], name="movement_by_day"),
            models.Index(fields=["merchant_id", "document"], name="movement_by_document"),
        ]
