"""Whose promises somebody looks at, and what is told to them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from santong.clocks import public as clocks
from santong.console.rules.menu import OPEN
from santong.console.views.frame import places_of
from santong.kernel.http.auth import MerchantRequest
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.stores import public as stores

EDIT: Final = "clocks.edit"
MOST_DIGITS: Final = 18
Heard = tuple[str, frozenset[str] | None]


def sight_of_clocks(request: MerchantRequest) -> clocks.Sight:
    """Clocks of the stores at which somebody works."""
    return clocks.Sight(stores=_codes(request, request.actor.location_ids))


def may_edit(request: MerchantRequest) -> bool:
    """Whether somebody may change what is promised: for all of the merchant, or not at all."""
    return places_of(request, EDIT) is None


def heard_by(request: MerchantRequest) -> list[Heard]:
    """Roles of whoever is logged in, with the stores at which they have them; None: everywhere."""
    if request.actor.kind != "staff":
        return []
    grants = merchants.grants_of(merchant_id=request.merchant_id, staff_id=int(request.actor.id))
    own = _codes(request, {each.location_id for each in grants if each.location_id})
    wide = _codes(request, places_of(request, OPEN))
    heard: list[Heard] = []
    for each in grants:
        if each.location_id is not None:
            heard.append((each.role, own))
        elif each.brand_id is not None or each.dealer_id is not None:
            heard.append((each.role, wide or frozenset()))
        else:
            heard.append((each.role, None))
    return heard


def numbers_of(request: MerchantRequest, subjects: Collection[str]) -> dict[str, str]:
    """What subjects are called outside, as far as they have such a name: orders by their number."""
    ids = {
        int(number)
        for kind, _, number in (subject.partition(":") for subject in subjects)
        if kind == "order" and number.isdigit() and len(number) <= MOST_DIGITS
    }
    found = orders.orders_by_id(merchant_id=request.merchant_id, order_ids=ids)
    return {f"order:{order_id}": each.external_number for order_id, each in found.items()}


def _codes(request: MerchantRequest, places: Collection[int] | None) -> frozenset[str] | None:
    if places is None:
        return None
    found = stores.locations_by_id(merchant_id=request.merchant_id, location_ids=places)
    return frozenset(each.code for each in found.values())
