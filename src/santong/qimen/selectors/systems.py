"""Contracts, as people and calls see them."""

from __future__ import annotations

from collections.abc import Sequence

from santong.kernel.errors import NoSuch
from santong.qimen import contracts
from santong.qimen.models import Contract, WarehouseCode
from santong.stores import public as stores


def contracts_of(*, merchant_id: int) -> list[contracts.Contract]:
    """Every contract, oldest first."""
    return shown(
        merchant_id=merchant_id, rows=list(Contract.objects.of_merchant(merchant_id).order_by("id"))
    )


def contract_by_id(*, merchant_id: int, contract_id: int) -> contracts.Contract:
    """One contract. Raises NoSuch."""
    rows = list(Contract.objects.of_merchant(merchant_id).filter(id=contract_id))
    if not rows:
        raise NoSuch(kind="qimen_contract", key=str(contract_id))
    return shown(merchant_id=merchant_id, rows=rows)[0]


def contract_of(*, merchant_id: int, app_key: str, customer_id: str) -> contracts.Contract | None:
    """Over which contract an application speaks for a customer, if it does."""
    rows = list(
        Contract.objects.of_merchant(merchant_id).filter(app_key=app_key, customer_id=customer_id)
    )
    return shown(merchant_id=merchant_id, rows=rows)[0] if rows else None


def shown(*, merchant_id: int, rows: Sequence[Contract]) -> list[contracts.Contract]:
    """Rows with the places that they name."""
    codes = list(
        WarehouseCode.objects.of_merchant(merchant_id)
        .filter(contract_id__in=[row.id for row in rows])
        .order_by("id")
    )
    places = stores.locations_by_id(
        merchant_id=merchant_id, location_ids=[code.location_id for code in codes]
    )
    by_contract: dict[int, list[contracts.Warehouse]] = {}
    for code in codes:
        by_contract.setdefault(code.contract_id, []).append(
            contracts.Warehouse(
                code=code.code,
                location_code=places[code.location_id].code,
                is_told_of_orders=code.is_told_of_orders,
            )
        )
    return [row.as_contract(warehouses=by_contract.get(row.id, [])) for row in rows]
