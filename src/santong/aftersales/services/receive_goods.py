"""Goods of a case come to a place and are looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from santong.aftersales import contracts
from santong.aftersales.errors import MoreThanAwaited, NoReturnsHere
from santong.aftersales.events import GoodsReceived
from santong.aftersales.models import Case, CaseLine, Receipt, ReceiptLine, Repair
from santong.aftersales.rules.fields import check_key
from santong.aftersales.rules.states import takes_goods_into_stock
from santong.aftersales.services.exchange_units import exchange_units, send_held
from santong.aftersales.services.finish_case import finish_if_done
from santong.aftersales.services.lock_case import lines_of, lock_case, lock_in, move, shown
from santong.aftersales.services.pay_back import Back, pay_back
from santong.aftersales.services.signature import signature
from santong.inventory import public as inventory
from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.stores import public as stores


@all_or_nothing
def receive_goods(
    *,
    merchant_id: int,
    case_id: int,
    location_id: int,
    lines: Sequence[contracts.ReceivedLine],
    key: str,
    now: datetime,
) -> contracts.Case:
    """Take goods of an accepted case in at any place that takes returns, once for the key.

    What can be sold is stock there at once; what is damaged lies outside the stock. Money follows
    the goods, what was held instead of them is sent, and a repair can begin.

    Raises NoSuch, CasePassed, NoReturnsHere, MoreThanAwaited, FieldInvalid. Emits GoodsReceived,
    StockReceived, GoodsReturned, CaseEnded. Locks the case, the order's counted lines, stock
    levels, then members and accounts.
    """
    check_key(key)
    case = lock_case(merchant_id=merchant_id, case_id=case_id)
    if Receipt.objects.of_merchant(merchant_id).filter(case=case.id, key=key).exists():
        return shown(case)
    case = lock_in(merchant_id=merchant_id, case_id=case_id, among={"awaiting_goods"})
    _check_place(merchant_id, location_id)
    mine = lines_of(case)
    by_id = _checked(mine, lines)
    _write(case, by_id, lines, location_id=location_id, key=key, now=now)
    _go_on(case, mine, location_id=location_id, came=_came(by_id, lines), key=key, now=now)
    # Members come before stock levels, as they do where orders are placed.
    _tell(case, by_id, lines, location_id=location_id, key=key, now=now)
    return shown(case)


def _check_place(merchant_id: int, location_id: int) -> None:
    found = stores.locations_by_id(merchant_id=merchant_id, location_ids=[location_id])
    if location_id not in found or not found[location_id].accepts_returns:
        raise NoReturnsHere(location_id=str(location_id))


def _checked(
    mine: Sequence[CaseLine], lines: Sequence[contracts.ReceivedLine]
) -> dict[int, CaseLine]:
    by_id = {line.id: line for line in mine}
    if not lines or len({line.case_line_id for line in lines}) != len(lines):
        raise FieldInvalid(pointer="/lines", reason="at least one line, each once")
    for line in lines:
        own = by_id.get(line.case_line_id)
        if own is None or min(line.sellable, line.damaged) < 0:
            raise FieldInvalid(pointer="/lines", reason="lines of this case")
        wanted, left = line.sellable + line.damaged, own.quantity - own.sellable - own.damaged
        if not 0 < wanted <= left:
            raise MoreThanAwaited(case_line_id=str(own.id), wanted=wanted, left=left)
    return by_id


def _write(
    case: Case,
    by_id: Mapping[int, CaseLine],
    lines: Sequence[contracts.ReceivedLine],
    *,
    location_id: int,
    key: str,
    now: datetime,
) -> None:
    receipt = Receipt.objects.create(
        merchant_id=case.merchant_id,
        case=case,
        key=key,
        location_id=location_id,
        at=now,
        by=signature(),
    )
    keeps = takes_goods_into_stock(case.kind)
    ReceiptLine.objects.bulk_create(
        ReceiptLine(
            merchant_id=case.merchant_id,
            receipt=receipt,
            case_line=by_id[line.case_line_id],
            location_id=location_id,
            sku_id=by_id[line.case_line_id].sku_id,
            sellable=line.sellable if keeps else 0,
            damaged=line.damaged if keeps else 0,
        )
        for line in lines
    )
    for line in lines:
        own = by_id[line.case_line_id]
        own.sellable += line.sellable
        own.damaged += line.damaged
        own.save(update_fields=["sellable", "damaged"])


def _tell(
    case: Case,
    by_id: Mapping[int, CaseLine],
    lines: Sequence[contracts.ReceivedLine],
    *,
    location_id: int,
    key: str,
    now: datetime,
) -> None:
    sellable, damaged = Counter[int](), Counter[int]()
    for line in lines:
        sellable[by_id[line.case_line_id].sku_id] += line.sellable
        damaged[by_id[line.case_line_id].sku_id] += line.damaged
    stock = {sku_id: units for sku_id, units in sellable.items() if units}
    if stock and takes_goods_into_stock(case.kind):
        inventory.receive(
            merchant_id=case.merchant_id,
            location_id=location_id,
            quantity_by_sku=stock,
            reason=f"case {case.number}",
            key=f"case:{case.id}:{key}"[:100],
            now=now,
        )
    outbox.publish(
        GoodsReceived(
            case_id=case.id,
            number=case.number,
            location_id=location_id,
            sellable_by_sku=stock,
            damaged_by_sku={sku_id: units for sku_id, units in damaged.items() if units},
        ),
        now=now,
    )


def _came(by_id: Mapping[int, CaseLine], lines: Sequence[contracts.ReceivedLine]) -> dict[int, int]:
    return {by_id[line.case_line_id].order_line_id: line.sellable + line.damaged for line in lines}


def _go_on(
    case: Case,
    lines: Sequence[CaseLine],
    *,
    location_id: int,
    came: Mapping[int, int],
    key: str,
    now: datetime,
) -> None:
    """Money goes back with what came; what waits for all of it waits for the last of it."""
    order = orders.order_by_id(merchant_id=case.merchant_id, order_id=case.order_id)
    is_all = all(line.sellable + line.damaged == line.quantity for line in lines)
    if case.kind in {"return", "refund_only"}:
        back = Back(units_by_line=came, came_back=True, location_id=location_id, key=key)
        pay_back(case, lines, order=order, back=back, now=now)
    if is_all and case.kind == "exchange" and not case.sends_at_once:
        exchange_units(case, lines, order=order, now=now)
        send_held(case, reason=f"goods of case {case.number} are back", now=now)
    if is_all and case.kind == "repair":
        Repair.objects.of_merchant(case.merchant_id).filter(case=case.id).update(
            state="looked_at", location_id=location_id
        )
    move(
        case,
        to="working" if is_all else "awaiting_goods",
        action="receive_goods",
        reason="goods came",
        now=now,
        location_id=location_id,
        units=sum(came.values()),
    )
    finish_if_done(case, now=now)
