"""Offers, their versions, and how many units are taken by whom."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.presales import contracts
from santong.presales.rules.terms import terms_from_json


class Offer(MerchantOwned):
    """An offer, and how many of its units are taken.

    Limits and windows of its newest version stand here too: one statement asks them and takes.
    """

    code = models.CharField(max_length=contracts.LONGEST_CODE)
    storefront = models.ForeignKey(
        "merchants.Storefront", models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.OFFER_STATES]
    )
    version = models.PositiveIntegerField(default=1)
    limit_units = models.PositiveIntegerField()
    most_per_buyer = models.PositiveIntegerField()
    taken_units = models.PositiveIntegerField(default=0)
    deposit_from = models.DateTimeField()
    deposit_until = models.DateTimeField()
    balance_until = models.DateTimeField()
    drafted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["Offer"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="a_presale_offer_has_its_own_code"
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.OFFER_STATES), name="an_offers_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(taken_units__lte=F("limit_units")),
                name="no_more_units_are_taken_than_are_offered",
            ),
            models.CheckConstraint(
                condition=Q(
                    deposit_from__lt=F("deposit_until"), deposit_until__lt=F("balance_until")
                ),
                name="an_offers_windows_follow_one_another",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at=None) | ~Q(state="draft"),
                name="a_draft_offer_is_not_published",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "id"], name="offers_newest_first"),
            models.Index(
                fields=["merchant_id", "balance_until"],
                condition=Q(state="live"),
                name="offers_that_end",
            ),
        ]

    def as_contract(self, *, version: OfferVersion, storefront_code: str) -> contracts.Offer:
        return contracts.Offer(
            id=self.id,
            code=self.code,
            storefront_id=self.storefront_id,
            storefront_code=storefront_code,
            state=contracts.OFFER_STATES[contracts.OFFER_STATES.index(self.state)],
            version=self.version,
            version_id=version.id,
            taken_units=self.taken_units,
            terms=version.as_contract(),
            drafted_at=self.drafted_at,
            published_at=self.published_at,
            ended_at=self.ended_at,
        )


class OfferVersion(MerchantOwned):
    """The terms of an offer as they were at a moment. Never changed: presale orders point at it."""

    append_only = True

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    terms = models.JSONField()
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    objects = MerchantQuerySet["OfferVersion"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "offer", "version"],
                name="a_version_of_an_offer_is_made_once",
            )
        ]

    def as_contract(self) -> contracts.Terms:
        return terms_from_json(self.terms)


class OfferBuyer(MerchantOwned):
    """How many units of an offer one buyer has; the buyer is known by a keyed hash only."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="+", db_index=False)
    buyer_index = models.BinaryField(max_length=16)
    taken_units = models.PositiveIntegerField()

    objects = MerchantQuerySet["OfferBuyer"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "offer", "buyer_index"],
                name="a_buyers_units_of_an_offer_are_counted_once",
            )
        ]
