"""A call in hand: over which contract, and what its codes stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from santong.catalog import public as catalog
from santong.qimen import contracts
from santong.qimen.errors import UnknownCode
from santong.qimen.models import WarehouseCode
from santong.qimen.rules.codes import ANY_WAREHOUSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What every command of another system needs to know."""

    merchant_id: int
    contract: contracts.Contract
    location_by_code: Mapping[str, int]
    now: datetime

    def location_of(self, code: str) -> int:
        """The place that a code stands for. Raises UnknownCode."""
        found = self.location_by_code.get(code)
        if found is None:
            raise UnknownCode(kind="warehouseCode", value=code[:60])
        return found

    def locations_of(self, code: str) -> list[int]:
        """The place that a code stands for, or all that the contract names where none is said."""
        if code and code != ANY_WAREHOUSE:
            return [self.location_of(code)]
        return sorted(self.location_by_code.values())

    def code_of(self, location_id: int | None) -> str:
        """What the other system calls a place; nothing where it does not know it."""
        for code, known in self.location_by_code.items():
            if known == location_id:
                return code
        return ""

    def storefront_of(self, shop: str) -> str:
        """The storefront that a shop stands for. Raises UnknownCode."""
        found = self.contract.storefront_by_shop.get(shop)
        if found is None:
            raise UnknownCode(kind="shopNick", value=shop[:60])
        return found

    def carrier_of(self, code: str) -> str:
        """What we call a carrier; as it is called there where nothing else was said."""
        return self.contract.carrier_by_code.get(code, code)

    def skus(self, item_codes: Iterable[str]) -> dict[str, catalog.Sku]:
        """Items by their codes. Raises UnknownCode for the first that is not there."""
        wanted = sorted(set(item_codes))
        found = catalog.skus_by_code(merchant_id=self.merchant_id, codes=wanted)
        for code in wanted:
            if code not in found:
                raise UnknownCode(kind="itemCode", value=code[:60])
        return found


def call_of(*, merchant_id: int, contract: contracts.Contract, now: datetime) -> Call:
    """A call over a contract."""
    rows = WarehouseCode.objects.of_merchant(merchant_id).filter(contract_id=contract.id)
    return Call(
        merchant_id=merchant_id,
        contract=contract,
        location_by_code=dict(rows.order_by("id").values_list("code", "location_id")),
        now=now,
    )
