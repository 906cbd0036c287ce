"""Units are off the sale, and all that hangs on them follows: money, carriage, points, coupons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.aftersales.events import GoodsReturned
from santong.aftersales.models import Case, CaseLine, RefundStep
from santong.aftersales.rules.amounts import Part, spread_to, sum_of
from santong.aftersales.selectors.units import units_left
from santong.aftersales.services.count_units import lock_units
from santong.aftersales.services.give_money_back import plan_refunds
from santong.aftersales.services.give_points_back import (
    give_spent_points_back,
    take_points_back,
)
from santong.aftersales.services.settle_units import grant_part, settle_units, worth_of_rest
from santong.kernel import outbox
from santong.orders import public as orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """Units whose money goes back, where they came to, and what names this step."""

    units_by_line: Mapping[int, int]
    came_back: bool
    location_id: int | None
    key: str


def pay_back(
    case: Case, lines: Sequence[CaseLine], *, order: orders.Order, back: Back, now: datetime
) -> None:
    """Take units off the sale and give their money back. The case is locked.

    Locks the order's counted lines, then members, then accounts of the ledger.
    """
    rest = worth_of_rest(case, lines, order=order) if case.fixes_refund else 0
    worth = settle_units(case, lines, order=order, units_by_line=back.units_by_line)
    parts = [part for found in worth.values() for part in found]
    amount = sum_of(parts)
    if case.fixes_refund:
        amount = _fixed(case, amount, rest=rest)
    name = f"case:{case.id}:{back.key}"[:100]
    kept = sum(
        take_points_back(case, order_id=order_id, quantity_by_line=units, key=name, now=now)
        for order_id, units in _units_by_order(parts).items()
    )
    amount = max(0, amount - kept)
    plan_refunds(case, what="goods", parts=spread_to(parts, amount_minor=amount), now=now)
    if all(line.settled == line.quantity for line in lines):
        _give_freight_back(case, now)
    _follow(case, parts, order=order, back=back, name=name, now=now)


def grant(case: Case, lines: Sequence[CaseLine], *, order: orders.Order, now: datetime) -> None:
    """Give a part of the price of units that the buyer keeps. The case is locked."""
    granted = grant_part(case, lines, order=order, amount_minor=case.refund_minor)
    parts = [part for found in granted.values() for part in found]
    plan_refunds(case, what="goodwill", parts=parts, now=now)
    give_spent_points_back(case, order=order, key=f"case:{case.id}:goodwill", now=now)


def _fixed(case: Case, worth_minor: int, *, rest: int) -> int:
    """What of a fixed amount goes with these units: in proportion, then the rest."""
    left = case.refund_minor - _given(case)
    return left if worth_minor >= rest else left * worth_minor // rest


def _given(case: Case) -> int:
    steps = RefundStep.objects.of_merchant(case.merchant_id).filter(case=case.id, what="goods")
    return sum(step.amount_minor for step in steps)


def _give_freight_back(case: Case, now: datetime) -> None:
    """Carriage goes back with the last units of the case."""
    part = Part(document=case.document, line_id=0, amount_minor=case.freight_minor, units=0)
    plan_refunds(case, what="freight", parts=[part], now=now)


def _units_by_order(parts: Sequence[Part]) -> dict[int, dict[int, int]]:
    """Units that go with the money, by the order along which it came in."""
    found: dict[int, dict[int, int]] = {}
    for part in parts:
        order_id = orders.order_of_document(document=part.document)
        assert order_id is not None, "units are lines of orders"
        units = found.setdefault(order_id, {})
        units[part.line_id] = units.get(part.line_id, 0) + part.units
    return found


def _follow(
    case: Case,
    parts: Sequence[Part],
    *,
    order: orders.Order,
    back: Back,
    name: str,
    now: datetime,
) -> None:
    """Tell each order along which money came in what of it is off the sale."""
    for order_id, units in _units_by_order(parts).items():
        document = orders.document_of(order_id=order_id)
        of = order if order_id == order.id else _order(case, order_id)
        give_spent_points_back(case, order=of, key=name, now=now)
        outbox.publish(
            GoodsReturned(
                order_id=order_id,
                document=document,
                case_id=case.id,
                key=name,
                came_back=back.came_back,
                location_id=back.location_id,
                quantity_by_line={line: count for line, count in units.items() if count},
                amount_by_line=_amounts(parts, document),
                is_whole=_nothing_left(case, of),
                returned_at=now,
            ),
            now=now,
        )


def _order(case: Case, order_id: int) -> orders.Order:
    return orders.order_by_id(merchant_id=case.merchant_id, order_id=order_id)


def _amounts(parts: Sequence[Part], document: str) -> dict[int, int]:
    amounts: dict[int, int] = {}
    for part in parts:
        if part.document == document and part.amount_minor:
            amounts[part.line_id] = amounts.get(part.line_id, 0) + part.amount_minor
    return amounts


def _nothing_left(case: Case, order: orders.Order) -> bool:
    """Whether nothing of an order stays sold."""
    ids = [line.id for line in order.lines]
    rows = lock_units(merchant_id=case.merchant_id, order=order, line_ids=ids)
    return all(units_left(rows[line.id], line) == 0 for line in order.lines)
