"""Whatever happens to visits, they stand where the model says, and nobody is in two places."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from santong.fieldservice import contracts, jobs
from santong.fieldservice.selectors.codes import arrival_code, completion_code
from santong.fieldservice.selectors.visits import visit_by_id
from santong.fieldservice.services.accept_visit import accept_by_code, accept_by_signature
from santong.fieldservice.services.book_visit import book, confirm, reschedule
from santong.fieldservice.services.cancel_visit import cancel
from santong.fieldservice.services.check_in import check_in_by_code, check_in_by_place
from santong.fieldservice.services.end_plan import take_day_plan
from santong.fieldservice.services.follow_visit import follow_visit
from santong.fieldservice.services.hold_slot import HELD_FOR, hold_slot
from santong.fieldservice.services.offer_visit import goods_arrived, parts_arrived
from santong.fieldservice.services.plan_day import propose_day_plan
from santong.fieldservice.services.report_done import report_done
from santong.fieldservice.services.report_no_show import report_no_show
from santong.fieldservice.services.set_out import begin_work, set_out
from santong.fieldservice.tests.factories import (
    TOMORROW,
    at,
    local,
    make_technician,
    make_visit,
)
from santong.fieldservice.tests.machine import THIS, Day
from santong.fieldservice.tests.model import WINDOW, Trip

EXAMPLES = int(
    os.environ.get("SANTONG_MACHINE_EXAMPLES")
    or os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "8")
)
STEPS = 30
MOST = 7
PLACES = (at(0, 0), at(2, 1), at(9, 9))
HOURS = (8, 10, 14, 16)
picks = st.integers(0, 7)
windows = st.builds(
    lambda day, hour: local(hour, on=TOMORROW + timedelta(days=day)),
    st.sampled_from([0, 0, 0, 1]),
    st.sampled_from(HOURS),
)
sides = st.sampled_from(contracts.SIDES)


class Visits(Day):
    """What buyers, technicians, dispatchers and the clock do."""

    @initialize(
        far=st.integers(0, 11),
        window=windows,
        people=st.integers(1, 2),
        busy=st.lists(st.tuples(st.integers(0, 2), windows, st.booleans()), max_size=3),
    )
    def begin(
        self, far: int, window: datetime, people: int, busy: list[tuple[int, datetime, bool]]
    ) -> None:
        """Most stories begin where the interesting ones do: with a full day, and far in it."""
        for _ in range(people):
            self.people.append(make_technician(self.merchant_id, provider=self.provider))
        self.somebody_asks(0, waits=False)
        self.somebody_asks(1, waits=far == 1)
        if far > 10:
            self._two_that_are_far_apart()
        self._fill_the_day(busy)
        if far > 1:
            self.a_window_is_booked(THIS, window, hand=2)
        if self.trips[0].state == "booked":
            self._go_far(far, window)

    def _go_far(self, far: int, window: datetime) -> None:
        if far == 3:
            self.one_says_the_other_was_not_there(THIS, "buyer")
        if far > 3:
            self.now = window
            self.the_technician_is_there(THIS, is_near=True, by_code=far == 4)
        if far > 6:
            self.work_is_done(THIS)
        if far > 7:
            self.another_trip_is_needed(THIS, "parts", lacks=far == 8)
        if far == 8:
            self.parts_come(0, ("A",))
        if far == 9:
            self._the_other_trip_is_made(len(self.trips) - 1, window + timedelta(days=1))
        if far > 9:
            self._the_other_trip_is_missed(len(self.trips) - 1, window + timedelta(days=1))

    def _the_other_trip_is_made(self, place: int, window: datetime) -> None:
        self.a_window_is_booked(THIS + place, window, hand=2)
        if self.trips[place].state == "booked":
            self.now = window
            self.the_technician_is_there(THIS + place, is_near=True, by_code=False)
            self.work_is_done(THIS + place)

    def _two_that_are_far_apart(self) -> None:
        """The later one first: whoever comes before it has to get there in time."""
        for place, hour in ((0, 10), (2, 8)):
            self.somebody_asks(place, waits=False)
            self.a_window_is_booked(THIS + len(self.trips) - 1, local(hour), hand=2)

    def _fill_the_day(self, busy: list[tuple[int, datetime, bool]]) -> None:
        for place, when, is_held in busy:
            self.somebody_asks(place, waits=False)
            last = THIS + len(self.trips) - 1
            if is_held:
                self.a_window_is_held(last, when)
            else:
                self.a_window_is_booked(last, when, hand=2)

    def _the_other_trip_is_missed(self, place: int, window: datetime) -> None:
        self.a_window_is_booked(THIS + place, window, hand=2)
        if self.trips[place].state == "booked":
            self.now = window + WINDOW + timedelta(minutes=40)
            self.one_says_the_other_was_not_there(THIS + place, "buyer")

    @precondition(lambda self: len(self.trips) < MOST)
    @rule(place=st.integers(0, 2), waits=st.booleans())
    def somebody_asks(self, place: int, *, waits: bool) -> None:
        made = make_visit(self.merchant_id, place=PLACES[place], wait_for_goods=waits, now=self.now)
        self.trips.append(Trip(id=made.id, document=made.document, waits=waits))

    @rule(pick=picks)
    def goods_come(self, pick: int) -> None:
        trip = self._trip(pick)
        self._call(goods_arrived, document=trip.document)
        for each in self.trips:
            if each.document == trip.document and each.state == "requested" and each.waits:
                each.goods_come()

    @rule(pick=picks, codes=st.sampled_from([("A",), ("A", "B")]))
    def parts_come(self, pick: int, codes: tuple[str, ...]) -> None:
        lacking = [trip for trip in self.trips if trip.lacks] or self.trips
        trip = lacking[pick % len(lacking)]
        self._call(parts_arrived, visit_id=trip.id, sku_codes=codes)
        trip.parts_come(*codes)

    @rule(pick=picks, window=windows)
    def a_window_is_held(self, pick: int, window: datetime) -> None:
        trip = self._trip(pick, "offered", "booked")
        could = self._could(trip.check_hold)
        is_offered = could and self._is_offered(trip, window)
        held = self._try(hold_slot, visit_id=trip.id, window_from=window)
        assert bool(held) == is_offered or (is_offered and self._lies_on_its_own(trip, window))
        if held:
            trip.held = (window, self.now + HELD_FOR)

    @rule(pick=picks, window=windows, hand=st.integers(0, 3))
    def a_window_is_booked(self, pick: int, window: datetime, hand: int) -> None:
        """By whoever is cheapest, or by hand: then only the day itself says whether it fits."""
        trip = self._trip(pick, "offered")
        if trip.is_booked_for(window):
            assert self._try(book, visit_id=trip.id, window_from=window)
            return
        could = self._could(trip.check_book)
        fits = could and (trip.holds(window, self.now) or self._is_offered(trip, window))
        who = self.people[hand].id if hand < len(self.people) else None
        booked = self._try(book, visit_id=trip.id, window_from=window, technician_id=who)
        assert could or not booked
        assert who is not None or bool(booked) == fits
        if booked:
            trip.book(window)

    @rule(pick=picks, window=windows, by=sides)
    def a_visit_is_moved(self, pick: int, window: datetime, by: contracts.Side) -> None:
        trip = self._trip(pick, "booked", "confirmed")
        same = trip.is_booked_for(window)
        could = same or self._could(lambda: trip.check_move(by, self.now))
        fits = could and (same or trip.holds(window, self.now) or self._is_offered(trip, window))
        moved = self._try(
            reschedule, visit_id=trip.id, window_from=window, by=by, reason="another day"
        )
        assert bool(moved) == fits
        if moved and not same:
            trip.move(window)

    @rule(day=st.integers(0, 1))
    def a_day_is_planned_anew(self, day: int) -> None:
        on = TOMORROW + timedelta(days=day)
        plan = self._try(propose_day_plan, provider_code=self.provider.code, on=on)
        if plan is not None:
            taken = self._call(take_day_plan, plan_id=plan.id)
            assert taken.saved_minutes > 0

    @rule(pick=picks, step=st.sampled_from([confirm, set_out, begin_work]))
    def a_step_is_taken(self, pick: int, step: Callable[..., Any]) -> None:
        trip = self._trip(pick, "booked", "confirmed", "arrived")
        model = {confirm: trip.confirm, set_out: trip.set_out, begin_work: trip.begin}[step]
        self._both(model, step, visit_id=trip.id)

    @rule(pick=picks, is_near=st.booleans(), by_code=st.booleans())
    def the_technician_is_there(self, pick: int, *, is_near: bool, by_code: bool) -> None:
        trip = self._trip(pick, "booked", "confirmed", "en_route")
        if by_code:
            code = arrival_code(merchant_id=self.merchant_id, visit_id=trip.id)
            self._both(
                lambda: trip.arrive(by_place=False, now=self.now),
                check_in_by_code,
                visit_id=trip.id,
                code=code,
            )
            return
        if not is_near and trip.arrived_at is None:
            far = contracts.Point(31.0, 121.0)
            assert self._try(check_in_by_place, visit_id=trip.id, at=far) is None
            return
        place = visit_by_id(merchant_id=self.merchant_id, visit_id=trip.id)
        self._both(
            lambda: trip.arrive(by_place=True, now=self.now),
            check_in_by_place,
            visit_id=trip.id,
            at=contracts.Point(place.latitude, place.longitude),
        )

    @rule(pick=picks)
    def work_is_done(self, pick: int) -> None:
        trip = self._trip(pick, "arrived", "working")
        self._both(lambda: trip.finish(self.now), report_done, visit_id=trip.id)

    @rule(pick=picks, by_code=st.booleans())
    def work_is_accepted(self, pick: int, *, by_code: bool) -> None:
        trip = self._trip(pick, "done")
        if by_code:
            code = completion_code(merchant_id=self.merchant_id, visit_id=trip.id)
            self._both(trip.accept, accept_by_code, visit_id=trip.id, code=code)
        else:
            signed = {"drawn": None, "written": "王小明", "on": "buyer"}
            self._both(trip.accept, accept_by_signature, visit_id=trip.id, **signed)

    @rule(pick=picks)
    def a_wrong_code_accepts_nothing(self, pick: int) -> None:
        trip = self._trip(pick)
        if trip.state not in {"done", "accepted"}:
            assert self._try(accept_by_code, visit_id=trip.id, code="12") is None

    @rule(
        pick=picks,
        reason=st.sampled_from(["parts", "not_finished", "rework"]),
        lacks=st.booleans(),
    )
    def another_trip_is_needed(
        self, pick: int, reason: Literal["parts", "not_finished", "rework"], *, lacks: bool
    ) -> None:
        trip = self._trip(pick, "arrived", "working", "done")
        needed = {"A": 1, "B": 2} if lacks else {}
        found = self._try(follow_visit, visit_id=trip.id, reason=reason, needed_by_sku=needed)
        if trip.followed_by is not None:
            assert found.id == trip.followed_by.id
            return
        could = self._could(trip.check_follow)
        assert bool(found) == could
        if could:
            trip.finish(self.now)
            self._follow(trip, found.id, reason, set(needed))

    @rule(pick=picks, by=sides)
    def one_says_the_other_was_not_there(self, pick: int, by: contracts.Side) -> None:
        trip = self._trip(pick, "booked", "confirmed", "arrived")
        could = self._could(trip.check_report)
        said = self._try(report_no_show, visit_id=trip.id, by=by, reason="nobody there")
        assert bool(said) == could
        if could:
            trip.reported.add(by)
            self._miss(trip)

    @rule(pick=picks, by=sides)
    def a_visit_is_called_off(self, pick: int, by: contracts.Side) -> None:
        trip = self._trip(pick, "booked", "confirmed")
        self._both(
            lambda: trip.cancel(by, self.now), cancel, visit_id=trip.id, by=by, reason="not today"
        )

    @rule(minutes=st.sampled_from([9, 40, 180, 24 * 60, 49 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        absent = [trip for trip in self.trips if trip.absent(self.now)]
        silent = [trip for trip in self.trips if trip.is_silent(self.now)]
        for job in (
            jobs.let_holds_go,
            jobs.let_visits_be_offered,
            jobs.let_absences_be_settled,
            jobs.let_silence_accept,
        ):
            self._call(job)
        for trip in absent:
            self._miss(trip)
        for trip in silent:
            trip.accept()


def test_visits_stand_where_the_model_says(merchant_id: int) -> None:
    machine = type("Machine", (Visits,), {"merchant_id": merchant_id})
    machine.TestCase = None  # type: ignore[attr-defined]

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
