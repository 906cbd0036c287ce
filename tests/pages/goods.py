"""What the pages' merchant sells, and what of it lies where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.catalog import public as catalog
from santong.inventory import public as inventory
from santong.stores import public as stores

STYLES = (
    ("CH1001", "羊毛双面大衣", ("驼色", "藏青"), ("M", "L"), 189_900),
    ("CH1002", "法式针织衫", ("米白",), ("S", "M"), 45_900),
    ("CH1003", "高腰阔腿裤", ("黑色",), ("M", "L"), 59_900),
)


def make_goods(merchant_id: int, group: str, now: datetime) -> list[catalog.Sku]:
    """Every style in its colours and sizes."""
    skus = []
    for code, name, colours, sizes, price in STYLES:
        catalog.create_style(
            merchant_id=merchant_id, code=code, name=f"{group[:2]}{name}", category="女装", now=now
        )
        skus += [
            make_one_sku(merchant_id, (code, name, colours, sizes, price), number, size, now)
            for number in range(1, len(colours) + 1)
            for size in sizes
        ]
    return skus


def make_one_sku(
    merchant_id: int,
    style: tuple[str, str, tuple[str, ...], tuple[str, ...], int],
    number: int,
    size: str,
    now: datetime,
) -> catalog.Sku:
    """One colour of a style in one size."""
    code, _, colours, _, price = style
    return catalog.create_sku(
        merchant_id=merchant_id,
        style_code=code,
        code=f"{code}-{number}{size}",
        colour=colours[number - 1],
        size=size,
        weight_grams=700,
        list_price_minor=price,
        currency="CNY",
        now=now,
    )


def make_stock(
    merchant_id: int,
    places: Sequence[stores.Location],
    skus: Sequence[catalog.Sku],
    now: datetime,
) -> None:
    """Everywhere something of everything, but of the last SKU four pieces in one place."""
    for number, place in enumerate(places):
        held = {sku.id: 6 + (number * 5 + index * 3) % 17 for index, sku in enumerate(skus[:-1])}
        if number == 0:
            held[skus[-1].id] = 4
        inventory.receive(
            merchant_id=merchant_id,
            location_id=place.id,
            quantity_by_sku=held,
            reason="首批铺货",
            key=f"opening-{number}",
            now=now,
        )
