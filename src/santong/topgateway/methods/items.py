"""Items (商品), their SKUs and prices. An item is a style, known by its own number as `num_iid`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from santong.catalog import public as catalog
from santong.inventory import public as inventory
from santong.kernel.errors import NoSuch
from santong.topgateway import errors
from santong.topgateway.contracts import Call
from santong.topgateway.errors import Refused
from santong.topgateway.methods.finding import LONGEST_PAGE
from santong.topgateway.methods.trade_documents import properties_of
from santong.topgateway.rules.arguments import Asked, Fen, Id, Page, PageSize, Text, Words
from santong.topgateway.rules.declaring import method
from santong.topgateway.rules.numbers import yuan
from santong.topgateway.rules.outline import Item as Named

MOST_ITEMS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Sku:
    """One SKU of an item."""

    sku_id: Annotated[int, "The SKU."]
    num_iid: Annotated[int, "Its item."]
    outer_id: Annotated[str, "Its code with the seller."]
    barcode: Annotated[str | None, "What is printed on it."]
    properties_name: Annotated[str, "Colour and size."]
    price: Annotated[str, "The list price, in yuan."]
    quantity: Annotated[int | None, "What can be promised over all places that are seen."]
    status: Annotated[str, "normal, or delete where it is not sold."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item."""

    num_iid: Annotated[int, "The item."]
    outer_id: Annotated[str, "Its code with the seller."]
    title: Annotated[str, "What it is called."]
    nick: Annotated[str, "The seller."]
    category: Annotated[str, "Its category, as a path."]
    price: Annotated[str | None, "The lowest list price of its SKUs, in yuan."]
    num: Annotated[int | None, "What can be promised of all its SKUs."]
    approve_status: Annotated[str, "onsale, or instock where nothing of it is sold."]
    skus: Annotated[tuple[Sku, ...] | None, "Its SKUs.", Named("sku")]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneItem:
    """One item."""

    item: Annotated[Item, "The item."]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyItems:
    """Items, the newest first."""

    items: Annotated[tuple[Item, ...], "The newest first.", Named("item")]
    total_results: Annotated[int, "How many there are in all."]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManySkus:
    """SKUs."""

    skus: Annotated[tuple[Sku, ...], "The SKUs, by their numbers.", Named("sku")]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneSku:
    """One SKU."""

    sku: Annotated[Sku, "The SKU."]


class OnSale(Asked):
    """Which items."""

    fields: Words | None = Field(None, description="What to tell; all of it is told.")
    q: Text | None = Field(None, description="Part of a title, or the beginning of a code.")
    page_no: Page = Field(1, description="From 1.")
    page_size: PageSize = Field(40, description=f"At most {LONGEST_PAGE}.")


class OneItemAsked(Asked):
    """Which item."""

    fields: Words | None = Field(None, description="What to tell; all of it is told.")
    num_iid: Id = Field(description="The item.")


class SkusAsked(Asked):
    """Whose SKUs."""

    fields: Words | None = Field(None, description="What to tell; all of it is told.")
    num_iids: Words = Field(description=f"At most {MOST_ITEMS} items, with commas between them.")


class OneSkuAsked(Asked):
    """Which SKU."""

    fields: Words | None = Field(None, description="What to tell; all of it is told.")
    num_iid: Id | None = Field(None, description="Its item; another one's SKU is not told.")
    sku_id: Id = Field(description="The SKU.")


class PriceChange(Asked):
    """A SKU's new price."""

    num_iid: Id = Field(description="The item.")
    sku_id: Id | None = Field(None, description="The SKU, by its number,")
    outer_id: Text | None = Field(None, description="or by its code with the seller.")
    price: Fen = Field(description="The list price in yuan, with at most two decimals.")


@method("taobao.items.onsale.get", pack="goods", does="reads", permission="catalog.view")
def on_sale(call: Call, asked: OnSale) -> ManyItems:
    """Read the items of which something is sold, the newest first, without their SKUs."""
    found, total = catalog.sellable_styles(
        merchant_id=call.merchant_id,
        search=asked.q or "",
        offset=(asked.page_no - 1) * asked.page_size,
        limit=asked.page_size,
    )
    skus = catalog.skus_of_styles(
        merchant_id=call.merchant_id, style_ids=[style.id for style in found]
    )
    items = tuple(
        _item(call, style, [sku for sku in skus if sku.style_id == style.id]) for style in found
    )
    return ManyItems(items=items, total_results=total)


