"""Work, parcels and exceptions, for reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from django.db.models import Count

from santong.fulfilment import contracts
from santong.fulfilment.models import (
    ExceptionCase,
    FulfilmentLine,
    FulfilmentOrder,
    Offer,
    Parcel,
    TrackingEvent,
)
from santong.fulfilment.rules.states import BOUND, LIVE
from santong.kernel.errors import NoSuch
from santong.orders import public as orders


def work_by_id(
    *, merchant_id: int, fulfilment_order_id: int, location_ids: frozenset[int] | None = None
) -> contracts.FulfilmentOrder:
    """One piece of work with its offers and parcels. Raises NoSuch."""
    rows = (
        FulfilmentOrder.objects.of_merchant(merchant_id)
        .visible_at(location_ids)
        .filter(id=fulfilment_order_id)
    )
    found = _whole(merchant_id, rows)
    if not found:
        raise NoSuch(kind="fulfilment order", key=str(fulfilment_order_id))
    return found[0]


def work_of(
    *, merchant_id: int, order_id: int, location_ids: frozenset[int] | None = None
) -> list[contracts.FulfilmentOrder]:
    """All that was ever asked of places for an order, first to last."""
    rows = (
        FulfilmentOrder.objects.of_merchant(merchant_id)
        .visible_at(location_ids)
        .filter(order_id=order_id)
    )
    return _whole(merchant_id, rows.order_by("id"))


def bound_work_of(
    *, merchant_id: int, order_id: int, location_ids: frozenset[int] | None
) -> list[contracts.FulfilmentOrder]:
    """What some places have or had to do themselves for an order, without what they gave back."""
    rows = (
        FulfilmentOrder.objects.of_merchant(merchant_id)
        .visible_at(location_ids)
        .filter(order_id=order_id, state__in=BOUND)
    )
    return _whole(merchant_id, rows.order_by("id"))


def orders_bound_to(
    *, merchant_id: int, order_ids: Collection[int], location_ids: frozenset[int] | None
) -> set[int]:
    """Those of some orders for which some places have or had something to do themselves."""
    rows = (
        FulfilmentOrder.objects.of_merchant(merchant_id)
        .visible_at(location_ids)
        .filter(order_id__in=list(order_ids), state__in=BOUND)
    )
    return set(rows.values_list("order_id", flat=True))


def work_page(
    *,
    merchant_id: int,
    location_ids: frozenset[int] | None = None,
    at_location_id: int | None = None,
    states: Collection[contracts.State] = (),
    before_id: int,
    limit: int,
) -> list[contracts.FulfilmentOrder]:
    """Work, newest first, below an id: by place and state."""
    rows = (
        FulfilmentOrder.objects.of_merchant(merchant_id)
        .visible_at(location_ids)
        .filter(id__lt=before_id)
    )
    if at_location_id is not None:
        rows = rows.filter(location_id=at_location_id)
    if states:
        rows = rows.filter(state__in=list(states))
    return _whole(merchant_id, rows.order_by("-id")[:limit])


def queue_of(
    *,
    merchant_id: int,
    location_ids: Collection[int],
    states: Collection[contracts.State] = LIVE,
    limit: int = 100,
) -> list[contracts.FulfilmentOrder]:
    """What places have to do, the oldest first."""
    rows = FulfilmentOrder.objects.of_merchant(merchant_id).filter(
        location_id__in=list(location_ids), state__in=list(states)
    )
    return _whole(merchant_id, rows.order_by("id")[:limit])


def counts_by_state(
    *, merchant_id: int, location_ids: frozenset[int] | None = None
) -> dict[str, int]:
    """How much live work is in each state."""
    rows = FulfilmentOrder.objects.of_merchant(merchant_id).live().visible_at(location_ids)
    counts = Counter(dict(rows.values_list("state").annotate(Count("id")).order_by()))
    return {state: counts[state] for state in LIVE}


def parcels_of(*, merchant_id: int, order_ids: Collection[int]) -> list[contracts.Parcel]:
    """Parcels of orders with what their carriers told, oldest first."""
    rows = Parcel.objects.of_merchant(merchant_id).filter(order_id__in=list(order_ids))
    return _with_events(merchant_id, list(rows.order_by("id")))


def orders_of_parcel(*, merchant_id: int, tracking_number: str) -> list[int]:
    """Orders of parcels that carriers know by this number, the newest first."""
    rows = Parcel.objects.of_merchant(merchant_id).filter(tracking_number=tracking_number)
    return list(rows.order_by("-id").values_list("order_id", flat=True)[:10])


def parcels_seen_of(
    *, merchant_id: int, order_id: int, location_ids: frozenset[int] | None
) -> list[contracts.Parcel]:
    """Parcels of an order that these places may see, or that they send. Raises NoSuch."""
    seen = work_of(merchant_id=merchant_id, order_id=order_id, location_ids=location_ids)
    if not seen:
        orders.order_by_id(merchant_id=merchant_id, order_id=order_id, location_ids=location_ids)
    return [parcel for each in seen for parcel in each.parcels]


def parcels_on_their_way(
    *, merchant_id: int, carrier: str, after_id: int = 0, limit: int = 1_000
) -> list[contracts.Parcel]:
    """Parcels of a carrier that have not arrived, with what it told of them."""
    rows = (
        Parcel.objects.of_merchant(merchant_id)
        .filter(carrier=carrier, id__gt=after_id)
        .exclude(state__in=("delivered", "returned", "lost"))
    )
    return _with_events(merchant_id, list(rows.order_by("id")[:limit]))


def open_cases(
    *, merchant_id: int, location_ids: frozenset[int] | None = None, limit: int = 100
) -> list[contracts.ExceptionCase]:
    """What waits for a person, the oldest first."""
    rows = ExceptionCase.objects.of_merchant(merchant_id).filter(closed_at__isnull=True)
    if location_ids is not None:
        rows = rows.filter(location_id__in=sorted(location_ids))
    return [row.as_contract() for row in rows.order_by("opened_at", "id")[:limit]]


def cases_of(*, merchant_id: int, order_id: int) -> list[contracts.ExceptionCase]:
    """Every case of an order, first to last."""
    rows = ExceptionCase.objects.of_merchant(merchant_id).filter(order_id=order_id)
    return [row.as_contract() for row in rows.order_by("id")]


def count_open_cases(*, merchant_id: int, location_ids: frozenset[int] | None = None) -> int:
    """How many cases wait."""
    rows = ExceptionCase.objects.of_merchant(merchant_id).filter(closed_at__isnull=True)
    if location_ids is not None:
        rows = rows.filter(location_id__in=sorted(location_ids))
    count: int = rows.count()
    return count


def _whole(merchant_id: int, rows: Iterable[FulfilmentOrder]) -> list[contracts.FulfilmentOrder]:
    """Work with lines, offers and parcels: four queries, however many rows."""
    works = list(rows)
    ids = [row.id for row in works]
    lines: dict[int, list[FulfilmentLine]] = {row_id: [] for row_id in ids}
    offers: dict[int, list[contracts.Offer]] = {row_id: [] for row_id in ids}
    parcels: dict[int, list[contracts.Parcel]] = {row_id: [] for row_id in ids}
    of_these = {"fulfilment_order_id__in": ids}
    for line in FulfilmentLine.objects.of_merchant(merchant_id).filter(**of_these):
        lines[line.fulfilment_order_id].append(line)
    for each in Offer.objects.of_merchant(merchant_id).filter(**of_these).order_by("id"):
        offers[each.fulfilment_order_id].append(each.as_contract())
    known = Parcel.objects.of_merchant(merchant_id).filter(**of_these).order_by("id")
    for parcel in _with_events(merchant_id, list(known)):
        parcels[parcel.fulfilment_order_id].append(parcel)
    return [
        replace(
            row.as_contract(lines=sorted(lines[row.id], key=lambda line: line.order_line_id)),
            offers=tuple(offers[row.id]),
            parcels=tuple(parcels[row.id]),
        )
        for row in works
    ]


def _with_events(merchant_id: int, rows: Sequence[Parcel]) -> list[contracts.Parcel]:
    events: dict[int, list[contracts.TrackingEvent]] = {row.id: [] for row in rows}
    told = TrackingEvent.objects.of_merchant(merchant_id).filter(parcel_id__in=list(events))
    for event in told.order_by("at", "id"):
        events[event.parcel_id].append(event.as_contract())
    return [replace(row.as_contract(), events=tuple(events[row.id])) for row in rows]
