"""How many orders there are, for screens: over a day, or still open."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Sum
from django.db.models.functions import TruncHour

from santong.orders import contracts
from santong.orders.models import Order
from santong.orders.rules.states import OPEN


def figures_by_hour(
    *,
    merchant_id: int,
    placed_from: datetime,
    placed_until: datetime,
    location_ids: frozenset[int] | None = None,
) -> list[contracts.HourFigure]:
    """Orders of a stretch of time by the hour in which they were placed, state and currency.

    `placed_until` is excluded. Hours are those of `placed_from`'s zone.
    """
    rows = (
        Order.objects.of_merchant(merchant_id)
        .visible_at(location_ids)
        .filter(placed_at__gte=placed_from, placed_at__lt=placed_until)
        .annotate(hour=TruncHour("placed_at", tzinfo=placed_from.tzinfo))
        .values_list("hour", "state", "currency")
        .annotate(Count("id"), Sum("total_minor"))
        .order_by("hour")
    )
    return [
        contracts.HourFigure(
            hour=hour, state=state, currency=currency, orders=count, total_minor=int(total)
        )
        for hour, state, currency, count, total in rows
    ]


def open_by_state(
    *, merchant_id: int, location_ids: frozenset[int] | None = None
) -> dict[str, int]:
    """How many orders are in each state from which something has still to happen."""
    rows = Order.objects.of_merchant(merchant_id).visible_at(location_ids).filter(state__in=OPEN)
    counted = dict(rows.values_list("state").annotate(Count("id")).order_by())
    return {state: counted.get(state, 0) for state in OPEN}
