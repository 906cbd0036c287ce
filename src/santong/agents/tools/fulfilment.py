"""Work on orders and what waits for a person, for agents; and seeking stock again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from santong.agents.tools.orders import OrderAsked, seen
from santong.agents.tools.registry import Asked, Call, Preview, Told, Tool, Words
from santong.agents.tools.shapes import Id, Reason
from santong.fulfilment import public as fulfilment
from santong.kernel.http.pages import id_of
from santong.orders import public as orders
from santong.stores import public as stores

MOST_WORK = 30
MOST_CASES = 50
MOST_EVENTS = 20


class ExceptionsAsked(Asked):
    """Nothing to say: the oldest first."""


class FillRest(OrderAsked):
    """A paid order that is short of stock, and why it is sought again."""

    reason: Reason


class MoveWork(Asked):
    """A piece of work that another place is to do, and why."""

    fulfilment_order_id: Id
    reason: fulfilment.ReassignReason
    note: Reason


class OfferTold(Told):
    """What a place was asked and what it answered."""

    opened_at: datetime
    closes_at: datetime
    answer: str
    answered_at: datetime | None
    reason: str


class TrackedTold(Told):
    """What a carrier told of a parcel."""

    state: str
    place: str
    at: datetime


class ParcelTold(Told):
    """Goods on their way."""

    carrier: str
    tracking_number: str
    state: str
    handed_over_at: datetime
    delivered_at: datetime | None
    events: list[TrackedTold]


class WorkTold(Told):
    """What one place has, or had, to do for the order."""

    fulfilment_order_id: str
    location_id: str
    location_code: str
    location_name: str
    mode: str
    state: str
    attempt: int
    offered_at: datetime | None
    offer_expires_at: datetime | None
    accepted_at: datetime | None
    handed_over_at: datetime | None
    delivered_at: datetime | None
    quantity_by_line: dict[str, int]
    offers: list[OfferTold]
    parcels: list[ParcelTold]


class CaseTold(Told):
    """Work that needs a person."""

    case_id: str
    order_id: str
    location_id: str | None
    kind: str
    opened_at: datetime
    closed_at: datetime | None
    resolution: str
    owner: str


class FulfilmentTold(Told):
    """How far an order has come: the work of each place, and cases."""

    order_id: str
    state: str
    work: list[WorkTold]
    work_left_out: int
    cases: list[CaseTold]


class ExceptionsTold(Told):
    """What waits for a person, the oldest first."""

    cases: list[CaseTold]
    waiting: int


class FilledTold(Told):
    """What was found of the missing units, and what is still wanting, by order line."""

    order_id: str
    found_by_line: dict[str, int]
    still_short_by_line: dict[str, int]


class MovedTold(Told):
    """The work that was taken from its place."""

    fulfilment_order_id: str
    state: str


def _progress(call: Call, asked: OrderAsked) -> FulfilmentTold:
    shown = seen(call, asked.order_id)
    order = shown.order
    work = shown.work
    cases: list[fulfilment.ExceptionCase] = []
    if shown.is_whole:
        work = tuple(fulfilment.work_of(merchant_id=call.merchant_id, order_id=order.id))
        cases = fulfilment.cases_of(merchant_id=call.merchant_id, order_id=order.id)
    places = stores.locations_by_id(
        merchant_id=call.merchant_id, location_ids={each.location_id for each in work}
    )
    return FulfilmentTold(
        order_id=str(order.id),
        state=order.state,
        work=[_work(each, places[each.location_id]) for each in work[-MOST_WORK:]],
        work_left_out=max(0, len(work) - MOST_WORK),
        cases=[_case(case) for case in cases[-MOST_CASES:]],
    )


def _work(work: fulfilment.FulfilmentOrder, place: stores.Location) -> WorkTold:
    return WorkTold(
        fulfilment_order_id=str(work.id),
        location_id=str(work.location_id),
        location_code=place.code,
        location_name=place.name,
        mode=work.mode,
        state=work.state,
        attempt=work.attempt,
        offered_at=work.offered_at,
        offer_expires_at=work.offer_expires_at,
        accepted_at=work.accepted_at,
        handed_over_at=work.handed_over_at,
        delivered_at=work.delivered_at,
        quantity_by_line={str(line.order_line_id): line.quantity for line in work.lines},
        offers=[
            OfferTold(
                opened_at=offer.opened_at,
                closes_at=offer.closes_at,
                answer=offer.answer,
                answered_at=offer.answered_at,
                reason=offer.reason,
            )
            for offer in work.offers
        ],
        parcels=[
            ParcelTold(
                carrier=parcel.carrier,
                tracking_number=parcel.tracking_number,
                state=parcel.state,
                handed_over_at=parcel.handed_over_at,
                delivered_at=parcel.delivered_at,
                events=[
                    TrackedTold(state=event.state, place=event.place, at=event.at)
                    for event in parcel.events[-MOST_EVENTS:]
                ],
            )
            for parcel in work.parcels
        ],
    )


def _case(case: fulfilment.ExceptionCase) -> CaseTold:
    return CaseTold(
        case_id=str(case.id),
        order_id=str(case.order_id),
        location_id=str(case.location_id) if case.location_id is not None else None,
        kind=case.kind,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        resolution=case.resolution,
        owner=case.owner,
    )


def _exceptions(call: Call, _asked: ExceptionsAsked) -> ExceptionsTold:
    places = call.actor.location_ids
    found = fulfilment.open_cases(
        merchant_id=call.merchant_id, location_ids=places, limit=MOST_CASES
    )
    return ExceptionsTold(
        cases=[_case(case) for case in found],
        waiting=fulfilment.count_open_cases(merchant_id=call.merchant_id, location_ids=places),
    )


def _would_fill(call: Call, asked: FillRest) -> Preview:
    order = _sold(call, asked)
    cases = fulfilment.cases_of(merchant_id=call.merchant_id, order_id=order.id)
    open_ = [case.id for case in cases if case.kind == "unfilled" and case.closed_at is None]
    return Preview(
        words=Words(
            zh=f"为订单 {order.external_number}（状态 {order.state}）尚缺的商品重新寻找库存："
            f"现在找到的会被占用并派给门店；待处理的缺货事项 {len(open_)} 件。",
            en=f"Seeks stock again for what order {order.external_number} ({order.state}) is short"
            f" of: what is there now is bound and places are asked; {len(open_)} such cases wait.",
        ),
        rests_on=f"{order.state} {open_}",
    )


def _fill(call: Call, asked: FillRest) -> FilledTold:
    filled = fulfilment.fill_rest(
        merchant_id=call.merchant_id,
        order_id=_sold(call, asked).id,
        cause=asked.reason,
        now=call.now,
    )
    return FilledTold(
        order_id=str(filled.order_id),
        found_by_line=_by_line(filled.quantity_by_line),
        still_short_by_line=_by_line(filled.short_by_line),
    )


def _by_line(quantity_by_line: Any) -> dict[str, int]:
    return {str(line_id): quantity for line_id, quantity in quantity_by_line.items()}


def _sold(call: Call, asked: OrderAsked) -> orders.Order:
    return orders.order_by_id(
        merchant_id=call.merchant_id,
        order_id=id_of(asked.order_id, kind="order"),
        location_ids=call.actor.location_ids,
    )


def _would_move(call: Call, asked: MoveWork) -> Preview:
    work = fulfilment.work_by_id(
        merchant_id=call.merchant_id,
        fulfilment_order_id=id_of(asked.fulfilment_order_id, kind="fulfilment order"),
        location_ids=call.actor.location_ids,
    )
    units = sum(line.quantity for line in work.lines)
    return Preview(
        words=Words(
            zh=f"把履约单 {work.id}（状态 {work.state}，{units} 件）从地点 {work.location_id} 收回"
            "，改派其他地点；该地点不会再被派到这张订单。没有其他地点可接时什么都不变。",
            en=f"Takes work {work.id} ({work.state}, {units} units) from place {work.location_id}"
            " and offers it to others; the place is not asked again for this order. Without another"
            " place nothing changes.",
        ),
        rests_on=f"{work.state} {work.location_id} {units}",
    )


def _move(call: Call, asked: MoveWork) -> MovedTold:
    work = fulfilment.reassign(
        merchant_id=call.merchant_id,
        fulfilment_order_id=id_of(asked.fulfilment_order_id, kind="fulfilment order"),
        reason=asked.reason,
        note=asked.note,
        location_ids=call.actor.location_ids,
        now=call.now,
    )
    return MovedTold(fulfilment_order_id=str(work.id), state=work.state)


TOOLS: tuple[Tool[Any, Any], ...] = (
    Tool(
        name="read_fulfilment",
        title=Words(zh="履约进度", en="How far an order has come"),
        about=Words(
            zh="一张订单在各门店的履约：派单、接单、拣货、包裹与物流，以及异常。",
            en="The work on an order at each place: offers and answers, picking, parcels and their"
            " tracking, and exceptions.",
        ),
        permission="orders.view",
        takes=OrderAsked,
        gives=FulfilmentTold,
        does=_progress,
    ),
    Tool(
        name="list_exceptions",
        title=Words(zh="待处理异常", en="Exceptions waiting"),
        about=Words(
            zh="等人处理的异常，最早的在前。",
            en="Exceptions that wait for a person, the oldest first.",
        ),
        permission="fulfilment.view",
        takes=ExceptionsAsked,
        gives=ExceptionsTold,
        does=_exceptions,
    ),
    Tool(
        name="seek_stock_again",
        title=Words(zh="为缺货订单重新找货", en="Seek stock again for an order"),
        about=Words(
            zh="为已付款而缺货的订单重新派单。先给出确认码，带确认码再调用才执行。",
            en="Routes again what a paid order is short of. The first call gives a confirmation"
            " code; the same call with that code does it, once.",
        ),
        permission="exceptions.handle",
        takes=FillRest,
        gives=FilledTold,
        does=_fill,
        would=_would_fill,
    ),
    Tool(
        name="move_work",
        title=Words(zh="改派履约单", en="Move work to another place"),
        about=Words(
            zh="把一张履约单改派给其他地点。先给出确认码，带确认码再调用才执行。",
            en="Gives a piece of work to another place. The first call gives a confirmation code;"
            " the same call with that code does it, once.",
        ),
        permission="exceptions.handle",
        takes=MoveWork,
        gives=MovedTold,
        does=_move,
        would=_would_move,
    ),
)
