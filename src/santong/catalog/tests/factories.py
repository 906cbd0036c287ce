"""Goods for tests. Each function makes what the test is about and invents the rest."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime

from santong.catalog.contracts import Sku, SkuRow, Style
from santong.catalog.services.create_sku import create_sku
from santong.catalog.services.create_style import create_style

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)

_numbers = itertools.count(1)


def make_style(
    *, merchant_id: int, code: str = "", name: str = "羊毛大衣", category: str = "女装/大衣"
) -> Style:
    return create_style(
        merchant_id=merchant_id,
        code=code or f"ST{next(_numbers)}",
        name=name,
        category=category,
        now=NOW,
    )


def make_sku(
    *,
    merchant_id: int,
    code: str = "",
    style_code: str = "",
    colour: str = "驼色",
    size: str = "M",
    weight_grams: int = 800,
    list_price_minor: int = 129_900,
    currency: str = "CNY",
    barcodes: Sequence[str] = (),
) -> Sku:
    return create_sku(
        merchant_id=merchant_id,
        style_code=style_code or make_style(merchant_id=merchant_id).code,
        code=code or f"SKU{next(_numbers)}",
        colour=colour,
        size=size,
        weight_grams=weight_grams,
        list_price_minor=list_price_minor,
        currency=currency,
        barcodes=barcodes,
        now=NOW,
    )


def make_row(
    *,
    code: str = "",
    style_code: str = "ST1",
    style_name: str = "羊毛大衣",
    brand_code: str = "",
    colour: str = "驼色",
    size: str = "M",
    weight_grams: int = 800,
    currency: str = "",
    barcodes: tuple[str, ...] = (),
    internal_codes: tuple[str, ...] = (),
) -> SkuRow:
    return SkuRow(
        code=code or f"SKU{next(_numbers)}",
        style_code=style_code,
        style_name=style_name,
        brand_code=brand_code,
        colour=colour,
        size=size,
        weight_grams=weight_grams,
        currency=currency,
        barcodes=barcodes,
        internal_codes=internal_codes,
    )
