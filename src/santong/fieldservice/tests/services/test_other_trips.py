"""Another trip in the place of one that was missed, and what says that it was."""

from __future__ import annotations

from datetime import timedelta

from santong.fieldservice.selectors.visits import follower_of, visit_by_id
from santong.fieldservice.services.accept_visit import accept_by_signature, accept_silent
from santong.fieldservice.services.book_visit import book, reschedule
from santong.fieldservice.services.check_in import check_in_by_place
from santong.fieldservice.services.follow_visit import follow_visit
from santong.fieldservice.services.report_done import report_done
from santong.fieldservice.services.report_no_show import report_no_show, settle_absences
from santong.fieldservice.tests.services.test_visit_life import DRAWN, NOON, TEN, THERE, booked


def test_a_trip_that_was_missed_is_finished_by_the_one_in_its_place(merchant_id: int) -> None:
    visit = booked(merchant_id)
    check_in_by_place(merchant_id=merchant_id, visit_id=visit.id, at=THERE, now=TEN)
    second = follow_visit(merchant_id=merchant_id, visit_id=visit.id, reason="parts", now=NOON)
    later = TEN + timedelta(days=1)
    book(merchant_id=merchant_id, visit_id=second.id, window_from=later, now=NOON)
    late = later + timedelta(hours=3)
    missed = report_no_show(
        merchant_id=merchant_id, visit_id=second.id, by="buyer", reason="没人来", now=late
    )
    third = follower_of(merchant_id=merchant_id, visit_id=second.id) or 0
    assert missed.state == "missed"
    assert accept_silent(merchant_id=merchant_id, limit=9, now=late + timedelta(days=3)) == 0

    again = TEN + timedelta(days=2)
    book(merchant_id=merchant_id, visit_id=third, window_from=again, now=late)
    check_in_by_place(merchant_id=merchant_id, visit_id=third, at=THERE, now=again)
    report_done(merchant_id=merchant_id, visit_id=third, now=again)
    accept_by_signature(
        merchant_id=merchant_id, visit_id=third, drawn=DRAWN, written="", on="buyer", now=again
    )

    first = visit_by_id(merchant_id=merchant_id, visit_id=visit.id)
    assert (first.state, first.accepted_by) == ("accepted", "signature")


def test_what_was_said_about_another_time_is_no_signal(merchant_id: int) -> None:
    visit = booked(merchant_id)
    report_no_show(
        merchant_id=merchant_id, visit_id=visit.id, by="buyer", reason="没人来", now=NOON
    )

    later = TEN + timedelta(days=1)
    reschedule(
        merchant_id=merchant_id,
        visit_id=visit.id,
        window_from=later,
        by="technician",
        reason="堵车",
        now=NOON,
    )

    assert settle_absences(merchant_id=merchant_id, now=later + timedelta(hours=3)) == 0
    assert visit_by_id(merchant_id=merchant_id, visit_id=visit.id).state == "booked"
