"""What the codes in an order stand for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from santong.catalog import public as catalog
from santong.kernel.errors import NoSuch
from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.orders.contracts import MOST_LINES, NewOrder
from santong.orders.errors import InvalidOrder, Problem
from santong.orders.rules.intake import problems_of
from santong.stores import public as stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The storefront, the SKU of every line, and the places that an order names."""

    storefront: merchants.Storefront
    skus: tuple[catalog.Sku, ...]
    pickup_location_id: int | None
    seller_location_id: int | None
    member_id: int | None


def named_in(*, merchant_id: int, order: NewOrder) -> Named:
    """Look up all that an order names; everything that is wrong with it is said at once.

    Raises InvalidOrder.
    """
    problems = list(problems_of(new=order))
    wrong = {problem.pointer for problem in problems}
    storefront = None if "/storefront_code" in wrong else _storefront(merchant_id, order)
    skus = _skus(merchant_id, order, wrong)
    place_ids = _place_ids(merchant_id, order, wrong)
    unknown = [
        *(["/storefront_code"] if storefront is None else []),
        *(f"/lines/{place}/sku_code" for place, sku in enumerate(skus) if sku is None),
        *(f"/{name}" for name, location_id in place_ids.items() if location_id is None),
    ]
    problems += [
        Problem(pointer=pointer, reason="unknown") for pointer in unknown if pointer not in wrong
    ]
    if problems or storefront is None:
        raise InvalidOrder(errors=tuple(problems))
    return Named(
        storefront=storefront,
        skus=tuple(sku for sku in skus if sku is not None),
        pickup_location_id=place_ids.get("pickup_location_code"),
        seller_location_id=place_ids.get("seller_location_code"),
        member_id=_member_id(merchant_id, order.member_reference),
    )


def _storefront(merchant_id: int, order: NewOrder) -> merchants.Storefront | None:
    try:
        return merchants.storefront_by_code(merchant_id=merchant_id, code=order.storefront_code)
    except NoSuch:
        return None


def _skus(merchant_id: int, order: NewOrder, wrong: Collection[str]) -> list[catalog.Sku | None]:
    """The SKU of each line; none where the code is unknown or no code at all."""
    codes = [
        None if f"/lines/{place}/sku_code" in wrong else line.sku_code
        for place, line in enumerate(order.lines[:MOST_LINES])
    ]
    wanted = [code for code in codes if code is not None]
    found = catalog.skus_by_code(merchant_id=merchant_id, codes=wanted) if wanted else {}
    return [found.get(code) if code is not None else None for code in codes]


def _member_id(merchant_id: int, reference: str | None) -> int | None:
    """Whom a member's or a card's number finds, if it is one; a channel may send its own names."""
    if not reference:
        return None
    member = membership.member_of_number(merchant_id=merchant_id, number=reference)
    if member is not None:
        return member.id
    found = membership.members_of_card(merchant_id=merchant_id, number=reference)
    current = membership.current_member_ids(
        merchant_id=merchant_id, member_ids=[member.id for member in found]
    )
    ids = set(current.values())
    return ids.pop() if len(ids) == 1 else None


def _place_ids(merchant_id: int, order: NewOrder, wrong: Collection[str]) -> dict[str, int | None]:
    """Ids of the places that the order names, by field."""
    named = {
        name: code
        for name in ("pickup_location_code", "seller_location_code")
        if (code := getattr(order, name)) and f"/{name}" not in wrong
    }
    if not named:
        return {}
    id_by_code = stores.location_map(merchant_id=merchant_id).id_by_code
    return {name: id_by_code.get(code) for name, code in named.items()}
