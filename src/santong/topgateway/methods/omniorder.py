"""What a store says of its part of a trade: taken, refused, sent. Names are spelt as published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final

from pydantic import Field

from santong.fulfilment import public as fulfilment
from santong.topgateway import errors
from santong.topgateway.contracts import Call
from santong.topgateway.errors import Refused
from santong.topgateway.methods.finding import location_id_of, order_of
from santong.topgateway.rules.arguments import Asked, Id, Listed, Text, Words
from santong.topgateway.rules.declaring import method
from santong.topgateway.rules.sub_orders import Named, NamedWork, named_work, refuse_parts

OK: Final = "0"
SUCCESS: Final = "success"
# A store that sends by its own people has no carrier's number.
BY_THE_STORE: Final = "DISTRIBUTOR_12709653"
DEFAULT_REFUSAL: Final[fulfilment.DeclineReason] = "no_time"


class SubOrder(Asked):
    """One line of a trade at one store."""

    sub_oid: Id = Field(description="The sub-trade: `oid` of a line.")
    store_id: Text = Field(description="The store's code, or its own number.")
    tid: Id | None = Field(None, description="The trade.")
    store_type: Text | None = Field(None, description="Store or Warehouse.")
    store_name: Text | None = Field(None, description="The store's name; it is not looked at.")
    code: Text | None = Field(None, description="0, or the reason of a refusal (our reasons).")
    operator: Text | None = Field(None, description="Who did it at the store.")
    message: Text | None = Field(None, description="A remark.")
    attributes: Text | None = Field(None, description="JSON text; it is not looked at.")


class SentSubOrder(SubOrder):
    """One line of a trade that has left a store."""

    logistic_no: Text | None = Field(None, description="The carrier's number of the parcel.")
    logistic_company_code: Text | None = Field(
        None, description=f"The carrier; {BY_THE_STORE} where the store delivers itself."
    )
    logistic_company: Text | None = Field(None, description="The carrier's name.")
    logistic_id: Text | None = Field(None, description="The carrier's account.")
    package_id: Text | None = Field(None, description="The store's own number of the parcel.")


class Report(Asked):
    """A store's report on lines of a trade."""

    tid: Id = Field(description="The trade.")
    report_timestamp: Id = Field(description="When it was so, in milliseconds since 1970.")
    sub_order_list: Listed[SubOrder] = Field(description="The lines, as a JSON list.")
    trace_id: Text | None = Field(None, description="The client's own mark.")


