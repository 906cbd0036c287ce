"""A session as the protocol's checkout object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from santong.agents.contracts import (
    Address,
    AgentShop,
    Asked,
    Document,
    Facts,
    Message,
    Method,
    Shelf,
    Standing,
    Status,
    Variant,
)
from santong.agents.rules.ucp.standing import freight_minor, store_id

_OPTION: Final[Mapping[Method, tuple[str, str, str]]] = {
    "shipping": ("standard", "标准配送 · Standard delivery", "配送 · Delivery"),
    "pickup": ("collect", "到店自提 · Collect in store", "自提 · Collection"),
}
_BUYER: Final = ("first_name", "last_name", "email", "phone_number")
_POSTAL: Final = (
    "street_address",
    "extended_address",
    "address_locality",
    "address_region",
    "address_country",
    "postal_code",
    "first_name",
    "last_name",
    "phone_number",
)


def body_of(*, asked: Asked, facts: Facts, standing: Standing) -> Document:
    """What does not change once an order is placed: lines, totals, buyer, way, links."""
    document: Document = {
        "currency": facts.shop.currency,
        "line_items": [
            _line(place, line.quantity, facts.variant_by_item[line.item_id])
            for place, line in enumerate(asked.lines)
            if line.item_id in facts.variant_by_item
        ],
        "totals": _totals(standing),
        "links": _links(facts.shop),
    }
    buyer = {name: getattr(asked.buyer, name) for name in _BUYER if getattr(asked.buyer, name)}
    if buyer:
        document["buyer"] = buyer
    document["fulfillment"] = _fulfilment(asked, facts, standing)
    return document


def checkout_document(
    *,
    ucp: Document,
    session_id: str,
    status: Status,
    body: Document,
    messages: Sequence[Message],
    expires_at: datetime,
    continue_url: str,
    order: Document | None = None,
) -> Document:
    """The whole answer. Where a session has ended there is nowhere to go on to."""
    document: Document = {"ucp": ucp, "id": session_id, "status": status, **body}
    document["expires_at"] = expires_at.isoformat()
    if messages:
        document["messages"] = [message.as_document() for message in messages]
    if status not in ("completed", "canceled"):
        document["continue_url"] = continue_url
    return {**document, "order": order} if order else document


def _line(place: int, quantity: int, variant: Variant) -> Document:
    amount = variant.price_minor * quantity
    return {
        "id": _line_id(place),
        "item": {"id": variant.id, "title": variant.name, "price": variant.price_minor},
        "quantity": quantity,
        "totals": [{"type": "subtotal", "amount": amount}, {"type": "total", "amount": amount}],
    }


def _line_id(place: int) -> str:
    return f"li_{place + 1}"


def _totals(standing: Standing) -> list[Document]:
    totals: list[Document] = [{"type": "subtotal", "amount": standing.goods_minor}]
    if standing.method is not None:
        words = _OPTION[standing.method][2]
        totals.append(
            {"type": "fulfillment", "display_text": words, "amount": standing.freight_minor}
        )
    return [*totals, {"type": "total", "amount": standing.total_minor}]


def _links(shop: AgentShop) -> list[Document]:
    named = (
        ("terms_of_service", shop.terms_url),
        ("privacy_policy", shop.privacy_url),
        ("refund_policy", shop.returns_url),
    )
    return [{"type": kind, "url": url} for kind, url in named if url]


def _fulfilment(asked: Asked, facts: Facts, standing: Standing) -> Document:
    ids = [
        _line_id(place)
        for place, line in enumerate(asked.lines)
        if line.item_id in facts.variant_by_item
    ]
    ways = standing.ways
    ordered = sorted(ways, key=lambda way: way != standing.method)
    return {
        "methods": [_method(way, asked, facts, standing, ids) for way in ordered],
        "available_methods": [
            {"type": way, "line_item_ids": ids, "fulfillable_on": "now"} for way in ways
        ],
    }


def _method(
    way: Method, asked: Asked, facts: Facts, standing: Standing, ids: list[str]
) -> Document:
    is_chosen = way == standing.method
    chosen: str | None = None
    if way == "shipping":
        destinations = [_postal(address) for address in asked.addresses]
        if is_chosen and standing.address:
            chosen = standing.address.id
    else:
        destinations = [_retail(shelf) for shelf in standing.stores]
        if is_chosen and standing.store:
            chosen = store_id(standing.store)
    option_id, title, _ = _OPTION[way]
    cost = freight_minor(facts=facts, goods_minor=standing.goods_minor) if way == "shipping" else 0
    group: Document = {
        "id": f"package_{way}",
        "line_item_ids": ids if is_chosen else [],
        "options": [
            {"id": option_id, "title": title, "totals": [{"type": "total", "amount": cost}]}
        ],
        "selected_option_id": option_id if is_chosen else None,
    }
    return {
        "id": f"method_{way}",
        "type": way,
        "line_item_ids": ids if is_chosen else [],
        "destinations": destinations,
        "selected_destination_id": chosen,
        "groups": [group],
    }


def _postal(address: Address) -> Document:
    given = {name: getattr(address, name) for name in _POSTAL if getattr(address, name)}
    return {"id": address.id, **given}


def _retail(shelf: Shelf) -> Document:
    return {
        "id": store_id(shelf),
        "name": shelf.name,
        "address": {
            "street_address": f"{shelf.district}{shelf.address}",
            "address_locality": shelf.city,
            "address_region": shelf.province,
            "address_country": shelf.country,
        },
    }
