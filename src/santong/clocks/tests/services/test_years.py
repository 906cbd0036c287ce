"""Years are told as data; clocks follow, and keep what they have counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.clocks import contracts, errors, events
from santong.clocks.models import CalendarYear
from santong.clocks.rules.library import library_days, library_years
from santong.clocks.selectors.calendars import calendar_by_code, known_years
from santong.clocks.selectors.clocks import clock_of
from santong.clocks.selectors.invariants import check_warnings
from santong.clocks.selectors.years import library_offers, preview_year, years_wanting
from santong.clocks.services.change_calendar import change_calendar
from santong.clocks.services.follow_calendars import follow_calendars
from santong.clocks.services.load_year import load_year
from santong.clocks.services.look_at_due import look_at_due
from santong.clocks.services.stop import stop
from santong.clocks.tests.factories import (
    HOUR,
    LATE,
    NOW,
    OFFICE,
    WITH_LUNCH,
    assert_sound,
    china,
    facts_told,
    in_scope,
    make_calendar,
    make_clock,
    make_policy,
)
from santong.kernel import tenancy
from santong.kernel.errors import VersionMoved

AtOnce = Callable[..., list[Any]]
NEW_YEAR = contracts.DifferentDay(on=date(2027, 1, 1), kind="holiday", name="元旦")
YEAR_END = china("2026-12-31T16:00")
TODAY_IS_OFF = replace(
    OFFICE, own_days=(contracts.OwnDay(on=date(2026, 11, 12), hours=(), name="盘点"),)
)


def told(merchant_id: int, *days: contracts.DifferentDay, **said: Any) -> contracts.KnownYear:
    asked: dict[str, Any] = {"expected_version": 0, "year": 2027, "now": NOW} | said
    return load_year(merchant_id=merchant_id, region="CN", days=days, **asked)


def followed(merchant_id: int, now: datetime = NOW) -> int:
    return follow_calendars(merchant_id=merchant_id, limit=100, now=now)


def due_of(merchant_id: int, clock: contracts.Clock) -> datetime | None:
    return clock_of(merchant_id=merchant_id, subject=clock.subject, term=clock.term).due_at


def test_a_calendar_of_china_begins_with_the_years_of_the_library(merchant_id: int) -> None:
    make_calendar(merchant_id=merchant_id)
    make_calendar(merchant_id=merchant_id, code="second")

    known = known_years(merchant_id=merchant_id, region="CN")

    assert [each.year for each in known] == list(library_years())
    assert [each.days for each in known] == [library_days(year=year) for year in library_years()]
    assert {(each.version, each.source) for each in known} == {(1, "library")}
    assert library_offers(merchant_id=merchant_id, region="CN") == []


def test_a_clock_that_is_due_in_a_year_that_nobody_told_says_so(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id, hours=4)

    clock = make_clock(merchant_id=merchant_id, now=YEAR_END)

    assert (clock.due_at, clock.unknown_year) == (china("2027-01-01T11:00"), 2027)
    assert years_wanting(merchant_id=merchant_id, now=NOW) == {"CN": [2027]}
    (warning,) = check_warnings(merchant_id=merchant_id, now=NOW)
    assert warning.detail == "CN 2027"
    assert_sound(merchant_id)


def test_clocks_follow_a_year_that_is_told(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id, hours=4)
    clock = make_clock(merchant_id=merchant_id, now=YEAR_END)
    other = make_clock(merchant_id=merchant_id, due_at=YEAR_END)

    year = told(merchant_id, NEW_YEAR, now=YEAR_END)
    count = [followed(merchant_id, YEAR_END), followed(merchant_id, YEAR_END)]

    moved = clock_of(merchant_id=merchant_id, subject=clock.subject, term=clock.term)
    assert (year.version, year.source, year.days) == (1, "file", (NEW_YEAR,))
    assert count == [1, 0]
    assert (moved.due_at, moved.unknown_year) == (china("2027-01-04T11:00"), None)
    assert due_of(merchant_id, other) == YEAR_END
    assert years_wanting(merchant_id=merchant_id, now=NOW) == {}
    assert len(facts_told(merchant_id=merchant_id, kind=events.YearLoaded)) == 24
    assert_sound(merchant_id)


def test_what_was_counted_before_a_year_is_told_anew_stays(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id, hours=12)
    clock = make_clock(merchant_id=merchant_id)
    today = contracts.DifferentDay(on=date(2026, 11, 12), kind="holiday", name="too late")

    told(
        merchant_id,
        *library_days(year=2026),
        today,
        year=2026,
        expected_version=1,
        now=china("2026-11-12T12:00"),
    )
    followed(merchant_id, china("2026-11-12T12:00"))

    # Of the holiday three hours were counted before it was told.
    assert due_of(merchant_id, clock) == china("2026-11-13T16:27")
    assert_sound(merchant_id)


def test_the_same_year_again_changes_nothing(merchant_id: int) -> None:
    make_calendar(merchant_id=merchant_id)
    first = told(merchant_id, NEW_YEAR)

    again = told(merchant_id, NEW_YEAR)

    assert again == first
    assert calendar_by_code(merchant_id=merchant_id, code="office").version == 2


def test_a_year_that_somebody_else_told_has_to_be_looked_at_again(merchant_id: int) -> None:
    make_calendar(merchant_id=merchant_id)
    told(merchant_id, NEW_YEAR)

    with pytest.raises(errors.YearMoved), transaction.atomic():
        told(merchant_id, replace(NEW_YEAR, name="New Year"))

    assert CalendarYear.objects.of_merchant(merchant_id).filter(year=2027).count() == 1


def test_what_a_year_would_change_can_be_seen_before(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id, hours=4)
    clock = make_clock(merchant_id=merchant_id, now=YEAR_END)
    make_clock(merchant_id=merchant_id, now=NOW)

    seen = preview_year(
        merchant_id=merchant_id, region="CN", year=2027, days=[NEW_YEAR], now=YEAR_END
    )

    assert seen.version == 0
    assert [(each.on, each.before, each.after) for each in seen.changes] == [
        (NEW_YEAR.on, None, NEW_YEAR)
    ]
    assert (seen.clocks_live, seen.clocks_tried, seen.clocks_moved) == (2, 2, 1)
    assert [(each.subject, each.after) for each in seen.moved] == [
        (clock.subject, china("2027-01-04T11:00"))
    ]
    assert due_of(merchant_id, clock) == china("2027-01-01T11:00")
    assert_sound(merchant_id)


def test_clocks_follow_a_calendar_that_is_changed(merchant_id: int) -> None:
    policy = make_policy(merchant_id=merchant_id, hours=4)
    clock = make_clock(merchant_id=merchant_id)
    code = policy.calendar_code

    changed = change_calendar(
        merchant_id=merchant_id,
        code=code,
        name="office",
        terms=TODAY_IS_OFF,
        expected_version=1,
        reason="we count",
        now=NOW,
    )
    again = change_calendar(
        merchant_id=merchant_id,
        code=code,
        name="office",
        terms=TODAY_IS_OFF,
        expected_version=1,
        reason="we count",
        now=NOW,
    )
    followed(merchant_id)

    assert (changed.version, again.version) == (2, 2)
    assert due_of(merchant_id, clock) == china("2026-11-13T10:27")
    with pytest.raises(VersionMoved):
        change_calendar(
            merchant_id=merchant_id,
            code=code,
            name="office",
            terms=OFFICE,
            expected_version=1,
            reason="we do not",
            now=NOW,
        )


def test_a_clock_that_stops_before_it_has_followed_goes_by_the_new_calendar(
    merchant_id: int,
) -> None:
    policy = make_policy(merchant_id=merchant_id, hours=4)
    clock = make_clock(merchant_id=merchant_id)
    change_calendar(
        merchant_id=merchant_id,
        code=policy.calendar_code,
        name="office",
        terms=TODAY_IS_OFF,
        expected_version=1,
        reason="we count",
        now=NOW,
    )

    stopped = stop(
        merchant_id=merchant_id,
        subject=clock.subject,
        term=clock.term,
        at=LATE,
        reason="",
        now=LATE,
    )

    assert (stopped.is_kept, stopped.due_at) == (True, china("2026-11-13T10:27"))
    assert_sound(merchant_id)


def test_a_holiday_that_is_told_late_mends_what_was_said_to_be_broken(merchant_id: int) -> None:
    policy = make_policy(merchant_id=merchant_id, hours=4)
    clock = make_clock(merchant_id=merchant_id)
    change_calendar(
        merchant_id=merchant_id,
        code=policy.calendar_code,
        name="office",
        terms=TODAY_IS_OFF,
        expected_version=1,
        reason="we count",
        now=NOW,
    )
    look_at_due(merchant_id=merchant_id, limit=10, now=LATE)

    followed(merchant_id, LATE)

    assert len(facts_told(merchant_id=merchant_id, kind=events.ClockMended)) == 1
    assert due_of(merchant_id, clock) == china("2026-11-13T10:27")
    assert_sound(merchant_id)


def test_hours_that_no_week_has_are_refused(merchant_id: int) -> None:
    terms = contracts.Terms(time_zone="Asia/Shanghai", makeup_hours=WITH_LUNCH)

    with pytest.raises(errors.CalendarNeverOpen):
        make_calendar(merchant_id=merchant_id, terms=terms)


def test_two_who_tell_a_year_at_once_tell_it_once(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_policy(merchant_id=merchant, hours=4)
        for _ in range(30):
            make_clock(merchant_id=merchant, now=YEAR_END)
    named = [replace(NEW_YEAR, name=f"元旦 {number}") for number in range(4)]

    results = at_once(
        *[
            in_scope(
                merchant,
                load_year,
                region="CN",
                year=2027,
                days=[day],
                expected_version=0,
                now=YEAR_END,
            )
            for day in named
        ]
    )
    follow = in_scope(merchant, follow_calendars, limit=4, now=YEAR_END)
    counts = [sum(at_once(follow, follow, follow)) for _ in range(4)]

    refused = [each for each in results if isinstance(each, errors.YearMoved)]
    assert len(refused) == 3
    assert sum(counts) == 30
    with tenancy.scope(merchant_id=merchant):
        assert CalendarYear.objects.of_merchant(merchant).filter(year=2027).count() == 1
        assert_sound(merchant)


def test_many_calendars_without_a_region_know_no_holidays(merchant_id: int) -> None:
    make_calendar(merchant_id=merchant_id, code="plain", terms=replace(OFFICE, region=""))
    make_policy(merchant_id=merchant_id, calendar_code="plain", hours=8)

    clock = make_clock(merchant_id=merchant_id, now=china("2026-09-30T10:00"))

    assert clock.due_at == china("2026-10-01T10:00")
    assert clock.target_seconds == 8 * HOUR
    assert years_wanting(merchant_id=merchant_id, now=datetime(2030, 1, 1, tzinfo=UTC)) == {}
    assert clock.started_at + timedelta(days=1) == clock.due_at
