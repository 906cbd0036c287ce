"""Goods of another system become goods of the catalogue."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from santong.catalog import public as catalog
from santong.qimen.errors import NotCarried
from santong.qimen.rules.answers import Answered, done
from santong.qimen.rules.barcodes import is_gtin
from santong.qimen.rules.shapes.goods import CombinedItem, Item, ManyItems, SingleItem
from santong.qimen.rules.xml import branch, leaf
from santong.qimen.selectors.calls import Call

NOT_GOODS: Final = frozenset({"XN"})


def sync_single(*, call: Call, document: SingleItem) -> Answered:
    """Create an item or change it; the same again changes nothing. Raises ImportRefused."""
    return done(results=[leaf("itemId", str(_take(call, document.item)))])


def sync_many(*, call: Call, document: ManyItems) -> Answered:
    """Create or change items one by one; those that are refused are listed, with why."""
    failed = []
    for item in document.items:
        try:
            with transaction.atomic():
                _take(call, item)
        except (catalog.ImportRefused, NotCarried) as refused:
            why = leaf("message", _why(refused))
            failed.append(branch("item", [leaf("itemCode", item.item_code), why]))
    return done(results=[branch("items", failed)] if failed else [])


def sync_combined(*, call: Call, document: CombinedItem) -> Answered:
    """Refused: the catalogue has no bundles, and to seem to take one would lose goods."""
    raise NotCarried(what=f"bundle {document.item_code} of {call.contract.code}")


def _take(call: Call, item: Item) -> int:
    if item.item_type in NOT_GOODS:
        raise NotCarried(what=f"itemType {item.item_type}")
    codes = [code.strip() for code in item.bar_code.split(";") if code.strip()]
    row = catalog.SkuRow(
        style_code=item.goods_code or item.item_code,
        code=item.item_code,
        style_name=item.item_name,
        category=item.category_name,
        colour=item.color,
        size=item.size,
        weight_grams=item.gross_weight or item.net_weight or 0,
        length_mm=item.length or 0,
        width_mm=item.width or 0,
        height_mm=item.height or 0,
        list_price_minor=item.tag_price or item.retail_price or 0,
        currency="CNY",
        is_sellable=item.is_valid is not False,
        barcodes=tuple(code for code in codes if is_gtin(text=code)),
        internal_codes=tuple(code for code in codes if not is_gtin(text=code)),
    )
    catalog.import_skus(merchant_id=call.merchant_id, rows=[row], now=call.now)
    return call.skus([item.item_code])[item.item_code].id


def _why(refused: catalog.ImportRefused | NotCarried) -> str:
    if isinstance(refused, NotCarried):
        return refused.what
    first = refused.errors[0]
    return f"{first.column}: {first.reason}"
