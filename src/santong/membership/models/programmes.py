"""What a merchant offers its members."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.membership import contracts
from santong.membership.rules.card_faces import LONGEST_ALT, LONGEST_PICTURE

LONGEST_PREFIX = 8


class Pool(MerchantOwned):
    """Points that count alike in every programme that shares them."""

    code = models.CharField(max_length=contracts.LONGEST_CODE)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    objects = MerchantQuerySet["Pool"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "code"], name="a_pool_has_its_own_code")
        ]

    def as_contract(self) -> contracts.Pool:
        return contracts.Pool(id=self.id, code=self.code, name=self.name)


class Programme(MerchantOwned):
    """One brand's programme: its card, its tiers, and a share in a pool of points."""

    code = models.CharField(max_length=contracts.LONGEST_CODE)
    name = models.CharField(max_length=120)
    brand = models.ForeignKey("merchants.Brand", models.PROTECT, related_name="+", db_index=False)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="+")
    card_name = models.CharField(max_length=60)
    card_ground = models.CharField(max_length=7, default="", blank=True, db_default="")
    card_ink = models.CharField(max_length=7, default="", blank=True, db_default="")
    card_picture = models.CharField(
        max_length=LONGEST_PICTURE, default="", blank=True, db_default=""
    )
    card_picture_alt = models.CharField(
        max_length=LONGEST_ALT, default="", blank=True, db_default=""
    )
    card_prefix = models.CharField(max_length=LONGEST_PREFIX)
    dormant_after_days = models.PositiveIntegerField()
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = MerchantQuerySet["Programme"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="a_programme_has_its_own_code"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "brand"], name="a_brand_has_one_programme"
            ),
            models.CheckConstraint(
                condition=Q(card_prefix__regex=r"^[0-9]{1,8}$"),
                name="a_card_prefix_is_digits",
            ),
            models.CheckConstraint(
                condition=Q(dormant_after_days__gt=0), name="nobody_is_dormant_at_once"
            ),
        ]

    def as_contract(self) -> contracts.Programme:
        return contracts.Programme(
            id=self.id,
            code=self.code,
            name=self.name,
            brand_id=self.brand_id,
            pool_id=self.pool_id,
            pool_code=self.pool.code,
            card_name=self.card_name,
            card_prefix=self.card_prefix,
            dormant_after_days=self.dormant_after_days,
            is_open=self.is_open,
            face=contracts.CardFace(
                ground=self.card_ground,
                ink=self.card_ink,
                picture=self.card_picture,
                picture_alt=self.card_picture_alt,
            ),
        )
