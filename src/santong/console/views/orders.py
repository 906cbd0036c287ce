"""Orders: the list, and one order with the reason for its route."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from santong.aftersales import public as aftersales
from santong.agreements import public as agreements
from santong.console.selectors import order_story, routes, why
from santong.console.views.frame import may_at, page, places_of, sentence_of, shown, sight_of
from santong.fulfilment import public as fulfilment
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, cursor_after, id_of
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.presales import public as presales
from santong.settlement import public as settlement
from santong.stores import public as stores

SHOWN = 50
LONGEST_NUMBER = 64
CANCELLABLE = frozenset({"placed", "paid", "paid_without_stock", "partly_shipped"})


@page("orders.view")
def order_list(request: MerchantRequest) -> HttpResponse:
    """Orders, newest first: by state, storefront, number and day."""
    asked = {
        name: request.GET.get(name, "").strip()[:LONGEST_NUMBER]
        for name in ("state", "storefront", "number", "day")
    }
    storefronts = merchants.storefronts(merchant_id=request.merchant_id)
    known = {str(each.id) for each in storefronts}
    day = _day(asked["day"])
    asked["day"] = day.isoformat() if day else ""
    begins = _midnight(request, day) if day else None
    found = orders.orders_page(
        merchant_id=request.merchant_id,
        state=asked["state"] if asked["state"] in get_args(orders.State) else None,  # type: ignore[arg-type]  # one of the words of the type
        storefront_id=int(asked["storefront"]) if asked["storefront"] in known else None,
        external_number=asked["number"] or None,
        placed_from=begins,
        placed_until=begins and _midnight(request, day + timedelta(days=1)) if day else None,
        location_ids=request.actor.location_ids,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    more = len(found) > SHOWN
    filters = {name: text for name, text in asked.items() if text}
    values = {
        "orders": found[:SHOWN],
        "asked": asked,
        "storefronts": storefronts,
        "name_by_storefront": {each.id: each.name for each in storefronts},
        "states": get_args(orders.State),
        "is_filtered": bool(filters),
        "next": (
            urlencode({**filters, "cursor": cursor_after(found[SHOWN - 1].id)}) if more else ""
        ),
        "first": urlencode(filters) if request.GET.get("cursor") else "",
        "is_first": not request.GET.get("cursor"),
    }
    return shown(request, "orders", values, section="orders")


@page("orders.view")
def order_detail(request: MerchantRequest, order_id: str) -> HttpResponse:
    """One order: lines, money, recipient, route, timeline, work."""
    return order_page(request, id_of(order_id, kind="order"))


def order_page(
    request: MerchantRequest,
    order_id: int,
    *,
    refused: DomainError | None = None,
    failed: str = "",
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page of one order; with a refusal beside the form that was refused."""
    story = order_story.story_of(
        merchant_id=request.merchant_id,
        order_id=order_id,
        sight=sight_of(request),
        shows_routes="routing.view" in request.actor.permissions,
    )
    order = story.order
    storefronts = merchants.storefronts(merchant_id=request.merchant_id)
    values = {
        "story": story,
        "storefront_name": next(
            (each.name for each in storefronts if each.id == order.storefront_id),
            order.storefront_code,
        ),
        "order": order,
        "places": story.place_by_id,
        "routes": _routes(request, story),
        "can_cancel": order.state in CANCELLABLE and _may(request, "orders.cancel", story),
        "can_fill": _may(request, "exceptions.handle", story),
        "can_pay": order.state == "placed" and _may(request, "orders.pay", story),
        "payments_of": (
            urlencode({"document": orders.document_of(order_id=order.id)})
            if story.is_whole and places_of(request, "payments.view") is None
            else ""
        ),
        "presale": (
            presales.presale_of_order(merchant_id=request.merchant_id, order_id=order.id)
            if story.is_whole and places_of(request, "presales.view") != frozenset()
            else None
        ),
        "can_reveal": _may(request, "personal_data.reveal", story),
        "reassignable": {
            each.id
            for each in story.work
            if each.state in fulfilment.REASSIGNABLE
            and each.mode == "ship"
            and may_at(request, "exceptions.handle", each.location_id)
        },
        "staying": {
            each.id
            for each in story.work
            if each.state in fulfilment.LIVE
            and each.mode == "pickup"
            and may_at(request, "exceptions.handle", each.location_id)
        },
        "exhausted": {
            each.id for each in story.work if not fulfilment.may_try_again(attempt=each.attempt)
        },
        "is_shared": story.is_whole
        and places_of(request, "shares.view") != frozenset()
        and settlement.is_shared(merchant_id=request.merchant_id, document=f"order:{order.id}"),
        **_agreed(request, order),
        "cases": _cases(request, order.id),
        "made_by": aftersales.case_of_order_made(
            merchant_id=request.merchant_id, order_id=order.id
        ),
        "reassign_reasons": fulfilment.REASSIGN_REASONS,
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
        **(extra or {}),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "order", values, section="orders", status=status)


def _agreed(request: MerchantRequest, order: orders.Order) -> dict[str, Any]:
    """What is promised beside the goods, and whether somebody may offer more."""
    places = places_of(request, "agreements.view")
    offering = places_of(request, "agreements.offer")
    sold_at = {order.seller_location_id}
    return {
        "agreed": agreements.agreements_of(
            merchant_id=request.merchant_id,
            document=orders.document_of(order_id=order.id),
            location_ids=places,
        ),
        "may_agree": order.state != "cancelled" and (offering is None or bool(offering & sold_at)),
    }


def _may(request: MerchantRequest, permission: str, story: order_story.Story) -> bool:
    """Whether somebody may do a thing with this order, where it is sold or where they send it."""
    if not story.is_whole:
        sends = any(
            each.state in fulfilment.LIVE and may_at(request, permission, each.location_id)
            for each in story.work
        )
        return permission == "personal_data.reveal" and sends
    places = places_of(request, permission)
    order = story.order
    return places is None or bool(places & {order.seller_location_id, order.pickup_location_id})


def _routes(request: MerchantRequest, story: order_story.Story) -> list[dict[str, Any]]:
    """Each decision, the newest first and drawn."""
    name_by_id = {place.id: place.name for place in story.place_by_id.values()}
    everywhere = stores.location_map(merchant_id=request.merchant_id) if story.decisions else None
    found: list[dict[str, Any]] = []
    for decision in reversed(story.decisions):
        rows = routes.compared(decision=decision, place_by_id=story.place_by_id)
        drawn = everywhere is not None and not found
        found.append(
            {
                "decision": decision,
                "rows": rows,
                "parts": routes.used_parts(rows),
                "why": why.why(
                    decision=decision, name_by_id=name_by_id, currency=story.order.currency
                ),
                "set_aside": dict(decision.sourcing.set_aside),
                "map": (
                    routes.route_map(order=story.order, rows=rows, everywhere=everywhere)
                    if drawn and everywhere is not None
                    else None
                ),
            }
        )
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(request: MerchantRequest, day: date) -> datetime:
    zone = ZoneInfo(request.merchant.timezone)  # type: ignore[attr-defined]
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _cases(request: MerchantRequest, order_id: int) -> list[aftersales.Case]:
    """What was asked for after the sale, for those who work on cases."""
    if places_of(request, "cases.view") == frozenset():
        return []
    return aftersales.cases_of_order(merchant_id=request.merchant_id, order_id=order_id)
