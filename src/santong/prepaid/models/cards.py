"""Cards, and the ways in which they change hands."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.prepaid import contracts
from santong.prepaid.models.programmes import CardProgramme


class Card(MerchantOwned):
    """A card: its number sealed and found by a blind index, its secret a keyed hash.

    Registered, it has a person: the one it was registered to, and who that is today, for persons
    are merged and parted again.
    """

    programme = models.ForeignKey(CardProgramme, models.PROTECT, related_name="+", db_index=False)
    number_index = models.BinaryField(max_length=16)
    number_sealed = models.BinaryField(max_length=64)
    tail = models.CharField(max_length=4)
    secret_hash = models.BinaryField(max_length=16)
    person_id = models.BigIntegerField(null=True)
    current_person_id = models.BigIntegerField(null=True)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.CARD_STATES]
    )
    why = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)
    valid_until = models.DateTimeField(null=True)
    issued_at = models.DateTimeField()

    objects = MerchantQuerySet["Card"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "number_index"], name="a_card_has_its_own_number"
            ),
            models.CheckConstraint(
                condition=Q(person_id__isnull=True, current_person_id__isnull=True)
                | Q(person_id__isnull=False, current_person_id__isnull=False),
                name="a_registered_card_has_somebody_today",
            ),
            models.CheckConstraint(
                condition=Q(person_id__isnull=True) | Q(valid_until__isnull=True),
                name="a_registered_card_never_ends",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "current_person_id"],
                condition=Q(current_person_id__isnull=False),
                name="cards_of_a_person",
            ),
            models.Index(fields=["merchant_id", "tail", "id"], name="cards_by_tail"),
            models.Index(
                fields=["merchant_id", "valid_until"],
                condition=Q(valid_until__isnull=False, state="active"),
                name="cards_to_expire",
            ),
        ]

    def as_contract(self) -> contracts.Card:
        return contracts.Card(
            id=self.id,
            programme_code=self.programme.code,
            programme_name=self.programme.name,
            kind=self.programme.kind,
            currency=self.programme.currency,
            tail=self.tail,
            state=contracts.CARD_STATES[contracts.CARD_STATES.index(self.state)],
            is_registered=self.person_id is not None,
            person_id=self.current_person_id,
            has_secret=bool(self.secret_hash),
            valid_until=self.valid_until,
            issued_at=self.issued_at,
            why=self.why,
        )


class Gift(MerchantOwned):
    """A card that its holder gives away by a link, which is good for whoever takes it first."""

    card = models.ForeignKey(Card, models.PROTECT, related_name="+", db_index=False)
    token_hash = models.BinaryField(max_length=16)
    giver_person_id = models.BigIntegerField()
    taker_person_id = models.BigIntegerField(null=True)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.GIFT_STATES]
    )
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["Gift"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "token_hash"], name="a_gift_has_its_own_token"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "card"],
                condition=Q(state="offered"),
                name="a_card_is_offered_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", taker_person_id__isnull=False)
                | Q(~Q(state="claimed"), taker_person_id__isnull=True),
                name="a_claimed_gift_has_a_taker",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", ended_at__isnull=True)
                | Q(~Q(state="offered"), ended_at__isnull=False),
                name="a_gift_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("offered_at")), name="a_gift_can_be_taken"
            ),
        ]

    def as_contract(self) -> contracts.Gift:
        return contracts.Gift(
            id=self.id,
            card_id=self.card_id,
            state=contracts.GIFT_STATES[contracts.GIFT_STATES.index(self.state)],
            offered_at=self.offered_at,
            expires_at=self.expires_at,
        )


class PayCode(MerchantOwned):
    """What a holder shows at a till: it pays once, within minutes. Only a keyed hash is kept."""

    card = models.ForeignKey(Card, models.PROTECT, related_name="+", db_index=False)
    code_hash = models.BinaryField(max_length=16)
    expires_at = models.DateTimeField()
    # The payment that it was used for; asked again for the same one, it is still good for it.
    reference = models.CharField(max_length=contracts.LONGEST_REFERENCE, default="", blank=True)

    objects = MerchantQuerySet["PayCode"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code_hash"], name="a_pay_code_is_given_once"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "card"], name="a_card_has_one_pay_code_at_a_time"
            ),
        ]
