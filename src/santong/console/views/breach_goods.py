"""Which goods of a document a broken term is about, as a form asks and sends it."""

from __future__ import annotations

from dataclasses import dataclass

from santong.aftersales import public as aftersales
from santong.agreements import public as agreements
from santong.kernel.errors import FieldInvalid
from santong.kernel.http.auth import MerchantRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """So many of a SKU of a document."""

    sku_code: str
    sku_name: str
    quantity: int


def goods_of(*, merchant_id: int, document: str) -> list[Goods]:
    """What went out for a document, by SKU; nothing where no order is known."""
    found: dict[str, Goods] = {}
    for order in aftersales.orders_meant(merchant_id=merchant_id, text=document)[:1]:
        for line in order.lines:
            before = found[line.sku_code].quantity if line.sku_code in found else 0
            found[line.sku_code] = Goods(
                sku_code=line.sku_code, sku_name=line.sku_name, quantity=before + line.quantity
            )
    return list(found.values())


def goods_sent(request: MerchantRequest, *, document: str) -> tuple[agreements.OwedGoods, ...]:
    """What the form says of them; what is left empty is not meant. Raises FieldInvalid."""
    chosen = []
    for each in goods_of(merchant_id=request.merchant_id, document=document):
        text = request.POST.get(f"goods-{each.sku_code}", "").strip() or "0"
        if not (text.isascii() and text.isdigit() and int(text) <= each.quantity):
            raise FieldInvalid(pointer="/goods", reason=f"0 to {each.quantity}")
        if int(text):
            chosen.append(agreements.OwedGoods(sku_code=each.sku_code, quantity=int(text)))
    return tuple(chosen)
