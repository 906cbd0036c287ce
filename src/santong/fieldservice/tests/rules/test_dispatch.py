"""Who goes, why, and that it can be decided again."""

from __future__ import annotations

import json
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from santong.fieldservice.contracts import Point, Speed
from santong.fieldservice.rules.availability import Day, Stop, Work
from santong.fieldservice.rules.clock import Span
from santong.fieldservice.rules.dispatch import Asked, Candidate, chosen_of, decide
from santong.fieldservice.rules.written import (
    asked_from_json,
    asked_to_json,
    candidate_from_json,
    candidate_to_json,
)

HOME, NEAR, FAR = Point(30.25, 120.15), Point(30.26, 120.15), Point(30.35, 120.15)
DAY = (Span(480, 1080),)
ASKED = Asked(point=HOME, window=Span(600, 720), work=Work(0, 60, 10), skills=("cabinet", "water"))


def somebody(
    number: int,
    *,
    skills: tuple[str, ...] = ("cabinet", "water"),
    covered: bool = True,
    home: Point = NEAR,
    shifts: tuple[Span, ...] = DAY,
    stops: tuple[Stop, ...] = (),
    load: int = 0,
) -> Candidate:
    return Candidate(
        technician_id=number,
        code=f"t{number}",
        skills=skills,
        is_covered=covered,
        load_minutes=load,
        day=Day(home=home, shifts=shifts, stops=stops, speed=Speed()),
    )


def test_everybody_is_explained_and_the_cheapest_comes_first() -> None:
    busy = (Stop(Span(480, 1080), HOME),)

    offers = decide(
        asked=ASKED,
        candidates=[
            somebody(1, skills=("cabinet",)),
            somebody(2, covered=False),
            somebody(3, shifts=()),
            somebody(4, stops=busy),
            somebody(5, home=FAR),
            somebody(6),
        ],
    )

    assert [(each.technician_id, each.refused) for each in offers] == [
        (6, None),
        (5, None),
        (1, "skill"),
        (2, "territory"),
        (3, "away"),
        (4, "no_time"),
    ]
    chosen = chosen_of(offers)
    assert chosen is not None
    assert (chosen.technician_id, chosen.start) == (6, 600)


def test_of_two_as_near_the_one_who_has_less_to_do_goes() -> None:
    offers = decide(asked=ASKED, candidates=[somebody(1, load=60), somebody(2, load=30)])

    assert [each.technician_id for each in offers] == [2, 1]


def test_of_two_alike_the_lower_number_goes() -> None:
    offers = decide(asked=ASKED, candidates=[somebody(2), somebody(1)])

    assert [each.technician_id for each in offers] == [1, 2]


def test_a_little_way_is_worth_more_than_a_little_fairness() -> None:
    offers = decide(asked=ASKED, candidates=[somebody(1, load=60), somebody(2, home=FAR)])

    assert offers[0].technician_id == 1


def test_nobody_goes_where_nobody_can() -> None:
    assert chosen_of(decide(asked=ASKED, candidates=[somebody(1, shifts=())])) is None
    assert chosen_of(decide(asked=ASKED, candidates=[])) is None


people = st.lists(
    st.builds(
        somebody,
        st.integers(1, 10_000),
        covered=st.booleans(),
        home=st.sampled_from([HOME, NEAR, FAR]),
        shifts=st.sampled_from([(), DAY, (Span(480, 720), Span(780, 1080))]),
        load=st.integers(0, 500),
    ),
    unique_by=lambda each: each.technician_id,
)


@given(candidates=people, order=st.randoms(use_true_random=False))
def test_the_decision_does_not_depend_on_who_is_asked_first(
    candidates: list[Candidate], order: Random
) -> None:
    shuffled = list(candidates)
    order.shuffle(shuffled)

    assert decide(asked=ASKED, candidates=shuffled) == decide(asked=ASKED, candidates=candidates)


@given(candidates=people)
def test_what_was_written_down_decides_the_same(candidates: list[Candidate]) -> None:
    written = json.loads(
        json.dumps([asked_to_json(ASKED), *(candidate_to_json(each) for each in candidates)])
    )

    again = decide(
        asked=asked_from_json(written[0]),
        candidates=[candidate_from_json(each) for each in written[1:]],
    )

    assert again == decide(asked=ASKED, candidates=candidates)
