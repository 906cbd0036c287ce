"""Which demand is priced, and the lanes on which it competes for stock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.routing.contracts import Candidate, DemandLine, Shelf, SourcingInput, Tariff
from santong.routing.rules.decide import decide
from santong.routing.rules.prices.expect import expected_prices
from santong.routing.rules.prices.lanes import ZonePoint, lanes_to
from santong.routing.rules.prices.problem import PriceProblem, StockLeft
from santong.routing.rules.prices.scarcity import Asked, price_problem, scarce_skus
from santong.routing.rules.shortlist.columns import NO_LIMIT, Places
from santong.routing.rules.shortlist.geometry import distances_metres, positions_of
from santong.routing.tests.factories import BEIJING, HANGZHOU, SHANGHAI, SHIRT, patiently

IN_SHANGHAI, IN_HANGZHOU, IN_BEIJING = 11, 12, 13
SHANGHAI_ZONE = ZonePoint(zone_id=1, latitude=SHANGHAI[0], longitude=SHANGHAI[1])
TARIFF = Tariff(
    parcel_micro_per_km=200_000,
    weight_micro_per_kg=80_000_000,
    carriage_micro_per_kg_km=50_000,
    reroute_cost_milli=500_000,
    delay_cost_milli=300_000,
    cross_owner_fee_milli=200_000,
)
GRAMS = 700
rates = st.integers(min_value=0, max_value=1_000_000)


def make_places(
    *,
    accept_ppm: Sequence[int] = (1_000_000,) * 3,
    parcel_milli: Sequence[int] = (600_000,) * 3,
    is_foreign: Sequence[bool] = (False,) * 3,
    is_capable: Sequence[bool] = (True,) * 3,
) -> Places:
    points = np.array([SHANGHAI, HANGZHOU, BEIJING]).T
    nothing, always = np.zeros(3, dtype=np.int64), np.ones(3, dtype=np.bool_)
    return Places(
        location_ids=np.array([IN_SHANGHAI, IN_HANGZHOU, IN_BEIJING]),
        positions=positions_of(latitudes=points[0], longitudes=points[1]),
        parcel_cost_milli=np.array(parcel_milli),
        handling_cost_milli=nothing + 50_000,
        unit_handling_milli=nothing + 7_000,
        accept_ppm=np.array(accept_ppm),
        lead_minutes=nothing,
        capacity_left=np.full(3, NO_LIMIT),
        recent_load=nothing,
        tiers=nothing,
        is_open=always,
        is_capable=np.array(is_capable),
        has_consent=always,
        is_cross_owner=np.array(is_foreign),
    )


def make_problem(
    *past: Asked, pieces: dict[int, int], counters: Places | None = None, tariff: Tariff = TARIFF
) -> PriceProblem:
    places = make_places()
    return price_problem(
        past=past,
        scarce=frozenset({SHIRT}),
        stock=[
            StockLeft(location_id=place, sku_id=SHIRT, quantity=quantity)
            for place, quantity in pieces.items()
        ],
        places=places,
        counters=counters or places,
        tariff=tariff,
        weight_grams_by_sku={SHIRT: GRAMS},
        past_days=28,
        horizon_days=7,
    )


def shirts(
    point: tuple[float, float], *, quantity: int = 1, fetched_at: int | None = None
) -> Asked:
    return Asked(
        latitude=point[0],
        longitude=point[1],
        quantity_by_sku=((SHIRT, quantity),),
        pickup_location_id=fetched_at,
    )


@given(
    accept_ppm=st.lists(rates, min_size=3, max_size=3),
    parcel_milli=st.lists(rates, min_size=3, max_size=3),
    is_foreign=st.lists(st.booleans(), min_size=3, max_size=3),
)
@patiently
def test_a_lane_costs_what_an_order_is_charged(
    accept_ppm: list[int], parcel_milli: list[int], is_foreign: list[bool]
) -> None:
    places = make_places(accept_ppm=accept_ppm, parcel_milli=parcel_milli, is_foreign=is_foreign)
    metres = distances_metres(
        positions=places.positions, latitude=SHANGHAI[0], longitude=SHANGHAI[1]
    )

    lanes = lanes_to(zone=SHANGHAI_ZONE, places=places, rows=np.arange(3), tariff=TARIFF)

    assert sorted(lane.location_id for lane in lanes) == [IN_SHANGHAI, IN_HANGZHOU, IN_BEIJING]
    for lane in lanes:
        row = [IN_SHANGHAI, IN_HANGZHOU, IN_BEIJING].index(lane.location_id)
        candidate = Candidate(
            location_id=lane.location_id,
            shelves=(Shelf(sku_id=SHIRT, atp=1),),
            distance_metres=int(metres[row]),
            parcel_cost_milli=parcel_milli[row],
            handling_cost_milli=50_000,
            unit_handling_milli=7_000,
            accept_ppm=accept_ppm[row],
            is_cross_owner=is_foreign[row],
        )
        line = DemandLine(line_id=1, sku_id=SHIRT, quantity=1, weight_grams=GRAMS)
        charged = decide(
            sourcing=SourcingInput(lines=(line,), candidates=(candidate,), tariff=TARIFF)
        ).cost_milli
        carried = lane.parcel_cost_milli + lane.unit_cost_milli + lane.gram_cost_micro * GRAMS / 1e3
        # A kilometre that has begun is not charged to lanes.
        assert charged == pytest.approx(carried, abs=50)


def test_of_many_lanes_the_cheapest_are_kept_and_not_the_nearest() -> None:
    places = make_places(parcel_milli=[600_000, 900_000, 100_000])

    lanes = lanes_to(zone=SHANGHAI_ZONE, places=places, rows=np.arange(3), tariff=TARIFF, most=2)

    assert [lane.location_id for lane in lanes] == [IN_BEIJING, IN_SHANGHAI]


def test_what_is_fetched_can_come_from_nowhere_else() -> None:
    shipped = shirts(SHANGHAI)
    fetched = shirts(SHANGHAI, fetched_at=IN_HANGZHOU)

    problem = make_problem(shipped, fetched, pieces={IN_SHANGHAI: 2, IN_HANGZHOU: 2})

    by_zone = {
        basket.zone_id: {
            lane.location_id for lane in problem.lanes if lane.zone_id == basket.zone_id
        }
        for basket in problem.baskets
    }
    assert by_zone == {0: {IN_SHANGHAI, IN_HANGZHOU}, 1: {IN_HANGZHOU}}


def test_a_counter_that_is_shut_serves_nobody() -> None:
    shut = make_places(is_capable=[True, False, True])

    problem = make_problem(
        shirts(SHANGHAI, fetched_at=IN_HANGZHOU), pieces={IN_HANGZHOU: 2}, counters=shut
    )

    assert problem.lanes == []


def test_stock_that_buyers_will_fetch_is_dear_to_ship() -> None:
    fetchers = [shirts(SHANGHAI, fetched_at=IN_HANGZHOU)] * 80

    with_counter = make_problem(*fetchers, pieces={IN_HANGZHOU: 12, IN_SHANGHAI: 90})

    prices = expected_prices(problem=with_counter).price_milli_by_place
    assert prices.keys() == {(IN_HANGZHOU, SHIRT)}


@pytest.mark.parametrize(("said", "costs"), [(0, None), (123_456, 123_456)])
def test_what_not_filling_costs_is_the_merchants_word(said: int, costs: int | None) -> None:
    tariff = replace(TARIFF, unfilled_cost_milli=said)

    problem = make_problem(shirts(SHANGHAI), pieces={IN_BEIJING: 1}, tariff=tariff)

    (lane,) = problem.lanes
    dear = 2 * (lane.parcel_cost_milli + lane.unit_cost_milli) + 800_000
    assert problem.unfilled_cost_milli == (costs or dear)


def test_scarce_is_what_may_run_out_before_it_is_replenished() -> None:
    past = [shirts(SHANGHAI, quantity=2)] * 10

    def scarce(atp: int) -> frozenset[int]:
        return scarce_skus(past=past, atp_by_sku={SHIRT: atp}, past_days=28, horizon_days=7)

    assert [bool(scarce(atp)) for atp in (0, 1, 9, 10)] == [False, True, True, False]
