"""How clocks stand, whatever happened to them and in whatever order it was told."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.clocks.contracts import Evaluation, Event, Promise
from santong.clocks.rules.evaluate import elapsed, evaluate
from santong.clocks.rules.history import history_of
from santong.clocks.rules.working_time import WorkingTime
from santong.clocks.tests.rules.worlds import (
    ALWAYS,
    BEGINS,
    CALENDARS,
    HOUR,
    OFFICE_TIME,
    PROMISES,
    at,
    happenings,
    instants,
    stories,
)

LATE = BEGINS + 400 * 86_400
FOR_EVER = 1 << 60


def looked_at(events: list[Event], now: int = LATE) -> Evaluation:
    return evaluate(events, PROMISES, CALENDARS, now)


def due(stands: Evaluation) -> int:
    return FOR_EVER if stands.due_at is None else stands.due_at


def started(text: str, **said: int) -> Event:
    return Event(kind="start", at=at(text), **({"policy": 1, "calendar": 1} | said))


class Case(NamedTuple):
    name: str
    events: tuple[tuple[str, str], ...]
    elapsed: float
    due: str | None
    state: str = "running"
    paused: float = 0


# Three hours of working time from Monday 2 March 2026, 10:00, looked at on Tuesday at noon.
CASES = [
    Case("over lunch", (), 2 + 5 + 3, "2026-03-02 14:00"),
    Case("stopped in time", (("stop", "2026-03-02 11:00"),), 1, "2026-03-02 14:00", "stopped"),
    Case("stopped late", (("stop", "2026-03-02 15:00"),), 4, "2026-03-02 14:00", "stopped"),
    Case("it rests", (("pause", "2026-03-02 11:00"),), 1, None, "paused", 25),
    Case(
        "it rested over night",
        (("pause", "2026-03-02 11:00"), ("resume", "2026-03-03 11:00")),
        2,
        "2026-03-03 14:00",
        paused=24,
    ),
    Case(
        "told the wrong way round",
        (("resume", "2026-03-03 11:00"), ("pause", "2026-03-02 11:00")),
        2,
        "2026-03-03 14:00",
        paused=24,
    ),
    Case(
        "told twice",
        (
            ("pause", "2026-03-02 11:00"),
            ("pause", "2026-03-02 11:00"),
            ("pause", "2026-03-02 11:30"),
            ("resume", "2026-03-03 11:00"),
            ("resume", "2026-03-03 11:00"),
        ),
        2,
        "2026-03-03 14:00",
        paused=24,
    ),
    Case(
        "a pause from before the start begins with it",
        (("pause", "2026-03-01 11:00"), ("resume", "2026-03-02 11:00")),
        1 + 5 + 3,
        "2026-03-02 15:00",
        paused=1,
    ),
    Case(
        "stopped before the start",
        (("stop", "2026-03-01 11:00"),),
        0,
        "2026-03-02 14:00",
        "stopped",
    ),
    Case(
        "nothing follows the end",
        (("stop", "2026-03-02 11:00"), ("pause", "2026-03-02 11:30"), ("stop", "2026-03-02 15:00")),
        1,
        "2026-03-02 14:00",
        "stopped",
    ),
    Case("cancelled late", (("cancel", "2026-03-02 15:00"),), 4, "2026-03-02 14:00", "cancelled"),
    Case(
        "what is still to come is not known",
        (("stop", "2026-03-04 11:00"),),
        10,
        "2026-03-02 14:00",
    ),
    Case("a second start", (("start", "2026-03-03 09:00"),), 10, "2026-03-02 14:00"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_evaluate(case: Case) -> None:
    events = [Event(kind=kind, at=at(when), policy=1, calendar=1) for kind, when in case.events]  # type: ignore[arg-type]

    stands = looked_at([started("2026-03-02 10:00"), *events], at("2026-03-03 12:00"))

    assert stands.elapsed_seconds == case.elapsed * HOUR
    assert stands.due_at == (None if case.due is None else at(case.due))
    assert stands.state == case.state
    assert stands.paused_seconds == case.paused * HOUR
    assert stands.warn_at == at("2026-03-02 11:30") or case.paused


def test_a_clock_that_is_due_is_kept_to_the_second() -> None:
    start, due_at = started("2026-03-02 10:00"), at("2026-03-02 14:00")

    in_time = looked_at([start, Event(kind="stop", at=due_at)])
    late = looked_at([start, Event(kind="stop", at=due_at + 1)])

    assert (in_time.is_late, late.is_late) == (False, True)


def test_a_due_time_that_was_said_is_put_off_by_as_long_as_the_clock_rests() -> None:
    start = started("2026-03-02 10:00", policy=0, due_at=at("2026-03-04 20:00"))
    start = replace(start, policy=None, calendar=None)
    rest = [Event(kind="pause", at=at("2026-03-03 10:00"))]

    resting = looked_at([start, *rest], at("2026-03-03 12:00"))
    gone_on = looked_at([start, *rest, Event(kind="resume", at=at("2026-03-03 13:00"))])

    assert looked_at([start]).due_at == at("2026-03-04 20:00")
    assert resting.due_at is None
    assert gone_on.due_at == at("2026-03-04 23:00")


def test_a_due_time_before_the_start_is_late_at_once() -> None:
    start = Event(kind="start", at=at("2026-03-02 10:00"), due_at=at("2026-03-01 10:00"))

    stands = looked_at([start], at("2026-03-02 10:00"))

    assert (stands.due_at, stands.is_late) == (at("2026-03-01 10:00"), True)
    assert stands.target_seconds == 0


def test_another_due_time_takes_the_place_of_the_policy() -> None:
    changed = Event(kind="due_change", at=at("2026-03-02 11:00"), due_at=at("2026-03-06 12:00"))

    stands = looked_at([started("2026-03-02 10:00"), changed])

    assert stands.due_at == at("2026-03-06 12:00")
    assert stands.target_seconds == OFFICE_TIME.worked(at("2026-03-02 10:00"), stands.due_at)


def test_what_was_counted_by_the_old_calendar_stays() -> None:
    changed = Event(kind="calendar_change", at=at("2026-03-02 18:00"), calendar=2)

    stands = looked_at([started("2026-03-02 10:00", policy=2), changed], at("2026-03-02 20:00"))

    assert stands.elapsed_seconds == 7 * HOUR + 2 * HOUR
    assert stands.due_at == at("2026-03-02 18:00") + 33 * HOUR


def test_a_clock_without_a_start_is_none() -> None:
    with pytest.raises(ValueError, match="begins with its start"):
        looked_at([Event(kind="pause", at=BEGINS)])


@given(story=stories(), moments=st.tuples(instants, st.integers(0, 86_400)))
def test_what_is_counted_only_grows(story: list[Event], moments: tuple[int, int]) -> None:
    sooner, later = moments[0], moments[0] + moments[1]
    heard = [event for event in story if event.at <= sooner or event.kind == "start"]

    before, after = looked_at(heard, sooner), looked_at(heard, later)

    assert before.elapsed_seconds <= after.elapsed_seconds
    assert before.paused_seconds <= after.paused_seconds
    assert before.due_at == after.due_at
    assert after.is_late or not before.is_late


@given(story=stories(), begins=instants, length=st.integers(0, 3 * 86_400))
def test_resting_never_makes_it_due_sooner(story: list[Event], begins: int, length: int) -> None:
    quiet = [each for each in story if each.kind not in {"pause", "resume", "stop", "cancel"}]
    rest = [Event(kind="pause", at=begins), Event(kind="resume", at=begins + length)]

    stands, rested = looked_at(quiet), looked_at([*quiet, *rest])
    resting = looked_at([*quiet, rest[0]])

    assert due(rested) >= due(stands)
    assert due(resting) >= due(rested)


@given(story=stories(), moment=instants, length=st.integers(0, 86_400))
def test_no_time_is_counted_while_nobody_works(
    story: list[Event], moment: int, length: int
) -> None:
    by_the_office = [each for each in story if each.calendar in {None, 1} and not each.due_at]
    quiet = [each for each in by_the_office if each.at <= moment or each.kind == "start"]
    nobody_works_until = min(moment + length, OFFICE_TIME.open_from(moment) or moment)

    before, after = looked_at(quiet, moment), looked_at(quiet, nobody_works_until)

    assert before.elapsed_seconds == after.elapsed_seconds


@given(story=stories(), when=instants, policy=st.sampled_from([1, 2]))
def test_another_policy_keeps_what_was_counted_and_rested(
    story: list[Event], when: int, policy: int
) -> None:
    before = looked_at(story, when)
    promised_anew = Event(kind="policy_change", at=when, policy=policy, calendar=before.calendar)

    after = looked_at([*story, promised_anew], when)

    assert after.elapsed_seconds == before.elapsed_seconds
    assert after.paused_seconds == before.paused_seconds
    assert after.state == before.state


@given(story=stories())
def test_what_is_counted_until_it_is_due_is_what_was_promised(story: list[Event]) -> None:
    stands = looked_at(story)
    due_at = stands.started_at if stands.due_at is None else stands.due_at
    history = history_of(story, until=LATE)

    counted = elapsed(history, CALENDARS, until=due_at)

    assert counted == (0 if stands.due_at is None else stands.target_seconds)


@given(story=stories(), cut=instants)
def test_a_rest_of_no_length_changes_nothing(story: list[Event], cut: int) -> None:
    rests = [each for each in story if each.kind != "pause"]
    nothing = [Event(kind="pause", at=cut), Event(kind="resume", at=cut)]

    whole, cut_in_two = looked_at(rests), looked_at([*rests, *nothing])

    assert cut_in_two == whole


@given(story=stories(), order=st.randoms(use_true_random=False))
def test_the_order_in_which_it_is_told_does_not_matter(story: list[Event], order: object) -> None:
    start, *rest = story
    distinct = list({max(each.at, start.at): each for each in rest}.values())
    shuffled = sorted(distinct, key=lambda _: order.random())  # type: ignore[attr-defined]

    assert looked_at([start, *shuffled]) == looked_at([start, *distinct])


@given(story=stories(), again=st.integers(0, 8))
def test_what_is_told_twice_happened_once(story: list[Event], again: int) -> None:
    repeated = story[again % len(story)]

    twice = [each for event in story for each in ([event, event] if event is repeated else [event])]

    assert looked_at(twice) == looked_at(story)


@given(story=stories(), more=st.lists(happenings(), max_size=4))
def test_nothing_follows_the_end(story: list[Event], more: list[Event]) -> None:
    end = max(each.at for each in story)
    ended = [*story, Event(kind="stop", at=end)]
    later = [replace(each, at=max(each.at, end)) for each in more]

    assert looked_at([*ended, *later]) == looked_at(ended)


@given(target=st.integers(1, 10**7), begins=instants)
def test_a_clock_that_nothing_happens_to_is_due_when_its_time_has_been_worked(
    target: int, begins: int
) -> None:
    promises = {1: Promise(target_seconds=target)}

    stands = evaluate(
        [Event(kind="start", at=begins, policy=1, calendar=1)], promises, CALENDARS, begins
    )

    assert stands.due_at is not None
    assert OFFICE_TIME.worked(begins, stands.due_at) == target
    assert stands.target_seconds == target


def test_years_that_nobody_told_are_said_up_to_the_due_time() -> None:
    calendars: dict[int, WorkingTime] = {1: OFFICE_TIME, 2: ALWAYS}
    start = Event(kind="start", at=at("2026-12-28 10:00"), policy=2, calendar=1)

    stands = evaluate([start], PROMISES, calendars, at("2026-12-28 10:00"))

    assert stands.unknown_years == (2027,)
