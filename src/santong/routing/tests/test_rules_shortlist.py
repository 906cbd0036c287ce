"""Deciding over the short list is deciding over all places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from santong.routing.contracts import Candidate, Choice, Shelf, SourcingInput, SplitLimit, Tariff
from santong.routing.rules.decide import decide
from santong.routing.rules.eligibility import refusal_of
from santong.routing.rules.shortlist.columns import NO_LIMIT, Places, ShelfColumn
from santong.routing.rules.shortlist.geometry import distances_metres, positions_of
from santong.routing.rules.shortlist.keep import shortlist
from santong.routing.tests.factories import make_lines, make_sourcing, patiently

HERE = {"latitude": 31.23, "longitude": 121.47}
METRES_PER_MINUTE = 900
TARIFF = Tariff(
    parcel_micro_per_km=1_000_000,
    weight_micro_per_kg=2_000_000,
    carriage_micro_per_kg_km=300_000,
    reroute_cost_milli=3_000,
    lateness_milli_per_minute=2,
    cross_owner_fee_milli=500,
    cross_owner_ppm=100,
)

# Few different values, so that places often cost the same.
few = st.integers(min_value=0, max_value=2)
mostly = st.sampled_from([True, True, True, False])


@dataclass(frozen=True, kw_only=True)
class Town:
    """The same places twice: as columns, and as candidates of which none was left out."""

    places: Places
    shelf_by_sku: Mapping[int, ShelfColumn]
    candidates: tuple[Candidate, ...]

    def listed(self, sourcing: SourcingInput) -> SourcingInput:
        return shortlist(
            sourcing=sourcing,
            places=self.places,
            shelf_by_sku=self.shelf_by_sku,
            latitude=HERE["latitude"],
            longitude=HERE["longitude"],
            metres_per_minute=METRES_PER_MINUTE,
        )


@st.composite
def shelves(draw: st.DrawFn, *, skus: int, atp_max: int) -> tuple[Shelf, ...]:
    return tuple(
        Shelf(
            sku_id=sku_id,
            atp=atp,
            price_milli=draw(few) * 200,
            found_ppm=1_000_000 - draw(few) * 50_000,
            markdown_milli=draw(few) * 100,
            age_days=draw(few),
        )
        for sku_id in range(skus)
        if (atp := draw(st.integers(min_value=0, max_value=atp_max)))
    )


@st.composite
def towns(draw: st.DrawFn, *, skus: int, atp_max: int = 2, places_max: int = 14) -> Town:
    candidates = [
        Candidate(
            location_id=10 + position,
            shelves=draw(shelves(skus=skus, atp_max=atp_max)),
            parcel_cost_milli=draw(few) * 300,
            handling_cost_milli=draw(few) * 100,
            unit_handling_milli=draw(few) * 50,
            accept_ppm=1_000_000 - draw(few) * 100_000,
            capacity_left=draw(st.sampled_from([None, None, 3, 0])),
            recent_load=draw(few),
            tier=draw(few) if draw(st.booleans()) else 0,
            is_open=draw(mostly),
            is_capable=draw(mostly),
            has_consent=draw(mostly),
            is_cross_owner=draw(st.booleans()),
        )
        for position in range(draw(st.integers(min_value=1, max_value=places_max)))
    ]
    latitudes = [HERE["latitude"] + draw(few) / 100 for _ in candidates]
    return town_of(candidates, latitudes, skus)


def town_of(candidates: Sequence[Candidate], latitudes: Sequence[float], skus: int) -> Town:
    positions = positions_of(latitudes=latitudes, longitudes=[HERE["longitude"]] * len(candidates))
    distance = distances_metres(positions=positions, **HERE)

    def column(name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([getattr(place, name) for place in candidates], dtype=np.int64)

    def flags(name: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.array([getattr(place, name) for place in candidates], dtype=np.bool_)

    places = Places(
        location_ids=column("location_id"),
        positions=positions,
        parcel_cost_milli=column("parcel_cost_milli"),
        handling_cost_milli=column("handling_cost_milli"),
        unit_handling_milli=column("unit_handling_milli"),
        accept_ppm=column("accept_ppm"),
        lead_minutes=np.zeros(len(candidates), dtype=np.int64),
        capacity_left=np.array(
            [
                NO_LIMIT if place.capacity_left is None else place.capacity_left
                for place in candidates
            ]
        ),
        recent_load=column("recent_load"),
        tiers=column("tier"),
        is_open=flags("is_open"),
        is_capable=flags("is_capable"),
        has_consent=flags("has_consent"),
        is_cross_owner=flags("is_cross_owner"),
    )
    return Town(
        places=places,
        shelf_by_sku={sku_id: _shelf_column(candidates, sku_id) for sku_id in range(skus)},
        candidates=tuple(
            replace(
                place,
                distance_metres=int(metres),
                arrives_in_minutes=int(metres) // METRES_PER_MINUTE,
            )
            for place, metres in zip(candidates, distance, strict=True)
        ),
    )


def _shelf_column(candidates: Sequence[Candidate], sku_id: int) -> ShelfColumn:
    held = [
        (row, shelf)
        for row, place in enumerate(candidates)
        for shelf in place.shelves
        if shelf.sku_id == sku_id
    ]

    def column(name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([getattr(shelf, name) for _, shelf in held], dtype=np.int64)

    return ShelfColumn(
        rows=np.array([row for row, _ in held], dtype=np.int64),
        atp=column("atp"),
        price_milli=column("price_milli"),
        found_ppm=column("found_ppm"),
        markdown_milli=column("markdown_milli"),
        age_days=column("age_days"),
    )


limits = st.builds(
    SplitLimit,
    parcels_max=st.none() | st.integers(min_value=1, max_value=3),
    no_split_below_minor=st.sampled_from([0, 0, 1_000_000]),
    when_exceeded=st.sampled_from(["fill", "hold"]),
)
baskets = st.dictionaries(
    st.integers(min_value=0, max_value=3),
    st.integers(min_value=1, max_value=2),
    min_size=1,
    max_size=4,
)


@patiently
@given(
    town=towns(skus=4),
    basket=baskets,
    limit=limits,
    excluded=st.sets(st.integers(min_value=10, max_value=14), max_size=2),
    promised=st.none() | st.integers(min_value=0, max_value=3),
)
def test_finds_the_plan_that_deciding_over_all_places_finds(
    town: Town,
    basket: dict[int, int],
    limit: SplitLimit,
    excluded: set[int],
    promised: int | None,
) -> None:
    asked = make_sourcing(
        lines=make_lines(basket),
        tariff=TARIFF,
        limit=limit,
        excluded_location_ids=tuple(excluded),
        promised_in_minutes=promised,
    )
    everywhere = decide(sourcing=replace(asked, candidates=town.candidates))
    assume(everywhere.search in {"lines", "none"})

    choice = decide(sourcing=town.listed(asked))

    assert choice.parcels == everywhere.parcels
    assert choice.unfilled == everywhere.unfilled


alike = st.builds(
    lambda sku_ids, found, age, accept, load: {
        "shelves": tuple(
            Shelf(sku_id=sku_id, atp=1, found_ppm=found, age_days=age) for sku_id in sku_ids
        ),
        "accept_ppm": accept,
        "recent_load": load,
    },
    st.sampled_from([(0,), (1,), (0, 1)]),
    st.sampled_from([900_000, 1_000_000]),
    few,
    st.sampled_from([900_000, 1_000_000]),
    few,
)


@patiently
@given(facts=st.lists(alike, min_size=10, max_size=40), north=st.lists(few, min_size=40))
def test_breaks_ties_among_many_as_deciding_over_all_places_does(
    facts: list[dict[str, Any]], north: list[int]
) -> None:
    candidates = [Candidate(location_id=place, **known) for place, known in enumerate(facts)]
    latitudes = [HERE["latitude"] + degrees for degrees in north[: len(candidates)]]
    town = town_of(candidates, latitudes, skus=2)
    asked = make_sourcing(lines=make_lines({0: 1, 1: 1}), tariff=Tariff())

    choice = decide(sourcing=town.listed(asked))

    assert choice.parcels == decide(sourcing=replace(asked, candidates=town.candidates)).parcels


@patiently
@given(
    town=towns(skus=10, atp_max=4, places_max=30),
    basket=st.dictionaries(
        st.integers(min_value=0, max_value=9),
        st.integers(min_value=1, max_value=20),
        min_size=1,
        max_size=10,
    ),
)
def test_leaves_nothing_unfilled_that_has_stock_however_large_the_order(
    town: Town, basket: dict[int, int]
) -> None:
    asked = make_sourcing(lines=make_lines(basket), tariff=TARIFF)

    choice = decide(sourcing=town.listed(asked))

    assert _units(choice) == {
        sku_id: filled
        for sku_id, quantity in basket.items()
        if (filled := min(quantity, _held(town, asked, sku_id)))
    }


def test_finds_the_buyers_store_for_a_pickup_and_counts_the_others() -> None:
    town = town_of(
        [Candidate(location_id=place, shelves=(Shelf(sku_id=0, atp=1),)) for place in (10, 11, 12)],
        latitudes=[31.0, 32.0, 33.0],
        skus=1,
    )
    asked = make_sourcing(lines=make_lines({0: 1}), mode="pickup", pickup_location_id=12)

    listed = town.listed(asked)

    assert [parcel.location_id for parcel in decide(sourcing=listed).parcels] == [12]
    assert listed.set_aside == {"not_the_chosen_place": 2}


def test_keeps_the_refused_place_that_alone_holds_what_stays_unfilled() -> None:
    shut = Candidate(location_id=10, shelves=(Shelf(sku_id=0, atp=1),), is_open=False)
    town = town_of([shut], latitudes=[31.0], skus=1)

    choice = decide(sourcing=town.listed(make_sourcing(lines=make_lines({0: 1}))))

    assert [line.why for line in choice.unfilled] == ["stock_only_at_refused_places"]


def test_keeps_few_of_many_places() -> None:
    town = town_of(
        [
            Candidate(location_id=place, shelves=(Shelf(sku_id=0, atp=1), Shelf(sku_id=1, atp=1)))
            for place in range(3_000)
        ],
        latitudes=[31.23 + place / 1_000 for place in range(3_000)],
        skus=2,
    )

    listed = town.listed(make_sourcing(lines=make_lines({0: 1, 1: 1}), tariff=TARIFF))

    assert len(listed.candidates) <= 12
    assert decide(sourcing=listed).parcels[0].location_id == 0


def test_measures_the_earth() -> None:
    shanghai_to_beijing = distances_metres(
        positions=positions_of(
            latitudes=[39.904, 31.23, -31.23], longitudes=[116.407, 121.47, -58.53]
        ),
        **HERE,
    )

    assert shanghai_to_beijing.tolist() == pytest.approx([1_067_000, 0, 20_015_115], abs=1_500)


def _units(choice: Choice) -> dict[int, int]:
    units: dict[int, int] = {}
    for parcel in choice.parcels:
        for portion in parcel.portions:
            units[portion.sku_id] = units.get(portion.sku_id, 0) + portion.quantity
    return units


def _held(town: Town, asked: SourcingInput, sku_id: int) -> int:
    return sum(
        shelf.atp
        for place in town.candidates
        if refusal_of(candidate=place, sourcing=asked) is None
        for shelf in place.shelves
        if shelf.sku_id == sku_id
    )
