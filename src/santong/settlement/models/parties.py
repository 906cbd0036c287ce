"""Who is owed shares."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.settlement import contracts


class PartyQuerySet(MerchantQuerySet["Party"]):
    """Parties."""


class Party(MerchantOwned):
    """Somebody who takes part in sales. Opens by itself when a sale first implies it.

    `receiver` is the provider's name for them at a payment account: sealed, as a person may be it.
    """

    code = models.CharField(max_length=contracts.LONGEST_CODE + 20)
    kind = models.CharField(max_length=12, choices=[(k, k) for k in contracts.PARTY_KINDS])
    name = models.CharField(max_length=contracts.LONGEST_NAME)
    location = models.ForeignKey("stores.Location", models.PROTECT, related_name="+", null=True)
    dealer = models.ForeignKey("merchants.Dealer", models.PROTECT, related_name="+", null=True)
    account_code = models.CharField(max_length=contracts.LONGEST_CODE, default="", blank=True)
    receiver_sealed = models.BinaryField(null=True)
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()

    objects = PartyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "code"], name="a_party_is_opened_once"),
            models.CheckConstraint(
                condition=Q(kind__in=contracts.PARTY_KINDS), name="a_partys_kind_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "location"], name="parties_of_a_place"),
        ]

    def as_contract(self, *, receiver: str = "") -> contracts.Party:
        kind: contracts.PartyKind = self.kind  # type: ignore[assignment]
        return contracts.Party(
            id=self.id,
            code=self.code,
            kind=kind,
            name=self.name,
            location_id=self.location_id,
            dealer_id=self.dealer_id,
            account_code=self.account_code,
            receiver=receiver,
            is_open=self.is_open,
        )


class PartyReader(MerchantOwned):
    """Somebody who sees the books of a party though no grant of theirs names it: a provider."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    staff = models.ForeignKey("merchants.StaffUser", models.PROTECT, related_name="+")

    objects = MerchantQuerySet["PartyReader"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "party", "staff"], name="somebody_reads_a_party_once"
            ),
        ]
