"""A plan is proposed, and taken by a person or not; what was promised stays."""

from __future__ import annotations

from typing import Any

import pytest

from santong.fieldservice import contracts
from santong.fieldservice.errors import NothingToPlan, PlanOutdated, PlanPassed
from santong.fieldservice.jobs import let_plans_be_worked_out
from santong.fieldservice.models import DayPlan
from santong.fieldservice.selectors.plans import day_plan_by_id, day_plans
from santong.fieldservice.selectors.visits import visit_by_id
from santong.fieldservice.services.book_visit import book
from santong.fieldservice.services.cancel_visit import cancel
from santong.fieldservice.services.end_plan import refuse_day_plan, take_day_plan
from santong.fieldservice.services.plan_day import ask_day_plan, propose_day_plan
from santong.fieldservice.services.set_out import set_out
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
    told,
)


def crossed(merchant_id: int) -> tuple[str, list[contracts.Visit]]:
    """Two technicians who live far apart, each booked by hand next door to the other."""
    make_service(merchant_id, work_minutes=30)
    provider = make_provider(merchant_id)
    south = make_technician(merchant_id, provider=provider, home=LAKE)
    north = make_technician(
        merchant_id, provider=provider, home=contracts.Point(LAKE.latitude + 0.1, LAKE.longitude)
    )
    booked = []
    for place, who in ((at(10, 0), south), (at(0, 0), north)):
        visit = make_visit(merchant_id, place=place)
        booked.append(
            book(
                merchant_id=merchant_id,
                visit_id=visit.id,
                window_from=local(8),
                technician_id=who.id,
                now=NOW,
            )
        )
    return provider.code, booked


def test_a_plan_is_proposed_and_nothing_moves(merchant_id: int) -> None:
    code, booked = crossed(merchant_id)

    plan = propose_day_plan(merchant_id=merchant_id, provider_code=code, on=TOMORROW, now=NOW)

    assert plan.state == "proposed"
    assert plan.after_minutes == 0 < plan.before_minutes
    assert [move.is_moved for move in plan.moves] == [True, True]
    for visit in booked:
        assert visit_by_id(merchant_id=merchant_id, visit_id=visit.id) == visit


def test_a_plan_that_is_taken_lets_two_change_places(merchant_id: int) -> None:
    code, booked = crossed(merchant_id)
    plan = propose_day_plan(merchant_id=merchant_id, provider_code=code, on=TOMORROW, now=NOW)

    taken = take_day_plan(merchant_id=merchant_id, plan_id=plan.id, now=NOW)

    after = [visit_by_id(merchant_id=merchant_id, visit_id=each.id) for each in booked]
    assert taken.state == "taken"
    assert [each.technician_id for each in after] == [
        booked[1].technician_id,
        booked[0].technician_id,
    ]
    assert [each.window for each in after] == [each.window for each in booked]
    assert told(merchant_id, after[0])[-1].body["by"] == "plan"
    assert take_day_plan(merchant_id=merchant_id, plan_id=plan.id, now=NOW) == taken
    with refused(PlanPassed):
        refuse_day_plan(merchant_id=merchant_id, plan_id=plan.id, reason="x", now=NOW)
    assert_sound(merchant_id)


def test_a_plan_can_be_refused_and_made_anew(merchant_id: int) -> None:
    code, _ = crossed(merchant_id)
    first = propose_day_plan(merchant_id=merchant_id, provider_code=code, on=TOMORROW, now=NOW)
    second = propose_day_plan(merchant_id=merchant_id, provider_code=code, on=TOMORROW, now=NOW)

    assert day_plan_by_id(merchant_id=merchant_id, plan_id=first.id).state == "outdated"
    declined = refuse_day_plan(
        merchant_id=merchant_id, plan_id=second.id, reason="师傅认路", now=NOW
    )
    assert (declined.state, declined.ended_why) == ("refused", "师傅认路")
    assert [each.id for each in day_plans(merchant_id=merchant_id)] == [second.id, first.id]


def test_a_plan_is_asked_for_once_and_worked_out_by_the_clock(merchant_id: int) -> None:
    code, _ = crossed(merchant_id)
    wanted: dict[str, Any] = {
        "merchant_id": merchant_id,
        "provider_code": code,
        "on": TOMORROW,
        "now": NOW,
    }

    asked, again = ask_day_plan(**wanted), ask_day_plan(**wanted)
    with refused(PlanPassed):
        take_day_plan(merchant_id=merchant_id, plan_id=asked.id, now=NOW)
    worked = [let_plans_be_worked_out(merchant_id=merchant_id, now=NOW) for _ in range(2)]

    plan = day_plan_by_id(merchant_id=merchant_id, plan_id=asked.id)
    assert (asked.state, asked.moves, again.id) == ("asked", (), asked.id)
    assert worked == [1, 0]
    assert (plan.state, plan.after_minutes) == ("proposed", 0)
    assert plan.saved_minutes > 0


def test_a_day_for_which_nothing_is_better_says_so(merchant_id: int) -> None:
    make_team(merchant_id)
    code = make_provider(merchant_id).code
    wanted: dict[str, Any] = {
        "merchant_id": merchant_id,
        "provider_code": code,
        "on": TOMORROW,
        "now": NOW,
    }
    asked = ask_day_plan(**wanted)

    let_plans_be_worked_out(merchant_id=merchant_id, now=NOW)

    assert day_plan_by_id(merchant_id=merchant_id, plan_id=asked.id).state == "nothing"
    assert ask_day_plan(**wanted).id != asked.id


@pytest.mark.parametrize("change", ["cancel", "set_out", "new"])
def test_a_day_that_has_changed_outdates_its_plan(merchant_id: int, change: str) -> None:
    code, booked = crossed(merchant_id)
    plan = propose_day_plan(merchant_id=merchant_id, provider_code=code, on=TOMORROW, now=NOW)
    changes = {
        "cancel": lambda: cancel(
            merchant_id=merchant_id, visit_id=booked[0].id, by="buyer", reason="x", now=NOW
        ),
        "set_out": lambda: set_out(merchant_id=merchant_id, visit_id=booked[0].id, now=NOW),
        "new": lambda: book(
            merchant_id=merchant_id,
            visit_id=make_visit(merchant_id).id,
            window_from=local(8),
            now=NOW,
        ),
    }
    changes[change]()

    with refused(PlanOutdated):
        take_day_plan(merchant_id=merchant_id, plan_id=plan.id, now=NOW)

    assert DayPlan.objects.get(id=plan.id).state == "proposed"
    assert_sound(merchant_id)


def test_a_day_that_cannot_be_better_is_not_proposed(merchant_id: int) -> None:
    make_service(merchant_id)
    provider = make_provider(merchant_id)
    make_technician(merchant_id, provider=provider)
    for hour in (8, 14):
        visit = make_visit(merchant_id, place=at(0, 0))
        book(merchant_id=merchant_id, visit_id=visit.id, window_from=local(hour), now=NOW)

    with refused(NothingToPlan):
        propose_day_plan(merchant_id=merchant_id, provider_code=provider.code, on=TOMORROW, now=NOW)
