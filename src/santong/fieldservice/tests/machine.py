"""Visits with their model beside them: what is looked at after every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, ClassVar

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant

from santong.clocks import public as clocks
from santong.fieldservice import contracts, errors
from santong.fieldservice.models import Slot
from santong.fieldservice.rules.travel import great_circle_minutes
from santong.fieldservice.selectors.offers import windows_for
from santong.fieldservice.selectors.visits import follower_of, visit_by_id
from santong.fieldservice.tests.factories import (
    NOW,
    assert_sound,
    make_provider,
    make_service,
    told,
)
from santong.fieldservice.tests.model import FEE, FREE_HOURS, WINDOW, Refused, Trip

REFUSALS = (
    errors.VisitPassed,
    errors.StillWaits,
    errors.SlotTaken,
    errors.CannotCome,
    errors.TooFar,
    errors.TooLateToChange,
    errors.NothingToPlan,
)
# Of eight picks the last ones are of all visits; a story picks this one and no other.
ANY, THIS = 5, 100
# When somebody works: minutes of a day in China.
SHIFTS = ((8 * 60, 12 * 60), (13 * 60, 18 * 60))


class Day(RuleBasedStateMachine):
    """Two technicians of one provider, and visits that take their time."""

    merchant_id: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = NOW
        self.trips: list[Trip] = []
        self.ended: dict[int, contracts.Visit] = {}
        make_service(
            self.merchant_id, work_minutes=75, free_change_hours=FREE_HOURS, late_fee_minor=FEE
        )
        self.provider = make_provider(self.merchant_id)
        self.people: list[contracts.Technician] = []

    def teardown(self) -> None:
        try:
            if not transaction.get_rollback():
                self._all_is_well_at_the_end()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def _all_is_well_at_the_end(self) -> None:
        assert_sound(self.merchant_id)
        for trip in self.trips:
            self._facts_are_told_once(trip)
            self._promises_run_while_they_hold(trip)

    @invariant()
    def stands_as_the_model_says(self) -> None:
        for trip in self.trips:
            visit = visit_by_id(merchant_id=self.merchant_id, visit_id=trip.id)
            assert (visit.state, visit.fee_minor) == (trip.state, trip.fee)
            assert visit.missed_by == trip.missed_by
            if trip.state not in {"requested", "offered"}:
                assert (visit.window.starts_at if visit.window else None) == trip.window
            if trip.waits or trip.lacks:
                assert visit.state in {"requested", "cancelled"}
            if visit.state in {"accepted", "missed", "cancelled"}:
                assert self.ended.setdefault(trip.id, visit) == visit

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        rows = Slot.objects.filter(state="booked").order_by("busy_from")
        of_visit = Counter(row.visit_id for row in rows)
        wanted = {"booked", "confirmed", "en_route", "arrived", "working", "done", "accepted"}
        assert of_visit == Counter(trip.id for trip in self.trips if trip.state in wanted)
        for person in self.people:
            mine = [row for row in rows if row.technician_id == person.id]
            for one, other in pairwise(mine):
                way = self._way(one.visit_id, other.visit_id)
                assert one.busy_until + way <= other.busy_from
        for row in rows:
            assert row.window_from <= row.starts_at <= row.window_from + WINDOW
            begins, ends = _clock(row.busy_from), _clock(row.busy_until)
            assert any(first <= begins and ends <= last for first, last in SHIFTS)

    def _way(self, one: int, other: int) -> timedelta:
        points = [
            contracts.Point(visit.latitude, visit.longitude)
            for visit in (
                visit_by_id(merchant_id=self.merchant_id, visit_id=each) for each in (one, other)
            )
        ]
        ways = great_circle_minutes(points[:1], points[1:], self.provider.speed)
        return timedelta(minutes=ways[0][0])

    def _facts_are_told_once(self, trip: Trip) -> None:
        visit = visit_by_id(merchant_id=self.merchant_id, visit_id=trip.id)
        names = [fact.name.split(".")[1] for fact in told(self.merchant_id, visit)]
        assert [name for name in names if name != "visit_rescheduled"] == trip.told

    def _promises_run_while_they_hold(self, trip: Trip) -> None:
        known = clocks.clocks_of(merchant_id=self.merchant_id, subject=f"visit:{trip.id}")
        running = sorted(each.term.split("_")[0] for each in known if each.state == "running")
        on_the_way = trip.state in {"booked", "confirmed", "en_route"}
        arrived = trip.state in {"arrived", "working"}
        wanted = ["arrival", "completion"] if on_the_way else ["completion"] if arrived else []
        assert running == wanted

    def _trip(self, pick: int, *states: str) -> Trip:
        """One of all visits, or more often one for which something comes of it."""
        if pick >= THIS:
            return self.trips[pick - THIS]
        likely = [trip for trip in self.trips if trip.state in states]
        among = likely if likely and pick < ANY else self.trips
        return among[pick % len(among)]

    def _follow(self, trip: Trip, visit_id: int, reason: str, lacks: set[str]) -> None:
        trip.followed_by = Trip(
            id=visit_id, document=trip.document, lacks=lacks, follows=trip, reason=reason
        )
        self.trips.append(trip.followed_by)

    def _miss(self, trip: Trip) -> None:
        by = trip.absent(self.now)
        if by:
            trip.miss(by)
            follower = follower_of(merchant_id=self.merchant_id, visit_id=trip.id)
            assert follower is not None
            self._follow(trip, follower, "missed", set())

    def _is_offered(self, trip: Trip, window: datetime) -> bool:
        on = (window + timedelta(hours=8)).date()
        days = windows_for(merchant_id=self.merchant_id, visit_id=trip.id, on=on, now=self.now)
        return any(each.starts_at == window for day in days for each in day.windows)

    def _lies_on_its_own(self, trip: Trip, window: datetime) -> bool:
        """Whether somebody who came in this window might still be busy with the booked one."""
        booked = Slot.objects.filter(visit_id=trip.id, state="booked").first()
        if booked is None:
            return False
        length = booked.busy_until - booked.busy_from
        return window - length < booked.busy_until and booked.busy_from < window + WINDOW + length

    def _could(self, model: Callable[[], object]) -> bool:
        try:
            model()
        except Refused:
            return False
        return True

    def _both(self, model: Callable[[], object], command: Callable[..., Any], **asked: Any) -> None:
        could = self._could(model)
        assert (self._try(command, **asked) is not None) == could

    def _try(self, command: Callable[..., Any], **asked: Any) -> Any:
        """What came of it; None if it was refused, and has left nothing behind."""
        try:
            with transaction.atomic():
                return self._call(command, **asked)
        except REFUSALS:
            return None

    def _call(self, command: Callable[..., Any], **asked: Any) -> Any:
        return command(merchant_id=self.merchant_id, now=self.now, **asked)


def _clock(instant: datetime) -> int:
    there = instant + timedelta(hours=8)
    return there.hour * 60 + there.minute
