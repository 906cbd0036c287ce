"""Codes on their way to a phone, sessions of members, and what the simulated sender kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.storefront import contracts
from santong.storefront.rules.codes import TRIES_MAX


class OneTimeCode(MerchantOwned):
    """The one code that lives for a phone and a purpose; a new one takes the place of the old.

    The phone is sealed, and forgotten once the code is spent. The code itself is a keyed hash.
    """

    purpose = models.CharField(
        max_length=10, choices=[(purpose, purpose) for purpose in contracts.PURPOSES]
    )
    phone_index = models.BinaryField(max_length=16)
    phone_sealed = models.BinaryField()
    ticket_hash = models.BinaryField(max_length=32)
    code_hash = models.BinaryField(max_length=16)
    state = models.CharField(
        max_length=8, choices=[(state, state) for state in contracts.CODE_STATES]
    )
    tries = models.PositiveSmallIntegerField(default=0)
    wanted = models.JSONField(default=dict)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = MerchantQuerySet["OneTimeCode"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "phone_index", "purpose"],
                name="one_code_lives_for_a_phone_and_a_purpose",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "ticket_hash"], name="a_ticket_leads_to_one_code"
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.CODE_STATES), name="a_codes_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(tries__lte=TRIES_MAX), name="a_code_is_tried_five_times_at_most"
            ),
            models.CheckConstraint(
                condition=~Q(state="spent") | Q(phone_sealed=b""),
                name="a_spent_code_has_forgotten_its_phone",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "expires_at"], name="codes_by_expiry")]


class MemberSession(MerchantOwned):
    """A member's log-in on one device. Only a hash of its key is kept."""

    member_id = models.BigIntegerField()
    key_hash = models.BinaryField(max_length=32)
    opened_at = models.DateTimeField()
    refreshed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = MerchantQuerySet["MemberSession"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key_hash"], name="a_member_key_opens_one_session"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("opened_at")), name="a_session_lasts_a_while"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "member_id"], name="sessions_of_a_member"),
            models.Index(fields=["merchant_id", "expires_at"], name="member_sessions_by_expiry"),
        ]

    def as_contract(self) -> contracts.Session:
        return contracts.Session(
            id=self.id,
            member_id=self.member_id,
            opened_at=self.opened_at,
            refreshed_at=self.refreshed_at,
            expires_at=self.expires_at,
        )


class KeptMessage(MerchantOwned):
    """A message that would have left for a phone, sealed; kept for a day, for developers."""

    phone_index = models.BinaryField(max_length=16)
    text_sealed = models.BinaryField()
    sent_at = models.DateTimeField()

    objects = MerchantQuerySet["KeptMessage"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["merchant_id", "phone_index", "id"], name="messages_to_a_phone"),
            models.Index(fields=["merchant_id", "sent_at"], name="messages_by_age"),
        ]


class PayToJoin(MerchantOwned):
    """Whether paying makes a member: on a storefront, or at one of its places."""

    storefront_id = models.BigIntegerField()
    location_id = models.BigIntegerField(null=True)
    programme_code = models.CharField(max_length=40)
    is_on = models.BooleanField()
    changed_at = models.DateTimeField()

    objects = MerchantQuerySet["PayToJoin"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "storefront_id", "location_id"],
                nulls_distinct=False,
                name="one_switch_of_paying_and_joining_for_a_place",
            )
        ]


class PaidJoin(MerchantOwned):
    """Whom paying for an order made a member. The payer is a keyed hash."""

    order_id = models.BigIntegerField()
    member_id = models.BigIntegerField()
    payer_index = models.BinaryField(max_length=16)
    is_new = models.BooleanField()
    state = models.CharField(
        max_length=8, choices=[(state, state) for state in contracts.PAID_JOIN_STATES]
    )
    joined_at = models.DateTimeField()
    declined_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["PaidJoin"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "order_id"], name="paying_for_an_order_joins_once"
            ),
            models.CheckConstraint(
                condition=Q(state="joined", declined_at=None)
                | Q(state="declined", is_new=True, declined_at__isnull=False),
                name="only_a_new_member_declines",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "payer_index"], name="paid_joins_of_a_payer"),
            models.Index(fields=["merchant_id", "member_id"], name="paid_joins_of_a_member"),
        ]

    def as_contract(self) -> contracts.PaidJoin:
        return contracts.PaidJoin(
            order_id=self.order_id,
            member_id=self.member_id,
            is_new=self.is_new,
            state="declined" if self.state == "declined" else "joined",
            joined_at=self.joined_at,
        )


class Notice(MerchantOwned):
    """What a buyer is told about something of theirs, once for its key, until it has left.

    Phone and text are sealed; both are forgotten a day after the end. Whoever sends it claims it.
    """

    key = models.CharField(max_length=120)
    subject = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    phone_index = models.BinaryField(max_length=16)
    phone_shown = models.CharField(max_length=20, default="", blank=True)
    phone_sealed = models.BinaryField()
    text_sealed = models.BinaryField()
    state = models.CharField(
        max_length=8, choices=[(state, state) for state in contracts.NOTICE_STATES]
    )
    tries = models.PositiveSmallIntegerField(default=0)
    claim = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    why = models.CharField(max_length=80, default="", blank=True)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["Notice"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key"], name="a_buyer_is_told_something_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.NOTICE_STATES), name="a_notices_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="queued", ended_at__isnull=True)
                | (~Q(state="queued") & Q(ended_at__isnull=False)),
                name="a_notice_has_ended_or_is_queued",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                name="a_sent_notice_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "due_at", "id"],
                condition=Q(state="queued"),
                name="notices_that_are_due",
            ),
            models.Index(fields=["merchant_id", "subject", "id"], name="notices_of_a_subject"),
            models.Index(fields=["merchant_id", "ended_at"], name="notices_by_their_end"),
            models.Index(fields=["merchant_id", "phone_index"], name="notices_to_a_phone"),
        ]
