"""The simulated provider's own books. Nothing of ours points at them, and they point at nothing."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet

LONGEST_REFERENCE = 64
LONGEST_TEXT = 200

PAYMENT_STATES = ("waiting", "authorised", "paid", "closed", "failed")
MOVE_STATES = ("working", "done", "failed", "returned")
NOTICE_STATES = ("waiting", "told", "lost", "given_up")
MOVEMENT_KINDS = (
    "payment",
    "refund",
    "transfer",
    "transfer_returned",
    "chargeback",
    "chargeback_returned",
)


def _choices(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class SimulatedAccount(MerchantOwned):
    """What the provider knows of an account: its terms, its secret, and where it is told."""

    account_code = models.CharField(max_length=60)
    settings = models.JSONField(default=dict)
    notify_url = models.CharField(max_length=500, default="", blank=True)
    secret_sealed = models.BinaryField(default=b"")
    fingerprint = models.CharField(max_length=64)

    objects = MerchantQuerySet["SimulatedAccount"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "account_code"], name="one_simulated_account_per_code"
            ),
        ]


class SimulatedPayment(MerchantOwned):
    """What a buyer is asked for, and what has become of it. `paid_minor` less fees is there."""

    account_code = models.CharField(max_length=60)
    reference = models.CharField(max_length=LONGEST_REFERENCE)
    page_token = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    subject = models.CharField(max_length=LONGEST_TEXT)
    way = models.CharField(max_length=10)
    mood = models.CharField(max_length=LONGEST_TEXT, default="", blank=True)
    return_url = models.CharField(max_length=500, default="", blank=True)
    amount_minor = models.BigIntegerField()
    is_authorisation = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=_choices(PAYMENT_STATES), default="waiting")
    why = models.CharField(max_length=60, default="", blank=True)
    payer = models.CharField(max_length=60, default="", blank=True)
    paid_minor = models.BigIntegerField(default=0)
    fee_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    transferred_minor = models.BigIntegerField(default=0)
    disputed_minor = models.BigIntegerField(default=0)
    refunds = models.IntegerField(default=0)
    transfers = models.IntegerField(default=0)
    is_shared_out = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["SimulatedPayment"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "reference"], name="a_simulated_payment_is_asked_once"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "page_token"], name="one_simulated_page_per_token"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0) & Q(paid_minor__lte=F("amount_minor")),
                name="a_simulated_payment_takes_no_more_than_asked",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, disputed_minor__gte=0)
                & Q(paid_minor__gte=F("refunded_minor") + F("disputed_minor")),
                name="a_simulated_payment_gives_back_no_more_than_paid",
            ),
            models.CheckConstraint(
                condition=Q(transferred_minor__gte=0, transferred_minor__lte=F("paid_minor")),
                name="a_simulated_payment_is_shared_no_further_than_paid",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", paid_minor__gt=0) | Q(~Q(state="paid"), paid_minor=0),
                name="only_a_paid_simulated_payment_has_money",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "subject"],
                condition=Q(state="waiting"),
                name="simulated_waiting_by_subject",
            )
        ]


class SimulatedRefund(MerchantOwned):
    """Money on its way back, whole or not at all; `ends_as` is what will have become of it."""

    account_code = models.CharField(max_length=60)
    reference = models.CharField(max_length=LONGEST_REFERENCE)
    payment = models.ForeignKey(SimulatedPayment, models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=LONGEST_TEXT, default="", blank=True)
    state = models.CharField(max_length=10, choices=_choices(MOVE_STATES), default="working")
    ends_as = models.CharField(max_length=10, choices=_choices(MOVE_STATES))
    why = models.CharField(max_length=60, default="", blank=True)
    asked_at = models.DateTimeField()
    settles_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["SimulatedRefund"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "reference"], name="a_simulated_refund_is_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_simulated_refund_gives_something_back"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "settles_at"],
                condition=Q(state="working"),
                name="simulated_refund_to_settle",
            )
        ]


class SimulatedTransfer(MerchantOwned):
    """Money on its way to somebody; one that ends as returned was done before."""

    account_code = models.CharField(max_length=60)
    reference = models.CharField(max_length=LONGEST_REFERENCE)
    receiver = models.CharField(max_length=120)
    payment = models.ForeignKey(SimulatedPayment, models.PROTECT, related_name="+", null=True)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=LONGEST_TEXT, default="", blank=True)
    state = models.CharField(max_length=10, choices=_choices(MOVE_STATES), default="working")
    ends_as = models.CharField(max_length=10, choices=_choices(MOVE_STATES))
    why = models.CharField(max_length=60, default="", blank=True)
    asked_at = models.DateTimeField()
    settles_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["SimulatedTransfer"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "reference"], name="a_simulated_transfer_is_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_simulated_transfer_gives_something"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "settles_at"],
                condition=Q(settles_at__isnull=False),
                name="simulated_transfer_to_settle",
            )
        ]


class SimulatedDispute(MerchantOwned):
    """A buyer who wants the money back from the provider: it is taken until that is decided."""

    account_code = models.CharField(max_length=60)
    payment = models.ForeignKey(SimulatedPayment, models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    state = models.CharField(
        max_length=10, choices=_choices(("opened", "won", "lost")), default="opened"
    )
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["SimulatedDispute"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "payment"],
                condition=Q(state="opened"),
                name="a_simulated_payment_is_disputed_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_simulated_dispute_is_about_something"
            ),
        ]


class SimulatedMovement(MerchantOwned):
    """What moved at an account, signed; a balance is the sum of these less their fees."""

    append_only = True

    account_code = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=_choices(MOVEMENT_KINDS))
    reference = models.CharField(max_length=LONGEST_REFERENCE)
    their_reference = models.CharField(max_length=LONGEST_REFERENCE)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField()

    objects = MerchantQuerySet["SimulatedMovement"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "account_code", "kind", "their_reference"],
                name="a_simulated_movement_is_booked_once",
            ),
            models.CheckConstraint(
                condition=~Q(amount_minor=0) & Q(fee_minor__gte=0),
                name="a_simulated_movement_moves_something",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "account_code", "moved_at", "id"],
                name="simulated_movement_by_day",
            )
        ]


class SimulatedNotice(MerchantOwned):
    """What is to be told, until it is answered well, `times` times, or not taken for too long."""

    account_code = models.CharField(max_length=60)
    number = models.CharField(max_length=120)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=_choices(NOTICE_STATES), default="waiting")
    times = models.IntegerField(default=1)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    claim = models.IntegerField(default=0)
    made_at = models.DateTimeField()

    objects = MerchantQuerySet["SimulatedNotice"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "account_code", "number"],
                name="a_simulated_notice_is_made_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "due_at"],
                condition=Q(state="waiting"),
                name="simulated_notice_to_tell",
            )
        ]


class SimulatedCalls(MerchantOwned):
    """How often something was asked of the provider, whatever came of it."""

    account_code = models.CharField(max_length=60)
    about = models.CharField(max_length=120)
    calls = models.IntegerField(default=0)

    objects = MerchantQuerySet["SimulatedCalls"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "account_code", "about"],
                name="one_simulated_counter_per_question",
            ),
        ]
