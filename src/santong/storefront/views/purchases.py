"""A member's orders, and the way from each of them to its after-sales page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.http import HttpResponse, HttpResponseRedirect

from santong.aftersales import public as aftersales
from santong.kernel.errors import NoSuch
from santong.kernel.http.pages import before_id, cursor_after, id_of
from santong.orders import public as orders
from santong.storefront.views.frame import MemberRequest, page, shown

SHOWN: Final = 20
DAYS_OF_A_LINK: Final = 30
# Of what was never sent nothing can come back.
NOTHING_SENT: Final = frozenset({"placed", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """An order with what the member has asked for after it."""

    order: orders.Order
    cases: tuple[aftersales.Case, ...]

    @property
    def can_ask(self) -> bool:
        """Whether something can be asked for after the sale."""
        return self.order.state not in NOTHING_SENT


@page("GET", "HEAD")
def orders_page(request: MemberRequest) -> HttpResponse:
    """What a member has ordered, the newest first, by pages."""
    found = orders.orders_page(
        merchant_id=request.house.id,
        member_id=request.member.id,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    cases = defaultdict[int, list[aftersales.Case]](list)
    for case in aftersales.cases_page(merchant_id=request.house.id, member_id=request.member.id):
        cases[case.order_id].append(case)
    values = {
        "purchases": [
            Purchase(order=order, cases=tuple(cases[order.id])) for order in found[:SHOWN]
        ],
        "cursor": cursor_after(found[SHOWN - 1].id) if len(found) > SHOWN else "",
    }
    return shown(request, "orders", values, tab="mine")


@page("POST")
def after_sale(request: MemberRequest, order_id: str) -> HttpResponse:
    """Open the after-sales page of one of the member's own orders."""
    wanted = id_of(order_id, kind="order")
    order = orders.order_by_id(merchant_id=request.house.id, order_id=wanted)
    if order.member_id != request.member.id:
        raise NoSuch(kind="order", key=order_id[:40])
    token = aftersales.open_link(
        merchant_id=request.house.id,
        order_id=order.id,
        days=DAYS_OF_A_LINK,
        now=datetime.now(UTC),
    )
    return HttpResponseRedirect(f"/c/{token}/")
