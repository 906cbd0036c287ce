"""Goods that buyers fetch at a store (自提): whose a code is, and handing over against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from santong.fulfilment import public as fulfilment
from santong.orders import public as orders
from santong.topgateway.contracts import Call
from santong.topgateway.methods.finding import order_of
from santong.topgateway.rules.arguments import Asked, Id, Text
from santong.topgateway.rules.declaring import method
from santong.topgateway.rules.numbers import tid_of

OK: Final = "0"
SUCCESS: Final = "success"
NOT_FOUND: Final = "CODE_NOT_FOUND"
ALREADY_USED: Final = "ALREADY_USED"
NOT_READY: Final = "NOT_READY"
WRONG: Final = "CODE_WRONG"
LOCKED: Final = "CODE_LOCKED"
READY: Final = "ready_for_pickup"


class CodeAsked(Asked):
    """A code that a buyer shows."""

    code: Text = Field(description="The pickup code.", max_length=32)


class CodeUsed(Asked):
    """A code against which goods are handed over."""

    main_order_id: Id = Field(description="The trade.")
    code: Text = Field(description="The pickup code.", max_length=32)
    operator: Text | None = Field(None, description="Who hands over.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeNamed:
    """A trade."""

    main_order_id: Annotated[int, "The trade."]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFound:
    """What a code opens."""

    err_code: Annotated[str, f"0, {NOT_FOUND} or {ALREADY_USED}."]
    err_msg: Annotated[str, "In words."]
    data: Annotated[TradeNamed | None, "The trade, where there is one."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a code opens."""

    result: Annotated[CodeFound, "What it opens."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """How it went."""

    err_code: Annotated[str, f"0, {WRONG}, {LOCKED}, {ALREADY_USED} or {NOT_READY}."]
    err_msg: Annotated[str, "In words."]


@method(
    "taobao.omniorder.storecollect.query",
    pack="stores",
    does="reads",
    permission="fulfilment.work",
)
def query(call: Call, asked: CodeAsked) -> Found:
    """Find the trade whose goods a pickup code opens, at the stores that the session sees."""
    work = fulfilment.work_of_code(
        merchant_id=call.merchant_id,
        code=asked.code,
        location_ids=call.location_ids,
        now=call.now,
    )
    if work is None:
        return Found(result=CodeFound(err_code=NOT_FOUND, err_msg="no such code", data=None))
    order = orders.order_by_id(merchant_id=call.merchant_id, order_id=work.order_id)
    is_waiting = work.state == READY
    return Found(
        result=CodeFound(
            err_code=OK if is_waiting else ALREADY_USED,
            err_msg=SUCCESS if is_waiting else "the goods do not wait any more",
            data=TradeNamed(main_order_id=tid_of(order)),
        )
    )


@method(
    "taobao.omniorder.storecollect.consume",
    pack="stores",
    does="writes",
    permission="fulfilment.work",
)
def consume(call: Call, asked: CodeUsed) -> Collected:
    """Hand goods over against their code; it works once.

    A wrong code is counted: five of them lock the goods for a quarter of an hour.
    """
    order = order_of(call, tid=asked.main_order_id, place="main_order_id")
    works = [
        work
        for work in fulfilment.work_of(
            merchant_id=call.merchant_id, order_id=order.id, location_ids=call.location_ids
        )
        if work.mode == "pickup"
    ]
    waiting = [work for work in works if work.state == READY]
    if not waiting:
        is_used = any(work.state == "delivered" for work in works)
        code = ALREADY_USED if is_used else NOT_READY
        return Collected(err_code=code, err_msg="the goods do not wait")
    collected = fulfilment.collect(
        merchant_id=call.merchant_id,
        fulfilment_order_id=_meant(call, asked.code, waiting),
        code=asked.code,
        location_ids=call.location_ids,
        now=call.now,
    )
    if isinstance(collected, fulfilment.CodeLocked):
        return Collected(err_code=LOCKED, err_msg=f"for {collected.retry_after_seconds} seconds")
    if isinstance(collected, fulfilment.CodeWrong):
        return Collected(err_code=WRONG, err_msg=f"{collected.tries_left} tries left")
    return Collected(err_code=OK, err_msg=SUCCESS)


def _meant(call: Call, code: str, waiting: list[fulfilment.FulfilmentOrder]) -> int:
    """Of several parcels of a trade, that of the code; a wrong code is counted at the first."""
    found = fulfilment.work_of_code(
        merchant_id=call.merchant_id, code=code, location_ids=call.location_ids, now=call.now
    )
    ids = [work.id for work in waiting]
    return found.id if found is not None and found.id in ids else ids[0]


METHODS = (query, consume)
