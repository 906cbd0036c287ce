"""What a breach is about, as SKUs and quantities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from santong.agreements.contracts import OwedGoods
from santong.kernel.errors import FieldInvalid

MOST_GOODS: Final = 50
MOST_UNITS: Final = 1_000_000
LONGEST_SKU: Final = 60


def checked_goods(goods: Sequence[OwedGoods]) -> tuple[OwedGoods, ...]:
    """Each SKU once, so many of it. Raises FieldInvalid."""
    codes = [each.sku_code for each in goods]
    if len(codes) > MOST_GOODS or len(set(codes)) != len(codes):
        raise FieldInvalid(pointer="/goods", reason=f"at most {MOST_GOODS} SKUs, each once")
    for place, each in enumerate(goods):
        if not 0 < len(each.sku_code) <= LONGEST_SKU or not each.sku_code.isprintable():
            raise FieldInvalid(pointer=f"/goods/{place}/sku_code", reason="the code of a SKU")
        if not 0 < each.quantity <= MOST_UNITS:
            raise FieldInvalid(pointer=f"/goods/{place}/quantity", reason=f"1 to {MOST_UNITS}")
    return tuple(goods)
