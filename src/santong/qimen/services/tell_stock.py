"""Changes of stock are gathered and told to the systems that want to know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from santong.catalog import public as catalog
from santong.inventory import public as inventory
from santong.kernel.tenancy import all_or_nothing
from santong.qimen.models import Delivery, StockOrder, StockTelling, WarehouseCode
from santong.qimen.rules.shapes.stock import ChangedItem, StockChange
from santong.qimen.selectors.calls import call_of
from santong.qimen.selectors.systems import contract_by_id
from santong.qimen.services.lock_contract import lock_contract
from santong.qimen.services.queue_message import queue_message

MOST_ITEMS: Final = 100


@all_or_nothing
def note_stock_change(
    *,
    merchant_id: int,
    location_id: int,
    delta_by_sku: Mapping[int, int],
    reason: str,
    holder: str,
    now: datetime,
) -> None:
    """Keep a change for every system that is told of this place's stock, but not for its cause."""
    told = WarehouseCode.objects.of_merchant(merchant_id).filter(
        location_id=location_id,
        contract__is_told_of_stock=True,
        contract__state="active",
        is_told_of_orders=False,
    )
    for code in told.select_related("contract").order_by("contract_id"):
        mine = f"qimen {code.contract.code} "
        if reason.startswith(mine) or _is_their_own(merchant_id, code.contract_id, holder):
            continue
        StockTelling.objects.bulk_create(
            [
                StockTelling(
                    merchant_id=merchant_id,
                    contract_id=code.contract_id,
                    location_id=location_id,
                    sku_id=sku_id,
                    delta=delta,
                    reason=(holder or reason)[:60],
                    at=now,
                )
                for sku_id, delta in sorted(delta_by_sku.items())
                if delta
                and (reason or holder or not _counted_by(merchant_id, location_id, sku_id, mine))
            ]
        )


@all_or_nothing
def send_stock_changes(*, merchant_id: int, now: datetime) -> int:
    """Queue what has been gathered: one `stockchange.report` of up to a hundred changes for each.

    Locks contracts, then lanes.
    """
    waiting = StockTelling.objects.of_merchant(merchant_id).filter(sending__isnull=True)
    queued = 0
    for contract_id in sorted(set(waiting.values_list("contract_id", flat=True))):
        lock_contract(merchant_id=merchant_id, contract_id=contract_id)
        rows = list(waiting.filter(contract_id=contract_id).order_by("id")[:MOST_ITEMS])
        if rows:
            queued += _queue(merchant_id, contract_id, rows, now)
    return queued


def _is_their_own(merchant_id: int, contract_id: int, holder: str) -> bool:
    """Whether goods left for a document of theirs, of which its confirmation tells them."""
    kind, _, number = holder.partition(":")
    if not number.isdecimal():
        return False
    if kind == "qimen_stock_order":
        rows = StockOrder.objects.of_merchant(merchant_id).filter(contract_id=contract_id)
        return bool(rows.filter(id=int(number)).exists())
    deliveries = Delivery.objects.of_merchant(merchant_id).filter(contract_id=contract_id)
    return kind == "order" and bool(deliveries.filter(order_id=int(number)).exists())


def _counted_by(merchant_id: int, location_id: int, sku_id: int, mine: str) -> bool:
    """Whether the last change of a level was theirs: what is told of a count says nobody's name."""
    last = inventory.movements_of(
        merchant_id=merchant_id, location_id=location_id, sku_id=sku_id, limit=1
    )
    return bool(last) and last[0].reason.startswith(mine)


def _queue(merchant_id: int, contract_id: int, rows: list[StockTelling], now: datetime) -> int:
    contract = contract_by_id(merchant_id=merchant_id, contract_id=contract_id)
    call = call_of(merchant_id=merchant_id, contract=contract, now=now)
    skus = catalog.skus_by_id(merchant_id=merchant_id, sku_ids=sorted({row.sku_id for row in rows}))
    document = StockChange(
        items=tuple(
            ChangedItem(
                owner_code=contract.owner_code or contract.customer_id,
                warehouse_code=call.code_of(row.location_id),
                order_code=f"S{row.id}",
                out_biz_code=f"S{row.id}",
                item_code=skus[row.sku_id].code,
                item_id=str(row.sku_id),
                quantity=row.delta,
                change_time=row.at,
            )
            for row in rows
        )
    )
    sending_id = queue_message(
        merchant_id=merchant_id,
        contract_id=contract_id,
        lane="stock",
        serial_no=f"stock:{rows[0].id}",
        method="stockchange.report",
        document=document,
        now=now,
    )
    for row in rows:
        row.sending_id = sending_id
        row.save(update_fields=["sending"])
    return 1
