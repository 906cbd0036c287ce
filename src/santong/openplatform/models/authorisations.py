"""What a merchant lets an app do: a row in the merchant's own tenant."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.openplatform import contracts
from santong.openplatform.contracts import PERSONAL_DATA, PersonalData


class Authorisation(MerchantOwned):
    """One app, one merchant. `permissions` are those that were consented to, and no later ones."""

    app_key = models.CharField(max_length=contracts.LONGEST_APP_KEY)
    app_name = models.CharField(max_length=contracts.LONGEST_NAME)
    owner_id = models.BigIntegerField()
    packs = models.JSONField()
    permissions = models.JSONField()
    personal_data = models.CharField(
        max_length=10, choices=[(each, each) for each in PERSONAL_DATA]
    )
    location_ids = models.JSONField(null=True)
    brand_ids = models.JSONField(null=True)
    given_by = models.ForeignKey(
        "merchants.StaffUser", models.PROTECT, related_name="+", db_index=False
    )
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = MerchantQuerySet["Authorisation"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "app_key"], name="an_app_is_authorised_once"
            ),
            models.CheckConstraint(
                condition=Q(personal_data__in=PERSONAL_DATA),
                name="how_persons_are_told_of_is_known",
            ),
        ]

    def as_contract(self) -> contracts.Authorisation:
        return contracts.Authorisation(
            id=self.id,
            app_key=self.app_key,
            app_name=self.app_name,
            owner_id=self.owner_id,
            packs=tuple(self.packs),
            permissions=tuple(self.permissions),
            personal_data=self.told_personal_data(),
            location_ids=None if self.location_ids is None else tuple(self.location_ids),
            brand_ids=None if self.brand_ids is None else tuple(self.brand_ids),
            given_by=self.given_by_id,
            given_at=self.given_at,
            revoked_at=self.revoked_at,
            version=self.version,
        )

    def told_personal_data(self) -> PersonalData:
        return PERSONAL_DATA[PERSONAL_DATA.index(self.personal_data)]
