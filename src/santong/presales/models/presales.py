"""Presale orders, and what merchants owe to whom they failed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.presales import contracts
from santong.presales.models.offers import Offer, OfferVersion


class Presale(MerchantOwned):
    """What a buyer joined: units at the amounts and in the windows of one version of an offer.

    Who the buyer is stands sealed on its order; here is a keyed hash, which finds the same buyer.
    """

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(OfferVersion, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    request_hash = models.BinaryField(max_length=16)
    number = models.CharField(max_length=contracts.LONGEST_NUMBER)
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", db_index=False)
    buyer_index = models.BinaryField(max_length=16)
    # Its order's: whoever works at a place sees what is sold there.
    seller_location = models.ForeignKey(
        "stores.Location",
        models.PROTECT,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    state = models.CharField(
        max_length=15, choices=[(state, state) for state in contracts.PRESALE_STATES]
    )
    currency = models.CharField(max_length=3)
    lines = models.JSONField()
    units = models.PositiveIntegerField()
    price_minor = models.BigIntegerField()
    deposit_minor = models.BigIntegerField()
    worth_minor = models.BigIntegerField()
    balance_minor = models.BigIntegerField()
    forfeit_minor = models.BigIntegerField()
    joined_at = models.DateTimeField()
    deposit_by = models.DateTimeField()
    deposit_paid_at = models.DateTimeField(null=True)
    balance_from = models.DateTimeField()
    balance_until = models.DateTimeField()
    closes_at = models.DateTimeField()
    balance_opened_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)
    kept_minor = models.BigIntegerField(default=0)
    shared_minor = models.BigIntegerField(null=True)
    link_round = models.PositiveIntegerField(default=1)

    objects = MerchantQuerySet["Presale"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "key"], name="a_presale_is_joined_once"),
            models.UniqueConstraint(
                fields=["merchant_id", "order"], name="an_order_has_one_presale"
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.PRESALE_STATES), name="a_presales_state_is_known"
            ),
            models.CheckConstraint(condition=Q(units__gt=0), name="a_presale_takes_units"),
            models.CheckConstraint(
                condition=Q(
                    deposit_minor__gt=0,
                    balance_minor__gt=0,
                    worth_minor__gte=F("deposit_minor"),
                    balance_minor=F("price_minor") - F("worth_minor"),
                ),
                name="deposit_and_balance_are_the_price_without_the_growth",
            ),
            models.CheckConstraint(
                condition=Q(
                    forfeit_minor__gte=0,
                    forfeit_minor__lte=F("deposit_minor"),
                    kept_minor__gte=0,
                    kept_minor__lte=F("forfeit_minor"),
                ),
                name="no_more_than_was_agreed_is_kept_of_a_deposit",
            ),
            models.CheckConstraint(
                condition=Q(shared_minor=None)
                | Q(shared_minor__gte=0, shared_minor__lte=F("kept_minor")),
                name="only_what_is_kept_is_shared",
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.ENDED, ended_at__isnull=False)
                | Q(~Q(state__in=contracts.ENDED), ended_at=None, kept_minor=0),
                name="a_presale_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="deposit_paid") | Q(deposit_paid_at__isnull=False),
                name="a_deposit_that_is_in_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "offer", "id"], name="presales_of_an_offer"),
            models.Index(fields=["merchant_id", "id"], name="presales_newest_first"),
            models.Index(
                fields=["merchant_id", "balance_from"],
                condition=Q(state="deposit_paid", balance_opened_at=None),
                name="presales_to_be_reminded",
            ),
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(kept_minor__gt=0, shared_minor=None),
                name="presales_to_be_shared",
            ),
        ]

    def as_contract(self) -> contracts.Presale:
        terms = self.version.as_contract()
        return contracts.Presale(
            id=self.id,
            number=self.number,
            offer_id=self.offer_id,
            offer_code=self.offer.code,
            offer_name=terms.name,
            version=self.version.version,
            order_id=self.order_id,
            state=contracts.PRESALE_STATES[contracts.PRESALE_STATES.index(self.state)],
            currency=self.currency,
            amounts=contracts.Amounts(
                price_minor=self.price_minor,
                deposit_minor=self.deposit_minor,
                worth_minor=self.worth_minor,
            ),
            units=self.units,
            lines=tuple(contracts.PresaleLine(**line) for line in self.lines),
            forfeit=terms.forfeit,
            forfeit_minor=self.forfeit_minor,
            stock=terms.stock,
            ships_after=terms.ships_after,
            joined_at=self.joined_at,
            deposit_by=self.deposit_by,
            deposit_paid_at=self.deposit_paid_at,
            balance_from=self.balance_from,
            balance_until=self.balance_until,
            closes_at=self.closes_at,
            balance_opened_at=self.balance_opened_at,
            paid_at=self.paid_at,
            ended_at=self.ended_at,
            end_reason=self.end_reason,
            kept_minor=self.kept_minor,
            shared_minor=self.shared_minor,
            seller_location_id=self.seller_location_id,
            link_round=self.link_round,
        )


class Compensation(MerchantOwned):
    """What a merchant that failed owes beyond what goes back, and how it was paid."""

    presale = models.ForeignKey(Presale, models.PROTECT, related_name="+", db_index=False)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.COMPENSATION_STATES]
    )
    transfer_id = models.BigIntegerField(null=True)
    reference = models.CharField(max_length=120, default="", blank=True)
    why = models.CharField(max_length=200, default="", blank=True)
    owed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["Compensation"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "presale"], name="a_failed_presale_is_compensated_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_compensation_moves_money"
            ),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False)
                | Q(~Q(state="paid"), paid_at__isnull=True),
                name="a_compensation_that_was_paid_says_when",
            ),
        ]

    def as_contract(self) -> contracts.Compensation:
        return contracts.Compensation(
            amount_minor=self.amount_minor,
            currency=self.currency,
            state=contracts.COMPENSATION_STATES[contracts.COMPENSATION_STATES.index(self.state)],
            reference=self.reference,
            why=self.why,
            owed_at=self.owed_at,
            paid_at=self.paid_at,
        )
