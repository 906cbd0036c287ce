"""Price what is scarce, so that a unit is kept for the order that needs it there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from santong.catalog import public as catalog
from santong.inventory import public as inventory
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.routing.models import ScarcityPrice
from santong.routing.rules.prices.expect import expected_prices
from santong.routing.rules.prices.problem import StockLeft
from santong.routing.rules.prices.scarcity import Asked, price_problem, scarce_skus
from santong.routing.selectors.fields import forget_prices, places_of
from santong.routing.selectors.points import NOWHERE, point_of
from santong.routing.selectors.policies import policy_of

PAST_DAYS = 28
HORIZON_DAYS = 7
SKUS_MAX = 2_000

log = structlog.get_logger(__name__)


@all_or_nothing
def solve_prices(*, merchant_id: int, now: datetime) -> int:
    """Put new scarcity prices in place of the old ones; how many units of stock have a price.

    Demand of the coming week is drawn several times around that of the last four; a unit's price
    is its mean over the draws. Orders that are routed while this runs use the old prices.
    """
    past = _past_orders(merchant_id, now)
    wanted = {sku_id for order in past for sku_id, _ in order.quantity_by_sku}
    scarce = scarce_skus(
        past=past,
        atp_by_sku=inventory.atp_by_sku(merchant_id=merchant_id, sku_ids=wanted),
        past_days=PAST_DAYS,
        horizon_days=HORIZON_DAYS,
    )
    scarce = frozenset(sorted(scarce)[:SKUS_MAX])
    prices = _solved(merchant_id, past, scarce, now) if scarce else {}
    ScarcityPrice.objects.of_merchant(merchant_id).delete()
    ScarcityPrice.objects.bulk_create(
        ScarcityPrice(
            merchant_id=merchant_id,
            location_id=location_id,
            sku_id=sku_id,
            price_milli=price,
            solved_at=now,
        )
        for (location_id, sku_id), price in sorted(prices.items())
    )
    transaction.on_commit(lambda: forget_prices(merchant_id=merchant_id))
    log.info("prices_solved", merchant_id=merchant_id, scarce=len(scarce), prices=len(prices))
    return len(prices)


def _past_orders(merchant_id: int, now: datetime) -> list[Asked]:
    """Orders whose place on the map is known."""
    since = now - timedelta(days=PAST_DAYS)
    return [
        Asked(
            latitude=point[0],
            longitude=point[1],
            quantity_by_sku=order.quantity_by_sku,
            pickup_location_id=order.pickup_location_id,
        )
        for order in orders.wanted_since(merchant_id=merchant_id, since=since)
        if (point := NOWHERE if order.pickup_location_id else point_of(order)) is not None
    ]


def _solved(
    merchant_id: int, past: list[Asked], scarce: frozenset[int], now: datetime
) -> Mapping[tuple[int, int], int]:
    places, _ = places_of(merchant_id=merchant_id, mode="ship", seller_dealer_id=0, now=now)
    counters, _ = places_of(merchant_id=merchant_id, mode="pickup", seller_dealer_id=0, now=now)
    skus = catalog.skus_by_id(merchant_id=merchant_id, sku_ids=scarce)
    problem = price_problem(
        past=past,
        scarce=scarce,
        stock=[
            StockLeft(location_id=atp.location_id, sku_id=atp.sku_id, quantity=atp.quantity)
            for atp in inventory.atp_at(
                merchant_id=merchant_id, sku_ids=sorted(scarce), location_ids=None
            )
        ],
        places=places,
        counters=counters,
        tariff=policy_of(merchant_id=merchant_id).tariff,
        weight_grams_by_sku={sku_id: sku.weight_grams for sku_id, sku in skus.items()},
        past_days=PAST_DAYS,
        horizon_days=HORIZON_DAYS,
    )
    return expected_prices(problem=problem).price_milli_by_place
