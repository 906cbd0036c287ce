"""A decision read back from storage is the decision that was taken."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from santong.routing.contracts import (
    Candidate,
    Choice,
    DemandLine,
    Shelf,
    SourcingInput,
    SplitLimit,
    Tariff,
)
from santong.routing.rules.decide import decide
from santong.routing.tests.factories import make_candidate, make_sourcing, patiently

small = st.integers(min_value=0, max_value=9)
ppm = st.integers(min_value=0, max_value=1_000_000)
shelves = st.builds(
    Shelf, sku_id=st.integers(1, 4), atp=small, price_milli=small, found_ppm=ppm, age_days=small
)
candidates = st.builds(
    Candidate,
    location_id=st.integers(min_value=1, max_value=1_000_000),
    shelves=st.lists(shelves, max_size=4, unique_by=lambda shelf: shelf.sku_id).map(tuple),
    distance_metres=small,
    parcel_cost_milli=small,
    accept_ppm=ppm,
    capacity_left=st.none() | small,
    tier=small,
    is_open=st.booleans(),
)
lines = st.builds(
    DemandLine, line_id=st.integers(1, 10_000), sku_id=st.integers(1, 4), quantity=st.integers(1, 9)
)
questions = st.builds(
    SourcingInput,
    lines=st.lists(lines, max_size=4, unique_by=lambda line: line.line_id).map(tuple),
    candidates=st.lists(
        candidates, max_size=9, unique_by=lambda candidate: candidate.location_id
    ).map(tuple),
    tariff=st.builds(Tariff, parcel_micro_per_km=small, reroute_cost_milli=small),
    limit=st.builds(SplitLimit, parcels_max=st.none() | st.integers(1, 3)),
    excluded_location_ids=st.lists(st.integers(1, 9), max_size=2).map(tuple),
    set_aside=st.dictionaries(st.sampled_from(["not_open", "no_capacity"]), small),
)


def stored(contract: SourcingInput | Choice) -> Any:
    return json.loads(json.dumps(contract.as_json()))


@patiently
@given(asked=questions)
def test_a_stored_question_has_the_answer_that_was_stored_with_it(asked: SourcingInput) -> None:
    choice = decide(sourcing=asked)

    assert SourcingInput.from_json(stored(asked)) == asked
    assert decide(sourcing=SourcingInput.from_json(stored(asked))) == choice
    assert Choice.from_json(stored(choice)) == choice


@patiently
@given(asked=questions, order=st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_does_not_matter(asked: SourcingInput, order: Any) -> None:
    shuffled = list(asked.candidates)
    order.shuffle(shuffled)

    again = decide(sourcing=SourcingInput(**{**_fields(asked), "candidates": tuple(shuffled)}))

    assert again == decide(sourcing=asked)


def test_what_was_stored_before_a_fact_was_known_still_has_its_answer() -> None:
    asked = make_sourcing(make_candidate(1), make_candidate(2, km=90))
    older = stored(asked)
    for candidate in older["candidates"]:
        del candidate["recent_load"], candidate["is_cross_owner"]

    assert decide(sourcing=SourcingInput.from_json(older)) == decide(sourcing=asked)


def _fields(asked: SourcingInput) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in asked.__slots__}
