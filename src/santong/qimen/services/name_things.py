"""What a system calls our places, and its shops ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction

from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.qimen import contracts
from santong.qimen.errors import PlaceToldTwice
from santong.qimen.models import WarehouseCode
from santong.stores import public as stores


def check_shops(*, merchant_id: int, codes: Mapping[str, str]) -> None:
    """Shops stand for storefronts that are there. Raises FieldInvalid."""
    for storefront_code in codes.values():
        try:
            merchants.storefront_by_code(merchant_id=merchant_id, code=storefront_code)
        except NoSuch:
            raise FieldInvalid(
                pointer="/storefront_by_shop", reason=f"no storefront {storefront_code}"
            ) from None


@all_or_nothing
def name_warehouses(
    *,
    merchant_id: int,
    contract_id: int,
    warehouses: Sequence[contracts.Warehouse],
    before: Sequence[contracts.Warehouse],
) -> None:
    """Let a contract's codes stand for these places and no others.

    Raises FieldInvalid, PlaceToldTwice.
    """
    if tuple(warehouses) == tuple(before):
        return
    found = stores.locations_by_code(
        merchant_id=merchant_id, codes=[each.location_code for each in warehouses]
    )
    rows = WarehouseCode.objects.of_merchant(merchant_id)
    rows.filter(contract_id=contract_id).delete()
    for place, each in enumerate(warehouses):
        location = found.get(each.location_code)
        if location is None:
            raise FieldInvalid(
                pointer=f"/warehouses/{place}/location_code", reason="no place has this code"
            )
        try:
            with transaction.atomic():
                WarehouseCode.objects.create(
                    merchant_id=merchant_id,
                    contract_id=contract_id,
                    code=each.code,
                    location_id=location.id,
                    is_told_of_orders=each.is_told_of_orders,
                )
        except IntegrityError:
            raise PlaceToldTwice(location_code=each.location_code) from None


def quirk_columns(quirks: contracts.Quirks) -> dict[str, Any]:
    """A contract's quirks by column."""
    return asdict(quirks)
