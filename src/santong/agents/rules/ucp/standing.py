"""How a checkout session stands: one function of what was asked for and what is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from santong.agents.contracts import Address, Asked, Facts, Method, Shelf, Standing
from santong.agents.rules.ucp.messages import Choice, messages_about, quantities_of, sold_in

MOST_STORES: Final = 20


def standing_of(*, asked: Asked, facts: Facts) -> Standing:
    """Status, totals and messages. Ready when it can be placed as it is, with stock that is there.

    Only the order itself binds stock: what is ready may still be refused when it is placed.
    """
    sold = sold_in(asked=asked, facts=facts)
    goods = sum(variant.price_minor * quantity for variant, quantity in sold.values())
    wanted = quantities_of(asked=asked, facts=facts)
    ways = _ways(wanted, facts)
    method = asked.method if asked.method in ways else None
    stores = _stores(wanted, facts, asked) if "pickup" in ways else ()
    address = _address(asked) if method == "shipping" else None
    store = _store(asked, stores) if method == "pickup" else None
    choice = Choice(ways=ways, method=method, address=address, store=store)
    messages = messages_about(asked=asked, facts=facts, choice=choice)
    return Standing(
        status="incomplete" if messages else "ready_for_complete",
        messages=messages,
        goods_minor=goods,
        freight_minor=freight_minor(facts=facts, goods_minor=goods) if method == "shipping" else 0,
        method=method,
        address=address,
        store=store,
        stores=stores,
        ways=ways,
    )


def freight_minor(*, facts: Facts, goods_minor: int) -> int:
    """What delivery costs for goods of this worth."""
    free_from = facts.shop.free_from_minor
    if free_from is not None and goods_minor >= free_from:
        return 0
    return facts.shop.freight_minor


def is_nothing_to_be_had(*, asked: Asked, facts: Facts) -> bool:
    """Whether not one of the items that were asked for can be bought at all."""
    return not any(
        variant is not None and variant.is_sellable and variant.promisable > 0
        for variant in (facts.variant_by_item.get(line.item_id) for line in asked.lines)
    )


def _ways(wanted: Mapping[int, int], facts: Facts) -> tuple[Method, ...]:
    """How all of it could be had: sent from places together, or collected at one."""
    found: list[Method] = []
    if wanted and all(_shippable(sku_id, facts) >= units for sku_id, units in wanted.items()):
        found.append("shipping")
    if wanted and any(_has_all(shelf, wanted) for shelf in facts.shelves):
        found.append("pickup")
    return tuple(found)


def _shippable(sku_id: int, facts: Facts) -> int:
    return sum(shelf.atp_by_sku.get(sku_id, 0) for shelf in facts.shelves if shelf.can_ship)


def _has_all(shelf: Shelf, wanted: Mapping[int, int]) -> bool:
    return shelf.can_pickup and all(
        shelf.atp_by_sku.get(sku_id, 0) >= units for sku_id, units in wanted.items()
    )


def _stores(wanted: Mapping[int, int], facts: Facts, asked: Asked) -> tuple[Shelf, ...]:
    """Where all of it lies together: those of the buyer's region first, then by name."""
    regions = {asked.region, *(address.address_locality for address in asked.addresses)} - {""}
    having = [shelf for shelf in facts.shelves if _has_all(shelf, wanted)]
    having.sort(
        key=lambda shelf: (
            str(shelf.location_id) != _store_number(asked.destination_id),
            not any(shelf.city.startswith(each) for each in regions),
            not any(shelf.province.startswith(each) for each in regions),
            shelf.name,
            shelf.location_id,
        )
    )
    return tuple(having[:MOST_STORES])


def store_id(shelf: Shelf) -> str:
    """A store as a destination."""
    return f"store-{shelf.location_id}"


def _store_number(destination_id: str) -> str:
    return destination_id.removeprefix("store-")


def _store(asked: Asked, stores: tuple[Shelf, ...]) -> Shelf | None:
    return next((each for each in stores if store_id(each) == asked.destination_id), None)


def _address(asked: Asked) -> Address | None:
    """The one that was selected; the only one need not be."""
    if not asked.destination_id and len(asked.addresses) == 1:
        return asked.addresses[0]
    return next((each for each in asked.addresses if each.id == asked.destination_id), None)
