"""What a change costs, who was absent, and from where a visit may go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.fieldservice.contracts import STATES, Side, State
from santong.fieldservice.rules.masking import masked
from santong.fieldservice.rules.states import AHEAD, ENDED, NEXT, OPEN, may_go
from santong.fieldservice.rules.terms import Signals, absent, change_terms, is_silent
from santong.fieldservice.tests.factories import CONTACT, PLACE

END = datetime(2026, 11, 12, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Case(NamedTuple):
    name: str
    absent: Side | None
    now: datetime = END + timedelta(minutes=30)
    arrived_at: datetime | None = None
    by_place: bool = False
    begun: bool = False
    reported_by: frozenset[Side] = frozenset({"buyer"})


BOTH: frozenset[Side] = frozenset({"buyer", "technician"})
TECHNICIAN: frozenset[Side] = frozenset({"technician"})
CAME = END - timedelta(hours=1)

CASES = [
    Case("no check-in and the buyer's word", absent="technician"),
    Case("the window is not over for half an hour", absent=None, now=END + 29 * MINUTE),
    Case("nobody said so", absent=None, reported_by=frozenset()),
    Case("the technician's own word is no signal against them", absent=None,
         reported_by=TECHNICIAN),
    Case("who checked in has come", absent=None, arrived_at=CAME, by_place=True),
    Case("the buyer did not open", absent="buyer", arrived_at=CAME, by_place=True,
         reported_by=TECHNICIAN),
    Case("nobody waited for the buyer", absent=None, arrived_at=CAME, by_place=True,
         reported_by=TECHNICIAN, now=CAME + 14 * MINUTE),
    Case("the work had begun", absent=None, arrived_at=CAME, by_place=True, begun=True,
         reported_by=TECHNICIAN),
    Case("who showed a code was there", absent=None, arrived_at=CAME, reported_by=TECHNICIAN),
    Case("both say so of one another, and nobody came", absent="technician", reported_by=BOTH),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_absence_takes_two_signals(case: Case) -> None:
    signals = Signals(
        window_until=END,
        arrived_at=case.arrived_at,
        proved_by_place=case.by_place,
        has_begun=case.begun,
        reported_by=case.reported_by,
    )

    assert absent(signals, now=case.now) == case.absent


@given(
    arrived=st.one_of(st.none(), st.integers(-600, 0)),
    by_place=st.booleans(),
    begun=st.booleans(),
    late=st.integers(-600, 6_000),
)
def test_nobody_is_absent_because_nobody_said_anything(
    *, arrived: int | None, by_place: bool, begun: bool, late: int
) -> None:
    signals = Signals(
        window_until=END,
        arrived_at=None if arrived is None else END + arrived * MINUTE,
        proved_by_place=by_place,
        has_begun=begun,
        reported_by=frozenset(),
    )

    assert absent(signals, now=END + late * MINUTE) is None


@pytest.mark.parametrize(
    ("hours", "is_late"), [(25, False), (24, False), (23, True), (0, True), (-5, True)]
)
def test_a_change_is_late_by_the_hours_of_the_service(*, hours: int, is_late: bool) -> None:
    terms = change_terms(
        window_from=END,
        free_hours=24,
        late_fee_minor=5_000,
        now=END - timedelta(hours=hours),
    )

    assert (terms.is_late, terms.fee_minor) == (is_late, 5_000 if is_late else 0)


def test_what_was_never_booked_is_never_late() -> None:
    terms = change_terms(window_from=None, free_hours=24, late_fee_minor=5_000, now=END)

    assert (terms.is_late, terms.fee_minor) == (False, 0)


def test_silence_is_48_hours() -> None:
    assert not is_silent(done_at=END, now=END + timedelta(hours=48) - MINUTE)
    assert is_silent(done_at=END, now=END + timedelta(hours=48))


def test_every_state_is_ended_or_open_and_can_be_reached() -> None:
    assert set(NEXT) == set(STATES) == set(ENDED) | set(OPEN)
    assert {after for step in NEXT.values() for after in step} == set(STATES) - {"requested"}
    assert not any(NEXT[state] for state in ENDED)
    assert set(AHEAD) <= set(OPEN)


@pytest.mark.parametrize(
    ("before", "after"),
    [("requested", "booked"), ("done", "cancelled"), ("en_route", "cancelled"),
     ("working", "missed"), ("accepted", "done"), ("cancelled", "offered")],
)  # fmt: skip
def test_a_visit_takes_no_step_that_is_not_drawn(before: State, after: State) -> None:
    assert not may_go(before, after)


def test_a_contact_is_masked() -> None:
    shown = masked(CONTACT, PLACE)

    assert (shown.name, shown.phone, shown.address) == (
        "王**",
        "138****8000",
        "浙江省杭州市西湖区***",
    )
