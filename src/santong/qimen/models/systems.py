"""Systems with which we speak, what they call our places, and how their line behaves."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.kernel.signing import SIGN_METHODS
from santong.qimen import contracts


class ContractQuerySet(MerchantQuerySet["Contract"]):
    """Contracts."""


class Contract(MerchantOwned):
    """An ERP or a WMS: whose app it is, and how it wants to be spoken to.

    Its secrets are the application's. `breaker` is how its line has behaved of late.
    """

    code = models.CharField(max_length=contracts.LONGEST_CODE)
    name = models.CharField(max_length=contracts.LONGEST_NAME)
    side = models.CharField(max_length=4, choices=[(side, side) for side in contracts.SIDES])
    app_key = models.CharField(max_length=contracts.LONGEST_KEY)
    customer_id = models.CharField(max_length=contracts.LONGEST_KEY)
    url = models.CharField(max_length=contracts.LONGEST_URL, default="", blank=True)
    state = models.CharField(
        max_length=8, choices=[(each, each) for each in contracts.CONTRACT_STATES], default="active"
    )
    owner_code = models.CharField(max_length=60, default="", blank=True)
    storefront_by_shop = models.JSONField(default=dict)
    carrier_by_code = models.JSONField(default=dict)
    is_told_of_stock = models.BooleanField(default=False)
    sign_method = models.CharField(max_length=12, choices=[(each, each) for each in SIGN_METHODS])
    version_number = models.CharField(max_length=4, default="2.0")
    success_code = models.CharField(max_length=10, default="0")
    flag_rule = models.CharField(max_length=10, default="always")
    signs_empty = models.BooleanField(default=False)
    confirms = models.CharField(max_length=10, default="several")
    item_sync = models.CharField(max_length=10, default="single")
    counts = models.CharField(max_length=12, default="difference")
    answers_within_ms = models.PositiveIntegerField(default=5_000)
    breaker = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="one_qimen_contract_of_this_code"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "app_key", "customer_id"],
                name="an_app_speaks_for_a_customer_over_one_contract",
            ),
            models.CheckConstraint(
                condition=Q(answers_within_ms__gte=100, answers_within_ms__lte=30_000),
                name="a_qimen_contract_waits_a_tenth_to_thirty_seconds",
            ),
        ]

    def as_contract(self, *, warehouses: Sequence[contracts.Warehouse]) -> contracts.Contract:
        return contracts.Contract(
            id=self.id,
            code=self.code,
            name=self.name,
            side=contracts.SIDES[contracts.SIDES.index(self.side)],
            app_key=self.app_key,
            customer_id=self.customer_id,
            url=self.url,
            state=contracts.CONTRACT_STATES[contracts.CONTRACT_STATES.index(self.state)],
            owner_code=self.owner_code,
            warehouses=tuple(warehouses),
            storefront_by_shop=self.storefront_by_shop,
            carrier_by_code=self.carrier_by_code,
            is_told_of_stock=self.is_told_of_stock,
            quirks=self.quirks(),
            created_at=self.created_at,
            version=self.version,
        )

    def quirks(self) -> contracts.Quirks:
        return contracts.Quirks(
            sign_method=SIGN_METHODS[SIGN_METHODS.index(self.sign_method)],
            version_number=self.version_number,
            success_code=self.success_code,
            flag_rule=contracts.FLAG_RULES[contracts.FLAG_RULES.index(self.flag_rule)],
            signs_empty=self.signs_empty,
            confirms=contracts.CONFIRM_RULES[contracts.CONFIRM_RULES.index(self.confirms)],
            item_sync=contracts.ITEM_RULES[contracts.ITEM_RULES.index(self.item_sync)],
            counts=contracts.COUNT_RULES[contracts.COUNT_RULES.index(self.counts)],
            answers_within_ms=self.answers_within_ms,
        )


class WarehouseCodeQuerySet(MerchantQuerySet["WarehouseCode"]):
    """Codes of places."""


class WarehouseCode(MerchantOwned):
    """What a system calls a place of ours. What is not named here, it can neither see nor move."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=60)
    location = models.ForeignKey("stores.Location", models.PROTECT, related_name="+")
    is_told_of_orders = models.BooleanField(default=False)

    objects = WarehouseCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "contract", "code"], name="a_warehouse_code_means_one_place"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "contract", "location"],
                name="a_place_has_one_code_in_a_contract",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "location"],
                condition=Q(is_told_of_orders=True),
                name="one_system_is_told_of_the_orders_of_a_place",
            ),
        ]
