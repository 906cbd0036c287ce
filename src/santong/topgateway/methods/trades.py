"""Trades (订单), read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import Field

from santong.orders import public as orders
from santong.topgateway import errors
from santong.topgateway.contracts import Call
from santong.topgateway.errors import Refused
from santong.topgateway.methods.finding import LONGEST_PAGE, order_of
from santong.topgateway.methods.trade_documents import Trade, trades_of
from santong.topgateway.rules.arguments import Asked, Flag, Id, Moment, Page, PageSize, Words
from santong.topgateway.rules.declaring import method
from santong.topgateway.rules.outline import Item
from santong.topgateway.rules.trades import STATES_BY_STATUS, Status

LONGEST_STRETCH: Final = timedelta(days=92)
LONGEST_CHANGES: Final = timedelta(days=1)


class FullInfo(Asked):
    """One trade."""

    fields: Words | None = Field(None, description="What to tell; all of it is told.")
    tid: Id = Field(description="The trade.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTrade:
    """One trade."""

    trade: Annotated[Trade, "The trade."]


class Sold(Asked):
    """Trades of a stretch of time."""

    fields: Words | None = Field(None, description="What to tell; all of it is told.")
    start_created: Moment | None = Field(None, description="Placed from then on, GMT+8.")
    end_created: Moment | None = Field(None, description="Placed before then, GMT+8.")
    status: Status | None = Field(None, description="How far they have come.")
    page_no: Page = Field(1, description="From 1.")
    page_size: PageSize = Field(40, description=f"At most {LONGEST_PAGE}.")
    use_has_next: Flag = Field(default=False, description="Ask whether more follow, not how many.")


class Changed(Asked):
    """Trades to which something happened in a stretch of time."""

    fields: Words | None = Field(None, description="What to tell; all of it is told.")
    start_modified: Moment = Field(description="Changed from then on, GMT+8.")
    end_modified: Moment = Field(description="Changed before then, GMT+8; a day later at most.")
    status: Status | None = Field(None, description="How far they have come.")
    page_no: Page = Field(1, description="From 1.")
    page_size: PageSize = Field(40, description=f"At most {LONGEST_PAGE}.")
    use_has_next: Flag = Field(default=False, description="Ask whether more follow, not how many.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyTrades:
    """Trades, page by page."""

    trades: Annotated[tuple[Trade, ...], "The newest first, or the last changed.", Item("trade")]
    total_results: Annotated[int | None, "How many there are; not with use_has_next."]
    has_next: Annotated[bool | None, "Whether more follow; with use_has_next."]


@method("taobao.trade.fullinfo.get", pack="orders", does="reads", permission="orders.view")
def fullinfo(call: Call, asked: FullInfo) -> OneTrade:
    """Read one trade with its lines, its receiver as far as the seller has let it be seen."""
    (trade,) = trades_of(call, [order_of(call, tid=asked.tid)])
    return OneTrade(trade=trade)


@method("taobao.trades.sold.get", pack="orders", does="reads", permission="orders.view")
def sold(call: Call, asked: Sold) -> ManyTrades:
    """Read the trades of a stretch of time, three months at most, the newest first."""
    placed_from, placed_until = _stretch(asked, call.now)
    states = STATES_BY_STATUS[asked.status] if asked.status else ()
    more = 1 if asked.use_has_next else 0
    found = orders.orders_placed(
        merchant_id=call.merchant_id,
        placed_from=placed_from,
        placed_until=placed_until,
        states=states,
        location_ids=call.location_ids,
        offset=(asked.page_no - 1) * asked.page_size,
        limit=asked.page_size + more,
    )
    total = None
    if not asked.use_has_next:
        total = orders.count_placed(
            merchant_id=call.merchant_id,
            placed_from=placed_from,
            placed_until=placed_until,
            states=states,
            location_ids=call.location_ids,
        )
    return ManyTrades(
        trades=trades_of(call, found[: asked.page_size]),
        total_results=total,
        has_next=len(found) > asked.page_size if asked.use_has_next else None,
    )


@method("taobao.trades.sold.increment.get", pack="orders", does="reads", permission="orders.view")
def changed(call: Call, asked: Changed) -> ManyTrades:
    """Read the trades to which something happened in a stretch of time, the last changed first.

    A change has the moment at which it was asked for, and is seen once it is done: let stretches
    overlap by a minute.
    """
    if not timedelta() < asked.end_modified - asked.start_modified <= LONGEST_CHANGES:
        why = "end_modified: after start_modified, by a day at most"
        raise Refused(errors.INVALID_ARGUMENTS, "isv.invalid-parameter", why)
    found = orders.orders_changed(
        merchant_id=call.merchant_id,
        changed_from=asked.start_modified,
        changed_until=asked.end_modified,
        states=STATES_BY_STATUS[asked.status] if asked.status else (),
        location_ids=call.location_ids,
        offset=(asked.page_no - 1) * asked.page_size,
        limit=asked.page_size,
    )
    if found.is_cut:
        why = "end_modified: too many changes, ask for a shorter stretch"
        raise Refused(errors.INVALID_ARGUMENTS, "isv.invalid-parameter", why)
    return ManyTrades(
        trades=trades_of(call, found.orders, changed_at=found.changed_at),
        total_results=None if asked.use_has_next else found.total,
        has_next=found.total > asked.page_no * asked.page_size if asked.use_has_next else None,
    )


def _stretch(asked: Sold, now: datetime) -> tuple[datetime, datetime]:
    until = asked.end_created or now
    since = asked.start_created or until - LONGEST_STRETCH
    if not timedelta() < until - since <= LONGEST_STRETCH:
        why = "end_created: after start_created, by 92 days at most"
        raise Refused(errors.INVALID_ARGUMENTS, "isv.invalid-parameter", why)
    return since, until


METHODS = (fullinfo, sold, changed)
