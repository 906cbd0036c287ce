"""Shares: who is owed what of which order, by which rule, and where it stands."""

from __future__ import annotations

from django.http import HttpResponse

from santong.console.selectors.sale_shares import sale_story
from santong.console.views.frame import page, shown
from santong.console.views.lists import SHOWN, asked_day, asked_text, asked_word, next_page
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.orders import public as orders
from santong.settlement import public as settlement


@page("shares.view")
def share_list(request: MerchantRequest) -> HttpResponse:
    """Shares, newest first: by party, by state, by day."""
    merchant_id = request.merchant_id
    seen = settlement.parties_seen(merchant_id=merchant_id, actor=request.actor)
    party_code = asked_text(request, "party")
    state = asked_word(request, "state", among=settlement.SHARE_STATES)
    day = asked_day(request, "day")
    party_ids = seen
    if party_code:
        named = settlement.parties_by_text(merchant_id=merchant_id, text=party_code)
        party_ids = frozenset(each.id for each in named if seen is None or each.id in seen)
    found = settlement.shares_page(
        merchant_id=merchant_id,
        party_ids=party_ids,
        state=state or None,  # type: ignore[arg-type]  # one of the words of the type
        frozen_from=day and day[1],
        frozen_until=day and day[2],
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    rows = found[:SHOWN]
    asked = {"party": party_code, "state": state, "day": day[0].isoformat() if day else ""}
    values = {
        "shares": rows,
        "order_by_id": orders.orders_by_id(
            merchant_id=merchant_id, order_ids={each.order_id for each in rows if each.order_id}
        ),
        "states": settlement.SHARE_STATES,
        "asked": asked,
        "next": next_page(found, **asked),
    }
    return shown(request, "settlement/shares", values, section="shares")


@page("shares.view")
def shares_of_order(request: MerchantRequest, order_id: str) -> HttpResponse:
    """One order: each line, each party's share, the rule that made it, and the ledger."""
    story = sale_story(
        merchant_id=request.merchant_id,
        order_id=id_of(order_id, kind="order"),
        party_ids=settlement.parties_seen(merchant_id=request.merchant_id, actor=request.actor),
    )
    return shown(request, "settlement/order", {"story": story}, section="shares")
