"""What the demo merchant sold at its counters last month, and what buyers paid for yesterday."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from santong.simulation.rules.demo.shape import (
    TIMEZONE,
    DemoMerchant,
    Line,
    Order,
    Payment,
    Place,
    Sku,
    Staff,
)

COUNTER: Final = "kiosk"
WEB_SHOP: Final = "h5"
OWN_STORES, DEALERS = 2, 2  # whose books have something in them
SALES_OF_A_STORE: Final = 6
DAYS_BETWEEN: Final = 3
BOUGHT_ONLINE: Final = 8
ZONE: Final = ZoneInfo(TIMEZONE)
# A month can be closed a day after its end.
SETTLED: Final = timedelta(days=2)


class Sold(NamedTuple):
    """An order that was paid and collected at the counter of the store that sold it."""

    order: Order
    paid_at: datetime
    collected_at: datetime


def month_to_close(now: datetime) -> date:
    """The last month that is over for long enough."""
    return ((now - SETTLED).astimezone(ZONE).date().replace(day=1) - timedelta(days=1)).replace(
        day=1
    )


def yesterday(now: datetime) -> date:
    """The day before, where the merchant is."""
    return now.astimezone(ZONE).date() - timedelta(days=1)


def counters(demo: DemoMerchant) -> tuple[Place, ...]:
    """Stores that hold something, of the house and of dealers, first those whose people log in."""
    filled = {place for place, _ in demo.stock}
    stores = [place for place in demo.places if place.kind == "store" and place.code in filled]
    own = [place for place in stores if place.dealer is None][:OWN_STORES]
    dealers = [dealer.code for dealer in demo.dealers]
    theirs = [place for code in dealers for place in stores if place.dealer == code][:DEALERS]
    return (*own, *theirs)


def sold_last_month(demo: DemoMerchant, *, now: datetime) -> tuple[Sold, ...]:
    """What clerks sold, a piece at a time, in the order in which it was sold."""
    month = month_to_close(now)
    sold = [
        _sold(demo, place, sku, month, store=store, number=number)
        for store, place in enumerate(counters(demo))
        for number, sku in enumerate(_skus_of(demo, place, SALES_OF_A_STORE))
    ]
    return tuple(sorted(sold, key=lambda each: each.paid_at))


def bought_yesterday(demo: DemoMerchant, *, now: datetime) -> tuple[Order, ...]:
    """Orders of the web shop that wait for their money, from noon on."""
    noon = datetime.combine(yesterday(now), time(12), ZONE).astimezone(UTC)
    warehouse = next(place for place in demo.places if place.kind == "warehouse")
    return tuple(
        _order(
            demo,
            number=f"W{noon:%y%m%d}{number:03d}",
            storefront=WEB_SHOP,
            sku=sku,
            placed_at=noon + timedelta(minutes=9 * number),
        )
        for number, sku in enumerate(_skus_of(demo, warehouse, BOUGHT_ONLINE), start=1)
    )


def with_faults(statement: bytes) -> bytes:
    """A provider's statement of a day that differs from the books in four ways, each once.

    Its first payment is missing, its second came to more, its third cost more, and one is there of
    which nobody knows. The sums are those of its lines.
    """
    head, columns, *lines, _ = csv.reader(io.StringIO(statement.decode()))
    paid = [place for place, line in enumerate(lines) if line[0] == "payment"]
    if len(paid) < 4:  # noqa: PLR2004  a fault for each, and one that is whole
        return statement
    missing, more, dear = paid[:3]
    lines[more][4] = str(int(lines[more][4]) + 100)
    lines[dear][5] = str(int(lines[dear][5]) + 60)
    stranger = [*lines[missing]]
    stranger[1:3] = ["20000000000000000000000000X", f"{stranger[2]}9"]
    lines[missing] = stranger
    amount, fee = (sum(int(line[place]) for line in lines) for place in (4, 5))
    head[6] = str(int(head[5]) + amount - fee)
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\r\n")
    write.writerows([head, columns, *lines, ["#total", len(lines), "", "", amount, fee, ""]])
    return text.getvalue().encode()


def _sold(
    demo: DemoMerchant, place: Place, sku: Sku, month: date, *, store: int, number: int
) -> Sold:
    day = month + timedelta(days=2 + DAYS_BETWEEN * number)
    placed_at = datetime.combine(day, time(14, 3 * store), ZONE).astimezone(UTC)
    paid_at = placed_at + timedelta(minutes=2)
    clerks = _clerks_of(demo.staff, place)
    order = _order(
        demo, number=f"C{placed_at:%y%m%d%H%M}", storefront=COUNTER, sku=sku, placed_at=placed_at
    )
    counter = replace(
        order,
        mode="pickup",
        pickup_place=place.code,
        seller_place=place.code,
        guide=clerks[number % len(clerks)],
        payment=Payment(
            number=f"P{order.number}",
            method="card",
            amount_minor=order.payable_minor,
            paid_at=paid_at,
        ),
        destiny="collected",
    )
    return Sold(counter, paid_at, paid_at + timedelta(minutes=20))


def _order(
    demo: DemoMerchant, *, number: str, storefront: str, sku: Sku, placed_at: datetime
) -> Order:
    """One piece at its list price, without freight, for somebody of the demo's buyers."""
    somebody = demo.orders[int(number[-3:]) % len(demo.orders)].recipient
    return Order(
        storefront=storefront,
        number=number,
        placed_at=placed_at,
        lines=(
            Line(
                sku=sku.code,
                quantity=1,
                list_price_minor=sku.list_price_minor,
                unit_price_minor=sku.list_price_minor,
                discount_minor=0,
            ),
        ),
        freight_minor=0,
        discount_minor=0,
        recipient=somebody,
        mode="ship",
        pickup_place=None,
        seller_place=None,
        guide=None,
        buyer_note="",
        payment=None,
        destiny="offered",
    )


def _skus_of(demo: DemoMerchant, place: Place, count: int) -> list[Sku]:
    """What a place has most of; of a warehouse, what the demo has most of there."""
    held = [(pieces, sku) for (code, sku), pieces in demo.stock.items() if code == place.code]
    most = {sku for _, sku in sorted(held, reverse=True)[:count]}
    return [sku for sku in demo.skus if sku.code in most]


def _clerks_of(staff: Sequence[Staff], place: Place) -> list[str]:
    return [
        person.username
        for person in staff
        if person.role == "clerk" and person.places == (place.code,)
    ]
