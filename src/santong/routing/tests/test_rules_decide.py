"""Which places an order is sent from, and which reasons are given."""

from typing import NamedTuple

import pytest

from santong.routing.contracts import (
    Candidate,
    CostPart,
    Refusal,
    SourcingInput,
    SplitLimit,
    Tariff,
    TieBreak,
    WhyChosen,
    WhyUnfilled,
)
from santong.routing.rules.decide import decide
from santong.routing.tests.factories import (
    PLENTY,
    SCARF,
    SHIRT,
    TROUSERS,
    make_candidate,
    make_lines,
    make_shelves,
    make_sourcing,
    senders,
    sent,
)

NEAR, FAR, OTHER = 1, 2, 3

OUTFIT = make_lines({SHIRT: 1, TROUSERS: 1})
HAS_OUTFIT = make_shelves({SHIRT: PLENTY, TROUSERS: PLENTY})
HAS_TROUSERS = make_shelves({TROUSERS: PLENTY})


class Case(NamedTuple):
    name: str
    asked: SourcingInput
    senders: list[int]
    code: WhyChosen
    decided_by: CostPart | TieBreak | None = None


CASES = [
    Case(
        "the nearer place is cheaper",
        asked=make_sourcing(make_candidate(FAR, km=900), make_candidate(NEAR, km=10)),
        senders=[NEAR],
        code="cheapest_place",
        decided_by="distance",
    ),
    Case(
        "the last size near is kept for buyers near",
        asked=make_sourcing(
            make_candidate(NEAR, km=10, shelves=make_shelves({SHIRT: 1}, price_milli=900_000)),
            make_candidate(FAR, km=500),
        ),
        senders=[FAR],
        code="cheapest_place",
        decided_by="scarcity",
    ),
    Case(
        "a place that seldom accepts is passed over",
        asked=make_sourcing(
            make_candidate(NEAR, km=10, accept_ppm=600_000), make_candidate(FAR, km=100)
        ),
        senders=[FAR],
        code="cheapest_place",
        decided_by="risk",
    ),
    Case(
        "a shelf that is seldom right is passed over",
        asked=make_sourcing(
            make_candidate(NEAR, shelves=make_shelves({SHIRT: 1}, found_ppm=600_000)),
            make_candidate(FAR, km=100),
        ),
        senders=[FAR],
        code="cheapest_place",
        decided_by="risk",
    ),
    Case(
        "old stock goes first when its credit pays the way",
        asked=make_sourcing(
            make_candidate(NEAR, km=10),
            make_candidate(FAR, km=300, shelves=make_shelves({SHIRT: 9}, markdown_milli=400_000)),
        ),
        senders=[FAR],
        code="cheapest_place",
        decided_by="markdown",
    ),
    Case(
        "a late parcel costs its lateness",
        asked=make_sourcing(
            make_candidate(NEAR, km=10, arrives_in_minutes=4_000),
            make_candidate(FAR, km=300, arrives_in_minutes=2_000),
            promised_in_minutes=2_880,
            tariff=Tariff(parcel_micro_per_km=1_000_000, lateness_milli_per_minute=1_000),
        ),
        senders=[FAR],
        code="cheapest_place",
        decided_by="lateness",
    ),
    Case(
        "another owner's goods cost a fee",
        asked=make_sourcing(
            make_candidate(NEAR, km=10, is_cross_owner=True),
            make_candidate(FAR, km=300),
            tariff=Tariff(
                parcel_micro_per_km=1_000_000, cross_owner_fee_milli=200_000, cross_owner_ppm=50_000
            ),
        ),
        senders=[FAR],
        code="cheapest_place",
        decided_by="cross_owner",
    ),
    Case(
        "one parcel from afar beats two from near",
        asked=make_sourcing(
            make_candidate(NEAR, km=10),
            make_candidate(OTHER, km=10, shelves=HAS_TROUSERS),
            make_candidate(FAR, km=500, shelves=HAS_OUTFIT),
            lines=OUTFIT,
        ),
        senders=[FAR],
        code="only_place",
    ),
    Case(
        "two parcels from near beat one from very far",
        asked=make_sourcing(
            make_candidate(NEAR, km=10),
            make_candidate(OTHER, km=10, shelves=HAS_TROUSERS),
            make_candidate(FAR, km=2_000, shelves=HAS_OUTFIT),
            lines=OUTFIT,
        ),
        senders=[NEAR, OTHER],
        code="split_cheaper",
        decided_by="distance",
    ),
    Case(
        "what lies apart is sent apart",
        asked=make_sourcing(
            make_candidate(NEAR), make_candidate(OTHER, shelves=HAS_TROUSERS), lines=OUTFIT
        ),
        senders=[NEAR, OTHER],
        code="split_needed",
    ),
    Case(
        "the buyer's store serves a pickup, whatever is cheaper",
        asked=make_sourcing(
            make_candidate(NEAR, km=1),
            make_candidate(FAR, km=90),
            mode="pickup",
            pickup_location_id=FAR,
        ),
        senders=[FAR],
        code="chosen_by_buyer",
    ),
    Case(
        "own warehouses first, dearer or not",
        asked=make_sourcing(make_candidate(NEAR, km=1, tier=1), make_candidate(FAR, km=900)),
        senders=[FAR],
        code="only_place",
    ),
    Case(
        "a tier that cannot fill the order is asked together with the next",
        asked=make_sourcing(
            make_candidate(FAR, km=900),
            make_candidate(NEAR, km=1, tier=1, shelves=HAS_OUTFIT),
            lines=OUTFIT,
        ),
        senders=[NEAR],
        code="only_place",
    ),
    Case(
        "a cheap order is not split while one place has it all",
        asked=make_sourcing(
            make_candidate(NEAR, km=10),
            make_candidate(OTHER, km=10, shelves=HAS_TROUSERS),
            make_candidate(FAR, km=2_000, shelves=HAS_OUTFIT),
            lines=OUTFIT,
            limit=SplitLimit(no_split_below_minor=30_000),
        ),
        senders=[FAR],
        code="only_place",
    ),
    Case(
        "a limit on splitting gives way to an order that lies apart",
        asked=make_sourcing(
            make_candidate(NEAR),
            make_candidate(OTHER, shelves=HAS_TROUSERS),
            lines=OUTFIT,
            limit=SplitLimit(parcels_max=1),
        ),
        senders=[NEAR, OTHER],
        code="split_needed",
    ),
    Case(
        "a limit that holds leaves the smaller part unfilled",
        asked=make_sourcing(
            make_candidate(NEAR),
            make_candidate(OTHER, shelves=HAS_TROUSERS),
            lines=make_lines({SHIRT: 1, TROUSERS: 2}),
            limit=SplitLimit(parcels_max=1, when_exceeded="hold"),
        ),
        senders=[OTHER],
        code="limit_kept",
    ),
    Case("nobody has it", asked=make_sourcing(), senders=[], code="nothing_to_send"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_chooses(case: Case) -> None:
    choice = decide(sourcing=case.asked)

    assert senders(choice) == case.senders
    assert choice.reason.code == case.code
    assert choice.reason.decided_by == case.decided_by


class Tie(NamedTuple):
    decided_by: TieBreak
    chosen: Candidate
    passed_over: Candidate


TIES = [
    Tie("arrival", make_candidate(9, arrives_in_minutes=60), make_candidate(1)),
    Tie(
        "found",
        make_candidate(9, accept_ppm=900_000, parcel_cost_milli=750_000),
        make_candidate(1, accept_ppm=800_000, parcel_cost_milli=700_000),
    ),
    Tie("load", make_candidate(9), make_candidate(1, recent_load=3)),
    Tie(
        "age",
        make_candidate(9, shelves=make_shelves({SHIRT: 1}, age_days=200)),
        make_candidate(1),
    ),
    Tie("location", make_candidate(1), make_candidate(9)),
]


@pytest.mark.parametrize("tie", TIES, ids=lambda tie: tie.decided_by)
def test_breaks_a_tie_by(tie: Tie) -> None:
    choice = decide(sourcing=make_sourcing(tie.passed_over, tie.chosen))

    assert senders(choice) == [tie.chosen.location_id]
    assert choice.reason.code == "tie_broken"
    assert choice.reason.decided_by == tie.decided_by


class Refused(NamedTuple):
    refusal: Refusal
    candidate: Candidate
    asked: dict[str, object] = {}  # noqa: RUF012  read only


REFUSED = [
    Refused("excluded", make_candidate(NEAR), {"excluded_location_ids": (NEAR,)}),
    Refused("not_capable", make_candidate(NEAR, is_capable=False)),
    Refused("not_open", make_candidate(NEAR, is_open=False)),
    Refused("no_consent", make_candidate(NEAR, has_consent=False)),
    Refused("no_capacity", make_candidate(NEAR, capacity_left=0)),
    Refused("no_stock", make_candidate(NEAR, shelves=HAS_TROUSERS)),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.refusal)
def test_refuses(case: Refused) -> None:
    sourcing = make_sourcing(case.candidate, make_candidate(FAR, km=2_000), **case.asked)

    choice = decide(sourcing=sourcing)

    assert senders(choice) == [FAR]
    assert [quote.refusal for quote in choice.quotes] == [case.refusal, None]


class Short(NamedTuple):
    name: str
    candidate: Candidate
    left: int
    why: WhyUnfilled
    limit: SplitLimit = SplitLimit()


SHORT = [
    Short("too little anywhere", make_candidate(FAR, shelves=()), 3, "no_stock"),
    Short(
        "the rest is where the order may not go",
        make_candidate(FAR, is_open=False),
        3,
        "stock_only_at_refused_places",
    ),
    Short(
        "the rest would be one parcel too many",
        make_candidate(FAR, shelves=make_shelves({SHIRT: 3})),
        2,
        "split_limit",
        SplitLimit(parcels_max=1, when_exceeded="hold"),
    ),
]


@pytest.mark.parametrize("case", SHORT, ids=lambda case: case.name)
def test_says_why_a_line_is_short(case: Short) -> None:
    five_shirts = make_lines({SHIRT: 5})
    holds_two = make_candidate(NEAR, shelves=make_shelves({SHIRT: 2}))

    choice = decide(
        sourcing=make_sourcing(holds_two, case.candidate, lines=five_shirts, limit=case.limit)
    )

    assert [(line.quantity, line.why) for line in choice.unfilled] == [(case.left, case.why)]


def test_sends_what_fits_no_single_place_from_as_few_as_can() -> None:
    holders = [make_candidate(place, shelves=make_shelves({SHIRT: 3})) for place in (1, 2, 3)]

    choice = decide(sourcing=make_sourcing(*holders, lines=make_lines({SHIRT: 5})))

    assert sent(choice) == {1: {1: 3}, 2: {1: 2}}


def test_gives_two_lines_of_one_sku_what_was_sent_of_it() -> None:
    twice = (*make_lines({SHIRT: 2}), *make_lines({SCARF: 1, SHIRT: 2})[1:])
    holder = make_candidate(NEAR, shelves=make_shelves({SHIRT: 3}))

    choice = decide(sourcing=make_sourcing(holder, lines=twice))

    assert sent(choice) == {NEAR: {1: 2, 2: 1}}
    assert [(line.line_id, line.quantity) for line in choice.unfilled] == [(2, 1)]


def test_quotes_every_candidate_with_all_its_cost_parts() -> None:
    declines = make_candidate(FAR, km=100, accept_ppm=900_000, is_open=False)

    choice = decide(sourcing=make_sourcing(make_candidate(NEAR), declines))

    quote = choice.quotes[1]
    assert quote.refusal == "not_open"
    assert quote.is_whole
    assert (quote.cost.parcel, quote.cost.distance, quote.cost.risk) == (800_000, 100_000, 50_000)
    assert quote.cost.total_milli == 950_000


def test_quotes_a_refused_place_even_when_nobody_else_has_it() -> None:
    shut = make_candidate(NEAR, is_open=False)

    choice = decide(sourcing=make_sourcing(shut))

    assert choice.parcels == ()
    assert [(quote.refusal, quote.units) for quote in choice.quotes] == [("not_open", 1)]


def test_says_what_the_nearest_would_have_cost_when_it_is_passed_over() -> None:
    dear = make_candidate(NEAR, km=1, parcel_cost_milli=2_000_000)

    choice = decide(sourcing=make_sourcing(dear, make_candidate(FAR, km=400)))

    numbers = choice.reason.numbers
    assert numbers["nearest_location_id"] == NEAR
    assert numbers["nearest_cost_milli"] - numbers["cost_milli"] == 801_000
