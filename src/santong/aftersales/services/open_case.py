"""Somebody asks for something after the sale."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from santong.aftersales import contracts
from santong.aftersales.errors import KeyTaken
from santong.aftersales.events import CaseOpened
from santong.aftersales.models import Case, CaseLine, seal_text
from santong.aftersales.rules.amounts import sum_of
from santong.aftersales.rules.fields import check_new_case
from santong.aftersales.selectors.units import carried_to, value_of
from santong.aftersales.services.count_units import lock_units, take_units
from santong.aftersales.services.keep_time import start_clocks
from santong.aftersales.services.lock_case import record, shown
from santong.aftersales.services.signature import signature
from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.stores import public as stores


@all_or_nothing
def open_case(*, merchant_id: int, new: contracts.NewCase, now: datetime) -> contracts.Case:
    """Take in a case, once for its key. Nothing moves before it is decided.

    Raises NoSuch (order), FieldInvalid, MoreThanArrived, KeyTaken. Emits CaseOpened. Locks the
    order's counted lines. Starts the clocks of the first word and the decision.
    """
    check_new_case(new)
    order = orders.order_by_id(merchant_id=merchant_id, order_id=new.order_id)
    _check_lines(order, new)
    _check_place(merchant_id, new)
    # Under the lock: who is asked for the same at the same moment finds the first one here.
    ids = [line.order_line_id for line in new.lines]
    lock_units(merchant_id=merchant_id, order=order, line_ids=ids)
    first = Case.objects.of_merchant(merchant_id).filter(key=new.key).first()
    if first is not None:
        return _first_answer(first, new)
    take_units(
        merchant_id=merchant_id,
        order=order,
        quantity_by_line={line.order_line_id: line.quantity for line in new.lines},
        counts_shipped=new.reason == "not_received",
    )
    row = _row(merchant_id, new, order, now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # The same key at the same moment, for other lines.
        raise KeyTaken(key=new.key) from None
    CaseLine.objects.bulk_create(_lines(row, new, order))
    _tell(row, new, now)
    start_clocks(row, now=now)
    return shown(row)


def _first_answer(row: Case, new: contracts.NewCase) -> contracts.Case:
    answered = shown(row)
    asked = {line.order_line_id: line.quantity for line in new.lines}
    same = {line.order_line_id: line.quantity for line in answered.lines} == asked
    if (row.order_id, row.wanted, row.reason) != (new.order_id, new.kind, new.reason) or not same:
        raise KeyTaken(key=new.key)
    return answered


def _check_lines(order: orders.Order, new: contracts.NewCase) -> None:
    known = {line.id for line in order.lines}
    for place, line in enumerate(new.lines):
        if line.order_line_id not in known:
            raise FieldInvalid(pointer=f"/lines/{place}", reason="a line of this order")


def _check_place(merchant_id: int, new: contracts.NewCase) -> None:
    """Any place of the merchant may take a case; it has to be there."""
    if new.location_id is None:
        return
    ids = [new.location_id]
    if new.location_id not in stores.locations_by_id(merchant_id=merchant_id, location_ids=ids):
        raise FieldInvalid(pointer="/location_id", reason="a place of this merchant")


def _row(merchant_id: int, new: contracts.NewCase, order: orders.Order, now: datetime) -> Case:
    row = Case(
        merchant_id=merchant_id,
        key=new.key,
        order_id=order.id,
        document=orders.document_of(order_id=order.id),
        storefront_id=order.storefront_id,
        location_id=new.location_id,
        member_id=order.member_id,
        wanted=new.kind,
        kind=new.kind,
        way_back=new.way_back,
        reason=new.reason,
        state="requested",
        channel=new.channel,
        currency=order.currency,
        opened_at=now,
        opened_by=signature(),
    )
    row.words_sealed = seal_text(merchant_id=merchant_id, text=new.words.strip(), place=row.place)
    return row


def _lines(row: Case, new: contracts.NewCase, order: orders.Order) -> list[CaseLine]:
    """Lines with what they are worth at this moment: what is paid back is asked again later."""
    ids = [line.order_line_id for line in new.lines]
    counted = lock_units(merchant_id=row.merchant_id, order=order, line_ids=ids)
    carried = carried_to(merchant_id=row.merchant_id, line_ids=ids)
    sold = {line.id: line for line in order.lines}
    return [
        CaseLine(
            merchant_id=row.merchant_id,
            case=row,
            order_line_id=line.order_line_id,
            sku_id=sold[line.order_line_id].sku_id,
            sku_code=sold[line.order_line_id].sku_code,
            sku_name=sold[line.order_line_id].sku_name,
            quantity=line.quantity,
            value_minor=sum_of(
                value_of(
                    counted[line.order_line_id],
                    sold[line.order_line_id],
                    carried[line.order_line_id],
                    units=line.quantity,
                )
            ),
        )
        for line in new.lines
    ]


def _tell(row: Case, new: contracts.NewCase, now: datetime) -> None:
    record(row, action="open_case", reason=new.reason, before={}, now=now, kind=new.kind)
    outbox.publish(
        CaseOpened(
            case_id=row.id,
            number=row.number,
            order_id=row.order_id,
            document=row.document,
            kind=row.kind,
            reason=row.reason,
            way_back=row.way_back,
            channel=row.channel,
            location_id=row.location_id,
            quantity_by_line={line.order_line_id: line.quantity for line in new.lines},
        ),
        now=now,
    )
