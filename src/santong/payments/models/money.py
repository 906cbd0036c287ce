"""Money that comes in: where it comes in, what is to be paid, and by which parts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.payments.contracts import money, providers

LIVE_INTENTS = ["open", "authorised"]


class PaymentAccount(MerchantOwned):
    """Our account at a provider, a till, a channel that collects for us.

    `secrets` are sealed under the merchant's key, bound to the account's code.
    """

    code = models.CharField(max_length=40)
    provider = models.CharField(max_length=40)
    method = models.CharField(max_length=20, choices=[(m, m) for m in money.METHODS])
    name = models.CharField(max_length=100)
    currency = models.CharField(max_length=3)
    settings = models.JSONField(default=dict)
    secrets_sealed = models.BinaryField(null=True)
    fee_per_million = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()

    objects = MerchantQuerySet["PaymentAccount"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="one_payment_account_per_code"
            ),
        ]

    def as_contract(self) -> money.PaymentAccount:
        return money.PaymentAccount(
            id=self.id,
            code=self.code,
            provider=self.provider,
            method=money.METHODS[money.METHODS.index(self.method)],
            currency=self.currency,
            name=self.name,
            is_open=self.is_open,
            fee_per_million=self.fee_per_million,
            settings={str(name): str(value) for name, value in self.settings.items()},
        )


class Intent(MerchantOwned):
    """So much is to be paid for a document. One at a time may be open for each document.

    `planned_minor` is what live and received tenders come to.
    """

    key = models.CharField(max_length=150)
    request_hash = models.CharField(max_length=64)
    document = models.CharField(max_length=money.LONGEST_DOCUMENT)
    subject = models.CharField(max_length=money.LONGEST_SUBJECT)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    authorise_only = models.BooleanField(default=False)
    return_url = models.CharField(max_length=500, default="", blank=True)
    state = models.CharField(max_length=12, choices=[(s, s) for s in money.INTENT_STATES])
    planned_minor = models.BigIntegerField(default=0, db_default=0)
    authorised_minor = models.BigIntegerField(default=0, db_default=0)
    received_minor = models.BigIntegerField(default=0, db_default=0)
    refunded_minor = models.BigIntegerField(default=0, db_default=0)
    tenders_made = models.PositiveIntegerField(default=0, db_default=0)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=120)

    objects = MerchantQuerySet["Intent"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key"], name="an_intent_is_opened_once_for_its_key"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "document"],
                condition=Q(state__in=LIVE_INTENTS),
                name="one_live_intent_per_document",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="an_intent_asks_for_something"
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0) & Q(refunded_minor__lte=F("received_minor")),
                name="no_more_of_an_intent_goes_back_than_came_in",
            ),
            models.CheckConstraint(
                condition=Q(state="open", received_minor__lt=F("amount_minor")) | ~Q(state="open"),
                name="what_is_paid_is_not_open",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", received_minor__gte=F("amount_minor")) | ~Q(state="paid"),
                name="what_is_called_paid_is_paid",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "document"], name="intent_by_document"),
            models.Index(
                fields=["merchant_id", "expires_at"],
                condition=Q(state__in=LIVE_INTENTS),
                name="intent_to_expire",
            ),
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(received_minor__gt=F("refunded_minor") + F("amount_minor"))
                | Q(state__in=["cancelled", "expired"], received_minor__gt=F("refunded_minor")),
                name="intent_with_money_over",
            ),
        ]


class Tender(MerchantOwned):
    """One part of an intent. It changes under its intent's lock only."""

    intent = models.ForeignKey(
        Intent, models.PROTECT, related_name="tenders", db_constraint=False, db_index=False
    )
    account = models.ForeignKey(
        PaymentAccount, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=money.LONGEST_OUR_REFERENCE)
    their_reference = models.CharField(
        max_length=money.LONGEST_THEIR_REFERENCE, default="", db_default="", blank=True
    )
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=[(s, s) for s in money.TENDER_STATES])
    way = models.CharField(max_length=10, choices=[(w, w) for w in providers.WAYS])
    token_sealed = models.BinaryField(null=True)
    payload = models.TextField(default="", db_default="", blank=True)
    payer_sealed = models.BinaryField(null=True)
    authorised_minor = models.BigIntegerField(default=0, db_default=0)
    captured_minor = models.BigIntegerField(default=0, db_default=0)
    refunding_minor = models.BigIntegerField(default=0, db_default=0)
    refunded_minor = models.BigIntegerField(default=0, db_default=0)
    disputed_minor = models.BigIntegerField(default=0, db_default=0)
    programme = models.CharField(max_length=40, default="", db_default="", blank=True)
    principal_minor = models.BigIntegerField(default=0, db_default=0)
    change_minor = models.BigIntegerField(default=0, db_default=0)
    instalments = models.SmallIntegerField(default=1, db_default=1)
    is_late = models.BooleanField(default=False, db_default=False)
    why = models.CharField(max_length=120, default="", db_default="", blank=True)
    asked_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["Tender"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "intent", "number"], name="one_tender_per_number"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "reference"], name="a_tender_has_its_own_reference"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_tender_asks_for_something"
            ),
            models.CheckConstraint(
                condition=Q(instalments__gte=1), name="instalments_are_counted_from_one"
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0)
                & Q(refunded_minor__lte=F("refunding_minor"))
                & Q(refunding_minor__lte=F("captured_minor")),
                name="a_tender_gives_back_no_more_than_it_took",
            ),
            models.CheckConstraint(
                condition=Q(state="captured", captured_minor__gt=0)
                | Q(~Q(state="captured"), captured_minor=0),
                name="what_is_captured_came_in",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "their_reference"],
                condition=~Q(their_reference=""),
                name="tender_by_their_reference",
            ),
            models.Index(
                fields=["merchant_id", "intent"],
                condition=Q(state__in=["asked", "waiting", "authorised"]),
                name="tender_without_answer",
            ),
        ]


class Notice(MerchantOwned):
    """Something a provider told us, taken once."""

    append_only = True

    account = models.ForeignKey(
        PaymentAccount, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    number = models.CharField(max_length=128)
    about = models.CharField(max_length=10)
    reference = models.CharField(max_length=money.LONGEST_OUR_REFERENCE)
    taken_at = models.DateTimeField()

    objects = MerchantQuerySet["Notice"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "account", "number"], name="a_notice_is_taken_once"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "reference"], name="notice_by_reference"),
        ]


class Work(MerchantOwned):
    """What is to be asked of a provider next, about one payment, refund or transfer.

    Whoever claims it makes the call between two transactions and settles it under its claim.
    """

    account = models.ForeignKey(
        PaymentAccount, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    about = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    step = models.CharField(max_length=12)
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    claim = models.PositiveIntegerField(default=0, db_default=0)
    claimed_until = models.DateTimeField(null=True)
    code = models.CharField(max_length=60, default="", db_default="", blank=True)

    objects = MerchantQuerySet["Work"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "about", "subject_id"], name="one_next_step_for_each"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "account", "due_at"],
                condition=Q(due_at__isnull=False),
                name="provider_work_due",
            ),
        ]
