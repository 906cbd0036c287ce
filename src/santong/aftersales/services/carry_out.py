"""A case that was accepted begins: what can be done before the goods are back is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.aftersales.models import Case, CaseLine, Repair
from santong.aftersales.services.exchange_units import exchange_units
from santong.aftersales.services.pay_back import Back, grant, pay_back
from santong.aftersales.services.place_replacement import place_replacement
from santong.aftersales.services.settle_units import worth_of_rest
from santong.orders import public as orders


def carry_out(
    case: Case,
    lines: Sequence[CaseLine],
    *,
    order: orders.Order,
    under_warranty: bool,
    now: datetime,
) -> None:
    """Begin what was decided. The case is locked, and its state says whether goods are awaited.

    Raises OutOfStock. Emits ReplacementPlaced, GoodsReturned.
    """
    if case.kind == "repair":
        _open_repair(case, under_warranty=under_warranty)
    if case.kind == "resend":
        place_replacement(
            case, lines, order=order, cause="resend", worth_minor=0, is_held=False, now=now
        )
    if case.kind == "exchange":
        _exchange(case, lines, order=order, now=now)
    if case.kind in {"return", "refund_only"} and not case.needs_return:
        _refund(case, lines, order=order, now=now)


def _exchange(case: Case, lines: Sequence[CaseLine], *, order: orders.Order, now: datetime) -> None:
    """Bind the new goods; the old ones' money moves when they are back, or at once by policy."""
    goes_at_once = case.sends_at_once or not case.needs_return
    place_replacement(
        case,
        lines,
        order=order,
        cause="exchange",
        worth_minor=worth_of_rest(case, lines, order=order),
        is_held=not goes_at_once,
        now=now,
    )
    if goes_at_once:
        exchange_units(case, lines, order=order, now=now)


def _refund(case: Case, lines: Sequence[CaseLine], *, order: orders.Order, now: datetime) -> None:
    """All of the money goes back and the units are off the sale, or a part and they stay sold."""
    if case.fixes_refund and case.refund_minor < worth_of_rest(case, lines, order=order):
        grant(case, lines, order=order, now=now)
        return
    pay_back(
        case,
        lines,
        order=order,
        back=Back(
            units_by_line={line.order_line_id: line.quantity for line in lines},
            came_back=False,
            location_id=None,
            key="decided",
        ),
        now=now,
    )


def _open_repair(case: Case, *, under_warranty: bool) -> None:
    Repair.objects.create(
        merchant_id=case.merchant_id,
        case=case,
        document=f"case:{case.id}",
        state="waiting_item",
        repairer="store",
        is_warranty=under_warranty,
        currency=case.currency,
    )
