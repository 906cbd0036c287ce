"""Codes that are redeemed in stores, and what devices took offline."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.stagedsales import contracts
from santong.stagedsales.models.sales import StagedSale


class RedemptionCode(MerchantOwned):
    """A code. Its number is not here: it is made anew from `salt` and the merchant's key.

    `number_index` finds it; whoever has this table alone cannot make or read a number.
    """

    sale = models.ForeignKey(StagedSale, models.PROTECT, related_name="+", db_index=False)
    number_index = models.BinaryField(max_length=16)
    salt = models.BinaryField(max_length=16)
    tail = models.CharField(max_length=4)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.CODE_STATES]
    )
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    redeemed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    redeemed_by = models.CharField(max_length=120, default="", blank=True)
    location_id = models.BigIntegerField(null=True)
    device = models.CharField(max_length=contracts.LONGEST_DEVICE, default="", blank=True)
    nonce = models.CharField(max_length=contracts.LONGEST_KEY, default="", blank=True)
    was_offline = models.BooleanField(default=False)

    objects = MerchantQuerySet["RedemptionCode"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "number_index"], name="a_redemption_code_is_given_once"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "sale"], name="a_staged_sale_has_one_redemption_code"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "device", "nonce"],
                condition=~Q(nonce=""),
                name="a_device_redeems_one_code_by_a_nonce",
            ),
            models.CheckConstraint(
                condition=Q(state="redeemed")
                & Q(redeemed_at__isnull=False, location_id__isnull=False)
                & ~Q(nonce="")
                | ~Q(state="redeemed") & Q(redeemed_at__isnull=True, nonce=""),
                name="a_redeemed_code_says_when_where_and_by_what",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at"), ends_at__gte=F("expires_at")),
                name="a_redemption_code_can_be_used",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "ends_at"],
                condition=Q(state="issued"),
                name="redemption_codes_to_expire",
            ),
        ]

    def as_contract(self) -> contracts.SaleCode:
        return contracts.SaleCode(
            tail=self.tail,
            state=contracts.CODE_STATES[contracts.CODE_STATES.index(self.state)],
            issued_at=self.issued_at,
            expires_at=self.expires_at,
            redeemed_at=self.redeemed_at,
            location_id=self.location_id,
            device=self.device,
            redeemed_by=self.redeemed_by,
            is_provisional=self.was_offline,
        )


class OfflineUpload(MerchantOwned):
    """What a device told of a code that it took offline, and what it was answered."""

    append_only = True

    device = models.CharField(max_length=contracts.LONGEST_DEVICE)
    nonce = models.CharField(max_length=contracts.LONGEST_KEY)
    sale = models.ForeignKey(
        StagedSale, models.PROTECT, related_name="+", db_index=False, null=True
    )
    outcome = models.CharField(
        max_length=10, choices=[(word, word) for word in contracts.SYNC_OUTCOMES]
    )
    why = models.CharField(max_length=40, default="", blank=True)
    location_id = models.BigIntegerField()
    redeemed_at = models.DateTimeField()
    synced_at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    first_device = models.CharField(max_length=contracts.LONGEST_DEVICE, default="", blank=True)
    first_location_id = models.BigIntegerField(null=True)
    first_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["OfflineUpload"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "device", "nonce"],
                name="a_device_tells_an_offline_redemption_once",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "sale"],
                condition=Q(outcome="confirmed"),
                name="one_offline_redemption_of_a_code_counts",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "-id"],
                condition=Q(outcome="double"),
                name="double_redemptions",
            )
        ]
