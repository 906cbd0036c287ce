"""Household baskets of a grocery chain: the files of "The Complete Journey"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from santong.simulation.rules.published import fields
from santong.simulation.rules.published.fields import BadField
from santong.simulation.rules.published.file import File
from santong.simulation.rules.published.rows import Row
from santong.simulation.rules.published.tally import Reason, Remark, Tally
from santong.simulation.rules.purchases.tables import Basket, History, Line

TRANSACTIONS: Final = File(
    table="transactions",
    names=("transactions",),
    columns=(
        "household_id",
        "store_id",
        "basket_id",
        "product_id",
        "quantity",
        "sales_value",
        "transaction_timestamp",
    ),
)
PRODUCTS: Final = File(
    table="products",
    names=("products",),
    columns=("product_id", "department", "brand"),
)
FILES: Final = (TRANSACTIONS, PRODUCTS)
CURRENCY: Final = "USD"
# Above it, a quantity is a volume of fuel or the like.
MOST_PIECES: Final = 100


@dataclass(frozen=True, slots=True)
class Sold:
    """One row of the till."""

    household: str
    store: str
    basket: str
    product: str
    quantity: int
    amount_minor: int
    sold_at: datetime


def product(row: Row, _line: int, _tally: Tally) -> tuple[str, tuple[str, str]]:
    """A product's department and brand."""
    return fields.word(row[0], field="product_id"), (row[1], row[2])


def sold(row: Row, _line: int, tally: Tally) -> Sold:
    """One line of a basket. What is measured and not counted is one piece."""
    pieces = fields.whole(row[4], field="quantity")
    if pieces == 0:
        raise BadField("quantity", Reason.NO_QUANTITY)
    if pieces > MOST_PIECES:
        tally.remarks[Remark.MEASURED] += 1
    return Sold(
        household=fields.word(row[0], field="household_id"),
        store=fields.word(row[1], field="store_id"),
        basket=fields.word(row[2], field="basket_id"),
        product=fields.word(row[3], field="product_id"),
        quantity=1 if pieces > MOST_PIECES else pieces,
        amount_minor=fields.cents(row[5], field="sales_value"),
        sold_at=fields.instant(row[6], field="transaction_timestamp", clock=UTC),
    )


def history(
    rows: Iterable[Sold], *, kind_by_product: Mapping[str, tuple[str, str]], tally: Tally
) -> History:
    """Baskets in the order of time. Nothing is known of returns."""
    rows_by_basket: dict[str, list[Sold]] = {}
    for row in rows:
        rows_by_basket.setdefault(row.basket, []).append(row)
    baskets = [_basket(number, made, kind_by_product) for number, made in rows_by_basket.items()]
    unknown = Counter(
        line.product
        for basket in baskets
        for line in basket.lines
        if line.product not in kind_by_product
    )
    tally.remarks[Remark.NO_CATEGORY] += unknown.total()
    return History(
        name="complete_journey",
        currency=CURRENCY,
        baskets=tuple(sorted(baskets, key=lambda basket: (basket.bought_at, basket.number))),
        returns=(),
        tally=tally,
    )


def _basket(
    number: str, rows: list[Sold], kind_by_product: Mapping[str, tuple[str, str]]
) -> Basket:
    lines: list[Line] = []
    for position, row in enumerate(rows, start=1):
        department, brand = kind_by_product.get(row.product, ("", ""))
        lines.append(
            Line(
                number=position,
                product=row.product,
                category=department,
                brand=brand,
                quantity=row.quantity,
                amount_minor=row.amount_minor,
            )
        )
    return Basket(
        number=number,
        member=rows[0].household,
        shop=rows[0].store,
        bought_at=max(row.sold_at for row in rows),
        lines=tuple(lines),
    )