class SentReport(Report):
    """A store's report on lines that have left."""

    sub_order_list: Listed[SentSubOrder] = Field(description="The lines, as a JSON list.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How it went."""

    err_code: Annotated[str, "0: it went well."]
    message: Annotated[str, "In words."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """How the parcel is known."""

    mail_no: Annotated[str, "The carrier's number of the parcel."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How it went, and the parcel."""

    err_code: Annotated[str, "0: it went well."]
    message: Annotated[str, "In words."]
    data: Annotated[Mail, "The parcel."]


class Reallocate(Asked):
    """Lines that another place is to send."""

    main_order_id: Id = Field(description="The trade.")
    sub_order_ids: Words = Field(description="Its sub-trades, with commas between them.")
    store_id: Text | None = Field(None, description="The store that is to send them: its code.")
    warehouse_code: Text | None = Field(None, description="Or the warehouse.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How it went."""

    code: Annotated[str, "0: it went well."]
    message: Annotated[str, "In words."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reallocated:
    """How it went."""

    result: Annotated[Result, "How it went."]


@method(
    "taobao.omniorder.store.accpeted", pack="stores", does="writes", permission="fulfilment.work"
)
def accepted(call: Call, asked: Report) -> Taken:
    """A store takes its part of a trade. Told again, it changes nothing."""
    found, named = _named(call, asked.tid, asked.sub_order_list)
    refuse_parts(found=found, named=named)
    for each in found:
        fulfilment.accept(
            merchant_id=call.merchant_id,
            fulfilment_order_id=each.work.id,
            location_ids=call.location_ids,
            now=call.now,
        )
    return Taken(err_code=OK, message=SUCCESS)


@method(
    "taobao.omniorder.store.refused", pack="stores", does="writes", permission="fulfilment.work"
)
def refused(call: Call, asked: Report) -> Taken:
    """A store gives lines back; another place is sought for them at once.

    `code` or `message` may be one of our reasons (not_in_stock, mismatch, damaged, display_piece,
    no_time, closed, too_far); without one nothing is said of the store's stock.
    """
    found, named = _named(call, asked.tid, asked.sub_order_list)
    for each in found:
        named_lines = {named[position].line_id for position in each.positions}
        quantity_by_line = {
            line.order_line_id: line.quantity
            for line in each.work.lines
            if line.order_line_id in named_lines
        }
        fulfilment.decline(
            merchant_id=call.merchant_id,
            fulfilment_order_id=each.work.id,
            reason=_reason(asked.sub_order_list[each.positions[0]]),
            quantity_by_line=None if named_lines == each.line_ids else quantity_by_line,
            location_ids=call.location_ids,
            now=call.now,
        )
    return Taken(err_code=OK, message=SUCCESS)


@method(
    "taobao.omniorder.store.consigned", pack="stores", does="writes", permission="fulfilment.work"
)
def consigned(call: Call, asked: SentReport) -> Sent:
    """A store has sent its part of a trade: what it has not said yet of picking and packing is so.

    The lines of a store travel in one parcel. Told again with the same number, it changes nothing.
    """
    found, named = _named(call, asked.tid, asked.sub_order_list)
    refuse_parts(found=found, named=named)
    numbers: list[str] = []
    for each in found:
        sent = asked.sub_order_list[each.positions[0]]
        _pack(call, each.work)
        parcel = fulfilment.hand_over(
            merchant_id=call.merchant_id,
            fulfilment_order_id=each.work.id,
            carrier=sent.logistic_company_code or sent.logistic_company or BY_THE_STORE,
            tracking_number=_number(each, sent, asked.sub_order_list),
            location_ids=call.location_ids,
            now=call.now,
        )
        numbers.append(parcel.tracking_number)
    return Sent(err_code=OK, message=SUCCESS, data=Mail(mail_no=",".join(numbers)))


@method(
    "taobao.omniorder.store.reallocate",
    pack="stores",
    does="writes",
    permission="fulfilment.dispatch",
)
def reallocate(call: Call, asked: Reallocate) -> Reallocated:
    """Head office takes lines from their stores and gives them to another place, if it has them."""
    wanted = asked.store_id or asked.warehouse_code
    if wanted is None:
        why = "store_id: or warehouse_code"
        raise Refused(errors.MISSING_ARGUMENTS, "isv.missing-parameter", why)
    place = "store_id" if asked.store_id else "warehouse_code"
    to_location_id = location_id_of(call, store_id=wanted, place=place)
    order = order_of(call, tid=asked.main_order_id, place="main_order_id")
    for work in _works_of_lines(call, order.id, asked.sub_order_ids):
        if work.location_id == to_location_id:
            continue
        fulfilment.reassign(
            merchant_id=call.merchant_id,
            fulfilment_order_id=work.id,
            reason="other",
            note=f"app {call.app_key}",
            to_location_id=to_location_id,
            location_ids=call.location_ids,
            now=call.now,
        )
    return Reallocated(result=Result(code=OK, message=SUCCESS))


def _named(
    call: Call, tid: int, said: Sequence[SubOrder]
) -> tuple[list[NamedWork], tuple[Named, ...]]:
    order = order_of(call, tid=tid)
    works = fulfilment.work_of(
        merchant_id=call.merchant_id, order_id=order.id, location_ids=call.location_ids
    )
    named = tuple(
        Named(
            line_id=each.sub_oid,
            location_id=location_id_of(
                call, store_id=each.store_id, place=f"sub_order_list[{position}].store_id"
            ),
        )
        for position, each in enumerate(said)
    )
    return named_work(works=works, named=named), named


def _reason(said: SubOrder) -> fulfilment.DeclineReason:
    for each in fulfilment.DECLINE_REASONS:
        if each in {said.code, said.message}:
            return each
    return DEFAULT_REFUSAL


def _pack(call: Call, work: fulfilment.FulfilmentOrder) -> None:
    """Whoever has sent it has picked and packed all of it."""

    def done(step: Callable[..., fulfilment.FulfilmentOrder]) -> fulfilment.FulfilmentOrder:
        return step(
            merchant_id=call.merchant_id,
            fulfilment_order_id=work.id,
            location_ids=call.location_ids,
            now=call.now,
        )

    state = work.state
    if state == "offered":
        state = done(fulfilment.accept).state
    if state == "accepted":
        state = done(fulfilment.start_picking).state
    if state == "picking":
        picked = {line.order_line_id: line.quantity for line in work.lines}
        done(partial(fulfilment.record_picked, picked_by_line=picked))
        done(fulfilment.pack)


def _number(found: NamedWork, sent: SentSubOrder, said: Sequence[SentSubOrder]) -> str:
    numbers = {said[position].logistic_no for position in found.positions}
    if len(numbers) > 1:
        why = f"sub_order_list[{found.positions[-1]}].logistic_no: one parcel for a store's lines"
        raise Refused(errors.INVALID_ARGUMENTS, "isv.invalid-parameter", why)
    number = sent.logistic_no or sent.package_id
    if number is not None:
        return number
    if sent.logistic_company_code == BY_THE_STORE:
        return f"SELF-{found.work.id}"
    why = f"sub_order_list[{found.positions[0]}].logistic_no: missing"
    raise Refused(errors.MISSING_ARGUMENTS, "isv.missing-parameter", why)


def _works_of_lines(
    call: Call, order_id: int, sub_order_ids: Sequence[str]
) -> list[fulfilment.FulfilmentOrder]:
    wanted = {int(each) for each in sub_order_ids if each.isascii() and each.isdigit()}
    live = [
        work
        for work in fulfilment.work_of(
            merchant_id=call.merchant_id, order_id=order_id, location_ids=call.location_ids
        )
        if work.state in fulfilment.REASSIGNABLE
    ]
    found = [work for work in live if wanted & {line.order_line_id for line in work.lines}]
    known = {line.order_line_id for work in found for line in work.lines}
    if not wanted or not wanted <= known:
        why = "sub_order_ids: no place has all of them and could give them up"
        raise Refused(errors.INVALID_ARGUMENTS, "isv.invalid-parameter", why)
    if known - wanted:
        left = ", ".join(str(line) for line in sorted(known - wanted))
        why = f"sub_order_ids: the store also has {left}"
        raise Refused(errors.INVALID_ARGUMENTS, "isv.sub-order-incomplete", why)
    return found


METHODS = (accepted, refused, consigned, reallocate)