@method("taobao.item.seller.get", pack="goods", does="reads", permission="catalog.view")
def seller_item(call: Call, asked: OneItemAsked) -> OneItem:
    """Read one item with its SKUs, their prices and what can be promised of them."""
    style_id = asked.num_iid
    found = catalog.styles_by_id(merchant_id=call.merchant_id, style_ids=[style_id])
    if style_id not in found:
        raise NoSuch(kind="item", key=str(style_id))
    skus = catalog.skus_of_styles(merchant_id=call.merchant_id, style_ids=[style_id])
    atp = _atp(call, skus)
    shown = tuple(_sku(sku, atp.get(sku.id, 0)) for sku in skus)
    return OneItem(item=_item(call, found[style_id], skus, shown=shown, num=sum(atp.values())))


@method("taobao.item.skus.get", pack="goods", does="reads", permission="catalog.view")
def item_skus(call: Call, asked: SkusAsked) -> ManySkus:
    """Read the SKUs of some items, their prices and what can be promised of them."""
    style_ids = [int(each) for each in asked.num_iids if each.isascii() and each.isdigit()]
    if len(style_ids) != len(asked.num_iids) or not 0 < len(style_ids) <= MOST_ITEMS:
        why = f"num_iids: 1 to {MOST_ITEMS} whole numbers"
        raise Refused(errors.INVALID_ARGUMENTS, "isv.invalid-parameter", why)
    skus = catalog.skus_of_styles(merchant_id=call.merchant_id, style_ids=style_ids)
    atp = _atp(call, skus)
    return ManySkus(skus=tuple(_sku(sku, atp.get(sku.id, 0)) for sku in skus))


@method("taobao.item.sku.get", pack="goods", does="reads", permission="catalog.view")
def one_sku(call: Call, asked: OneSkuAsked) -> OneSku:
    """Read one SKU, its price and what can be promised of it."""
    sku = _found_sku(call, asked.sku_id)
    if asked.num_iid is not None and sku.style_id != asked.num_iid:
        raise NoSuch(kind="sku", key=str(asked.sku_id))
    return OneSku(sku=_sku(sku, _atp(call, [sku]).get(sku.id, 0)))


@method("taobao.item.sku.price.update", pack="goods", does="writes", permission="catalog.edit")
def reprice(call: Call, asked: PriceChange) -> OneSku:
    """Set the list price of one SKU."""
    sku = _found_sku(call, asked.sku_id) if asked.sku_id else _sku_by_code(call, asked.outer_id)
    if sku.style_id != asked.num_iid:
        raise NoSuch(kind="sku", key=str(asked.sku_id or asked.outer_id))
    changed = catalog.reprice_sku(
        merchant_id=call.merchant_id, sku_id=sku.id, list_price_minor=asked.price, now=call.now
    )
    return OneSku(sku=_sku(changed, None))


def _found_sku(call: Call, sku_id: int) -> catalog.Sku:
    found = catalog.skus_by_id(merchant_id=call.merchant_id, sku_ids=[sku_id])
    if sku_id not in found:
        raise NoSuch(kind="sku", key=str(sku_id))
    return found[sku_id]


def _sku_by_code(call: Call, code: str | None) -> catalog.Sku:
    if code is None:
        why = "sku_id: or outer_id"
        raise Refused(errors.MISSING_ARGUMENTS, "isv.missing-parameter", why)
    found = catalog.skus_by_code(merchant_id=call.merchant_id, codes=[code])
    if code not in found:
        raise NoSuch(kind="sku", key=code[:60])
    return found[code]


def _atp(call: Call, skus: Iterable[catalog.Sku]) -> dict[int, int]:
    return inventory.atp_by_sku(
        merchant_id=call.merchant_id,
        sku_ids=[sku.id for sku in skus],
        location_ids=call.location_ids,
    )


def _item(
    call: Call,
    style: catalog.Style,
    skus: Sequence[catalog.Sku],
    *,
    shown: tuple[Sku, ...] | None = None,
    num: int | None = None,
) -> Item:
    sold = [sku for sku in skus if sku.is_sellable]
    lowest = min((sku.list_price_minor for sku in sold or skus), default=None)
    return Item(
        num_iid=style.id,
        outer_id=style.code,
        title=style.name,
        nick=call.user_nick,
        category=style.category,
        price=None if lowest is None else yuan(lowest),
        num=num,
        approve_status="onsale" if sold else "instock",
        skus=shown,
    )


def _sku(sku: catalog.Sku, quantity: int | None) -> Sku:
    return Sku(
        sku_id=sku.id,
        num_iid=sku.style_id,
        outer_id=sku.code,
        barcode=sku.barcodes[0] if sku.barcodes else None,
        properties_name=properties_of(sku),
        price=yuan(sku.list_price_minor),
        quantity=quantity,
        status="normal" if sku.is_sellable else "delete",
    )


METHODS = (on_sale, seller_item, item_skus, one_sku, reprice)
