"""The parts of a cost, for one place and for columns of places alike."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.routing.contracts import COST_PARTS, CostPart, Tariff
from santong.routing.rules.costs import missed_milli, moving_parts, standing_parts, unit_parts
from santong.routing.rules.decide import decide
from santong.routing.tests.factories import (
    SHIRT,
    make_candidate,
    make_lines,
    make_shelves,
    make_sourcing,
    patiently,
)

YUAN = 100_000


class Case(NamedTuple):
    name: str
    part: CostPart
    milli: int
    place: dict[str, Any] = {}  # noqa: RUF012  read only
    worth: dict[str, int] = {}  # noqa: RUF012  read only
    tariff: Tariff = Tariff()
    promised_in_minutes: int | None = None


# Two shirts of 400 g and 100 yuan each, from 10 km.
CASES = [
    Case("a parcel has its price", "parcel", 8 * YUAN),
    Case(
        "labour is paid for the parcel and for each unit",
        "handling",
        5 * YUAN,
        place={"handling_cost_milli": YUAN, "unit_handling_milli": 2 * YUAN},
    ),
    Case(
        "the way is paid by the kilometre",
        "distance",
        10 * 35,
        tariff=Tariff(parcel_micro_per_km=35_000),
    ),
    Case(
        "weight is paid by the kilogram, and by how far it goes",
        "weight",
        (2 * YUAN + 10 * 500) * 800 // 1_000,
        tariff=Tariff(weight_micro_per_kg=200 * 1_000_000, carriage_micro_per_kg_km=500_000),
    ),
    Case("a scarce unit has its price", "scarcity", 6_000, worth={"price_milli": 3_000}),
    Case(
        "a place declines once, and misses unit by unit what it accepted",
        "risk",
        YUAN // 10 + 2 * (9 * YUAN // 10 // 5),
        place={"accept_ppm": 900_000},
        worth={"found_ppm": 800_000},
        tariff=Tariff(reroute_cost_milli=60_000, delay_cost_milli=40_000),
    ),
    Case("old stock earns a credit", "markdown", -8_000, worth={"markdown_milli": 4_000}),
    Case(
        "lateness is paid by the minute",
        "lateness",
        440 * 7,
        tariff=Tariff(lateness_milli_per_minute=7),
        promised_in_minutes=1_000,
    ),
    Case(
        "what is early earns nothing",
        "lateness",
        0,
        tariff=Tariff(lateness_milli_per_minute=7),
        promised_in_minutes=9_000,
    ),
    Case(
        "without a promise nothing is late",
        "lateness",
        0,
        tariff=Tariff(lateness_milli_per_minute=7),
    ),
    Case(
        "another owner is paid by the parcel and a share of the price",
        "cross_owner",
        3 * YUAN + 2 * 5 * YUAN,
        place={"is_cross_owner": True},
        tariff=Tariff(cross_owner_fee_milli=3 * YUAN, cross_owner_ppm=50_000),
    ),
    Case(
        "one's own goods carry no fee",
        "cross_owner",
        0,
        tariff=Tariff(cross_owner_fee_milli=3 * YUAN, cross_owner_ppm=50_000),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cost_part(case: Case) -> None:
    candidate = make_candidate(1, shelves=make_shelves({SHIRT: 9}, **case.worth), **case.place)

    choice = decide(
        sourcing=make_sourcing(
            candidate,
            lines=make_lines({SHIRT: 2}),
            tariff=case.tariff,
            promised_in_minutes=case.promised_in_minutes,
        )
    )

    cost = choice.parcels[0].cost
    assert getattr(cost, case.part) == case.milli
    assert cost.total_milli == sum(getattr(cost, part) for part in COST_PARTS)
    assert choice.quotes[0].cost == cost


metres = st.integers(min_value=0, max_value=20_100_000)
minutes = st.integers(min_value=0, max_value=100_000)
milli = st.integers(min_value=0, max_value=10_000 * YUAN)
ppm = st.integers(min_value=0, max_value=1_000_000)
rate = st.integers(min_value=0, max_value=5_000_000)
tariffs = st.builds(
    Tariff,
    parcel_micro_per_km=rate,
    weight_micro_per_kg=st.integers(min_value=0, max_value=10_000_000_000),
    carriage_micro_per_kg_km=rate,
    reroute_cost_milli=milli,
    delay_cost_milli=milli,
    lateness_milli_per_minute=rate,
    cross_owner_fee_milli=milli,
    cross_owner_ppm=ppm,
)


@patiently
@given(
    facts=st.lists(
        st.tuples(metres, minutes, milli, ppm, ppm, st.integers(0, 1)), min_size=1, max_size=5
    ),
    tariff=tariffs,
)
def test_columns_cost_exactly_what_their_rows_cost(
    facts: list[tuple[int, int, int, int, int, int]], tariff: Tariff
) -> None:
    columns = [np.array(column, dtype=np.int64) for column in zip(*facts, strict=True)]

    by_column = np.array(_all_parts(*columns, tariff=tariff))

    by_row = [_all_parts(*row, tariff=tariff) for row in facts]
    assert by_column.T.tolist() == [list(parts) for parts in by_row]


def _all_parts(  # noqa: PLR0917  a row, in its order
    distance: Any,
    late: Any,
    cost: Any,
    accept: Any,
    found: Any,
    is_cross_owner: Any,
    *,
    tariff: Tariff,
) -> tuple[Any, ...]:
    standing = standing_parts(
        parcel_cost_milli=cost,
        handling_cost_milli=cost,
        accept_ppm=accept,
        is_cross_owner=is_cross_owner,
        tariff=tariff,
    )
    moving = moving_parts(
        distance_metres=distance,
        late_minutes=late,
        tariff=tariff,
    )
    unit = unit_parts(
        distance_metres=distance,
        unit_handling_milli=cost,
        missed_milli=missed_milli(accept_ppm=accept, tariff=tariff),
        is_cross_owner=is_cross_owner,
        price_milli=cost,
        found_ppm=found,
        markdown_milli=cost,
        weight_grams=12_345,
        value_minor=99_999,
        tariff=tariff,
    )
    return (*standing, *moving, *unit)
