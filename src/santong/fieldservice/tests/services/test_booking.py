"""Asking for a visit, holding and booking a window, moving it, calling it off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from santong.fieldservice import contracts
from santong.fieldservice.errors import (
    CannotCome,
    SlotTaken,
    TooLateToChange,
    VisitPassed,
)
from santong.fieldservice.models import Decision, Slot
from santong.fieldservice.selectors.offers import windows_for
from santong.fieldservice.selectors.visits import decisions_of, held_slot, visit_by_id
from santong.fieldservice.services.book_visit import book, confirm, reschedule
from santong.fieldservice.services.cancel_visit import cancel
from santong.fieldservice.services.hold_slot import (
    HELD_FOR,
    hold_slot,
    release_hold,
    release_overdue_holds,
)
from santong.fieldservice.tests.factories import (
    LAKE,
    NOW,
    TOMORROW,
    assert_sound,
    at,
    local,
    make_provider,
    make_service,
    make_team,
    make_technician,
    make_visit,
    refused,
)

TEN = local(10)


def windows(merchant_id: int, visit: contracts.Visit, *, on: date = TOMORROW) -> list[str]:
    (day,) = windows_for(merchant_id=merchant_id, visit_id=visit.id, on=on, now=NOW)
    return [f"{window.starts_at + timedelta(hours=8):%H:%M}" for window in day.windows]


def test_a_booking_says_who_comes_when_and_why(merchant_id: int) -> None:
    make_service(merchant_id)
    provider = make_provider(merchant_id)
    far = make_technician(merchant_id, provider=provider, home=contracts.Point(30.5, 120.15))
    near = make_technician(merchant_id, provider=provider, home=LAKE)
    visit = make_visit(merchant_id)

    booked = book(merchant_id=merchant_id, visit_id=visit.id, window_from=TEN, now=NOW)

    assert (booked.state, booked.technician_id) == ("booked", near.id)
    assert booked.window == contracts.Window(starts_at=TEN, ends_at=local(12))
    # Ninety minutes and ten after them end before the break at twelve.
    assert booked.starts_at == TEN
    (why,) = decisions_of(merchant_id=merchant_id, visit_id=visit.id)
    assert [offer.technician_id for offer in why.offers] == [near.id, far.id]
    assert why.offers[0].cost < why.offers[1].cost
    assert_sound(merchant_id)


def test_booking_the_same_window_again_changes_nothing(merchant_id: int) -> None:
    make_team(merchant_id)
    visit = make_visit(merchant_id)
    first = book(merchant_id=merchant_id, visit_id=visit.id, window_from=TEN, now=NOW)

    again = book(merchant_id=merchant_id, visit_id=visit.id, window_from=TEN, now=NOW)

    assert again == first
    assert Slot.objects.filter(visit=visit.id).count() == 1


def test_the_second_visit_waits_for_the_way(merchant_id: int) -> None:
    make_team(merchant_id)
    first, second = make_visit(merchant_id, place=at(0, 0)), make_visit(merchant_id, place=at(1, 0))
    book(merchant_id=merchant_id, visit_id=first.id, window_from=local(14), now=NOW)

    booked = book(merchant_id=merchant_id, visit_id=second.id, window_from=local(14), now=NOW)

    # 14:00 and 100 minutes, and 10 minutes on the way.
    assert booked.starts_at is not None
    assert booked.starts_at - local(15, 40) == timedelta(minutes=10)
    third = make_visit(merchant_id)
    with refused(SlotTaken):
        book(merchant_id=merchant_id, visit_id=third.id, window_from=local(14), now=NOW)
    assert Decision.objects.filter(visit=third.id).count() == 0
    assert_sound(merchant_id)


@pytest.mark.parametrize(
    "window_from", [local(10, 30), local(22), local(16, on=date(2026, 11, 11))]
)
def test_what_is_no_window_of_the_service_cannot_be_booked(
    merchant_id: int, window_from: object
) -> None:
    make_team(merchant_id)
    visit = make_visit(merchant_id)

    with refused(SlotTaken):
        book(merchant_id=merchant_id, visit_id=visit.id, window_from=window_from, now=NOW)  # type: ignore[arg-type]  # an instant


def test_a_dispatcher_names_who_comes_or_is_told_why_not(merchant_id: int) -> None:
    make_service(merchant_id)
    provider = make_provider(merchant_id)
    make_technician(merchant_id, provider=provider)
    far = make_technician(merchant_id, provider=provider, home=contracts.Point(30.4, 120.15))
    other = make_technician(merchant_id, provider=provider, skills=["water"])
    visit = make_visit(merchant_id)

    with refused(CannotCome) as why:
        book(
            merchant_id=merchant_id,
            visit_id=visit.id,
            window_from=TEN,
            technician_id=other.id,
            now=NOW,
        )
    booked = book(
        merchant_id=merchant_id, visit_id=visit.id, window_from=TEN, technician_id=far.id, now=NOW
    )

    assert why.value.why == "skill"
    assert booked.technician_id == far.id
    assert_sound(merchant_id)


def test_a_hold_keeps_the_window_until_it_runs_out(merchant_id: int) -> None:
    make_team(merchant_id)
    mine, yours = make_visit(merchant_id), make_visit(merchant_id)
    held = hold_slot(merchant_id=merchant_id, visit_id=mine.id, window_from=TEN, now=NOW)

    assert "10:00" not in windows(merchant_id, yours)
    with refused(SlotTaken):
        book(merchant_id=merchant_id, visit_id=yours.id, window_from=TEN, now=NOW)
    later = NOW + HELD_FOR
    assert held_slot(merchant_id=merchant_id, visit_id=mine.id, now=later) is None
    booked = book(merchant_id=merchant_id, visit_id=yours.id, window_from=TEN, now=later)

    assert booked.technician_id == held.technician_id
    with refused(SlotTaken):
        book(merchant_id=merchant_id, visit_id=mine.id, window_from=TEN, now=later)
    assert_sound(merchant_id)


def test_a_held_window_is_booked_with_who_was_held(merchant_id: int) -> None:
    make_team(merchant_id, people=2)
    visit = make_visit(merchant_id)
    held = hold_slot(merchant_id=merchant_id, visit_id=visit.id, window_from=TEN, now=NOW)

    booked = book(merchant_id=merchant_id, visit_id=visit.id, window_from=TEN, now=NOW)

    assert (booked.technician_id, booked.starts_at) == (held.technician_id, held.starts_at)
    assert Slot.objects.get(visit=visit.id).state == "booked"


def test_holds_are_let_go_by_their_buyer_or_by_time(merchant_id: int) -> None:
    make_team(merchant_id)
    visit = make_visit(merchant_id)
    hold_slot(merchant_id=merchant_id, visit_id=visit.id, window_from=TEN, now=NOW)
    hold_slot(merchant_id=merchant_id, visit_id=visit.id, window_from=local(14), now=NOW)
    assert Slot.objects.filter(visit=visit.id, state="held").count() == 1

    release_hold(merchant_id=merchant_id, visit_id=visit.id, now=NOW)
    assert "14:00" in windows(merchant_id, make_visit(merchant_id))

    hold_slot(merchant_id=merchant_id, visit_id=visit.id, window_from=TEN, now=NOW)
    assert release_overdue_holds(merchant_id=merchant_id, now=NOW) == 0
    assert release_overdue_holds(merchant_id=merchant_id, now=NOW + HELD_FOR) == 1


def test_a_booked_visit_moves_and_its_old_time_is_free(merchant_id: int) -> None:
    make_team(merchant_id)
    visit = make_visit(merchant_id)
    saturday = date(2026, 11, 14)
    first = book(
        merchant_id=merchant_id, visit_id=visit.id, window_from=local(8, on=saturday), now=NOW
    )
    confirm(merchant_id=merchant_id, visit_id=visit.id, now=NOW)

    moved = reschedule(
        merchant_id=merchant_id,
        visit_id=visit.id,
        window_from=TEN,
        by="buyer",
        reason="出差",
        now=NOW,
    )

    assert (moved.state, moved.sequence) == ("booked", first.sequence + 1)
    assert "08:00" in windows(merchant_id, make_visit(merchant_id), on=saturday)
    assert_sound(merchant_id)


def test_a_refused_move_keeps_the_old_time(merchant: int) -> None:
    from santong.kernel import tenancy  # noqa: PLC0415

    with tenancy.scope(merchant_id=merchant):
        make_team(merchant)
        visit, other = make_visit(merchant), make_visit(merchant)
        book(merchant_id=merchant, visit_id=other.id, window_from=TEN, now=NOW)
        booked = book(
            merchant_id=merchant,
            visit_id=visit.id,
            window_from=local(8, on=date(2026, 11, 14)),
            now=NOW,
        )

    with pytest.raises(SlotTaken), tenancy.scope(merchant_id=merchant):
        reschedule(
            merchant_id=merchant,
            visit_id=visit.id,
            window_from=TEN,
            by="buyer",
            reason="出差",
            now=NOW,
        )

    with tenancy.scope(merchant_id=merchant):
        assert visit_by_id(merchant_id=merchant, visit_id=visit.id) == booked
        assert_sound(merchant)


def test_a_late_buyer_does_not_move_a_visit_but_a_dispatcher_does(merchant_id: int) -> None:
    make_team(merchant_id)
    visit = make_visit(merchant_id)
    book(merchant_id=merchant_id, visit_id=visit.id, window_from=TEN, now=NOW)

    with refused(TooLateToChange):
        reschedule(
            merchant_id=merchant_id,
            visit_id=visit.id,
            window_from=local(14),
            by="buyer",
            reason="?",
            now=NOW,
        )
    moved = reschedule(
        merchant_id=merchant_id,
        visit_id=visit.id,
        window_from=local(14),
        by="technician",
        reason="路上",
        now=NOW,
    )

    assert moved.window is not None
    assert moved.window.starts_at == local(14)


def test_calling_off_early_is_free_and_late_costs(merchant_id: int) -> None:
    make_team(merchant_id)
    make_service(merchant_id, late_fee_minor=5_000)
    late, early = make_visit(merchant_id), make_visit(merchant_id)
    book(merchant_id=merchant_id, visit_id=late.id, window_from=TEN, now=NOW)
    book(
        merchant_id=merchant_id,
        visit_id=early.id,
        window_from=local(10, on=date(2026, 11, 14)),
        now=NOW,
    )

    called_off = [
        cancel(merchant_id=merchant_id, visit_id=each.id, by="buyer", reason="不装了", now=NOW)
        for each in (late, early)
    ]

    assert [(each.is_late, each.fee_minor) for each in called_off] == [(True, 5_000), (False, 0)]
    assert "10:00" in windows(merchant_id, make_visit(merchant_id))
    again = cancel(merchant_id=merchant_id, visit_id=late.id, by="buyer", reason="x", now=NOW)
    assert again == called_off[0]
    with refused(VisitPassed):
        confirm(merchant_id=merchant_id, visit_id=late.id, now=NOW)
    assert_sound(merchant_id)
