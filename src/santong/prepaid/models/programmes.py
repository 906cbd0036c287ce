"""What cards a merchant sells, and what they promise."""

from __future__ import annotations

from django.db import models

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.prepaid import contracts
from santong.prepaid.rules.terms import terms_from_json


class CardProgramme(MerchantOwned):
    """Cards of one kind that a brand sells. What is on them is owed by `party`."""

    code = models.CharField(max_length=contracts.LONGEST_CODE)
    name = models.CharField(max_length=contracts.LONGEST_NAME)
    brand = models.ForeignKey("merchants.Brand", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(
        max_length=10, choices=[(kind, kind) for kind in contracts.PROGRAMME_KINDS]
    )
    currency = models.CharField(max_length=3)
    party = models.CharField(max_length=contracts.LONGEST_PARTY)
    issuer_kind = models.CharField(
        max_length=10, choices=[(kind, kind) for kind in contracts.ISSUER_KINDS]
    )
    opened_at = models.DateTimeField()

    objects = MerchantQuerySet["CardProgramme"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="a_card_programme_has_its_own_code"
            ),
        ]

    def as_contract(self) -> contracts.CardProgramme:
        return contracts.CardProgramme(
            id=self.id,
            code=self.code,
            name=self.name,
            brand_id=self.brand_id,
            kind=contracts.PROGRAMME_KINDS[contracts.PROGRAMME_KINDS.index(self.kind)],
            currency=self.currency,
            party=self.party,
            issuer_kind=contracts.ISSUER_KINDS[contracts.ISSUER_KINDS.index(self.issuer_kind)],
        )


class CardTerms(MerchantOwned):
    """The terms of a programme of cards as they were published: a version, never changed."""

    append_only = True

    programme = models.ForeignKey(CardProgramme, models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    terms = models.JSONField()
    reason = models.CharField(max_length=contracts.LONGEST_REASON)
    published_by = models.CharField(max_length=120)
    published_at = models.DateTimeField()

    objects = MerchantQuerySet["CardTerms"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "programme", "version"],
                name="a_version_of_card_terms_is_published_once",
            )
        ]

    def as_contract(self) -> contracts.PublishedTerms:
        return contracts.PublishedTerms(
            id=self.id,
            programme_id=self.programme_id,
            version=self.version,
            terms=terms_from_json(self.terms),
            reason=self.reason,
            published_by=self.published_by,
            published_at=self.published_at,
        )
