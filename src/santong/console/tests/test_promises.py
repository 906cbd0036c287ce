"""Promised times on the console: who sees whose, and what is answered, published and told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from santong.clocks import public as clocks
from santong.clocks.tests.factories import looked, make_calendar, make_clock, make_policy
from santong.console.tests.settlement_people import desk
from santong.kernel import tenancy
from santong.merchants.tests.factories import make_staff
from santong.stores.tests.factories import make_location

MOST_QUESTIONS = 40
TODAY = datetime.now(UTC)
BEGAN = TODAY - timedelta(days=9)
LUNCH = "09:00-12:00 13:00-18:00"
FORM = {
    "name": "客服",
    "time_zone": "Asia/Shanghai",
    "region": "CN",
    **{f"day_{day}": LUNCH for day in range(5)},
    "makeup": LUNCH,
}
POLICY = {
    "code": "reply",
    "name": "回复",
    "calendar": "office",
    "hours": "4",
    "warn": "75",
    "basis_0": "after_breach",
    "value_0": "30",
    "role_0": "head_office",
    "place_0": "everywhere",
    "is_in_use": "yes",
    "reason": "new",
}


@pytest.fixture
def stores(merchant: int) -> tuple[str, str]:
    """Two stores, each with a clock that is late and was told to its manager, and their people."""
    with tenancy.scope(merchant_id=merchant):
        make_calendar(merchant_id=merchant, code="office")
        step = clocks.Step(basis="share", value=50, role="store_manager", place="store")
        make_policy(merchant_id=merchant, calendar_code="office", steps=(step,), now=BEGAN)
        mine, other = make_location(merchant_id=merchant), make_location(merchant_id=merchant)
        make_staff(merchant, login="head", role="head_office")
        make_staff(merchant, login="manager", role="store_manager", location_id=mine.id)
        make_staff(merchant, login="clerk", role="clerk", location_id=mine.id)
        for number, place in enumerate((mine, other)):
            make_clock(
                merchant_id=merchant,
                subject=f"order:{number}",
                tags={"store": place.code},
                now=BEGAN,
            )
        looked(merchant, TODAY)
        return mine.code, other.code


def told(merchant: int) -> list[clocks.Escalation]:
    with tenancy.scope(merchant_id=merchant):
        return clocks.escalations_page(
            merchant_id=merchant, heard=None, is_open=True, below_id=2**62, limit=10
        )


def test_a_manager_sees_the_clocks_of_their_store_alone(
    merchant: int, stores: tuple[str, str]
) -> None:
    mine, other = stores

    _, head = desk(merchant, "head").open("/console/promises/?by=store")
    status, manager = desk(merchant, "manager").open("/console/promises/?by=store")
    _, listed = desk(merchant, "manager").open("/console/promises/clocks/")

    assert status == 200
    assert mine in head
    assert other in head
    assert mine in manager + listed
    assert other not in manager + listed


def test_policies_and_calendars_are_the_whole_merchants(
    merchant: int, stores: tuple[str, str]
) -> None:
    at = desk(merchant, "manager")
    paths = ("clock-policies/", "work-calendars/", "work-calendars/office/", "holiday-years/CN/")

    assert {at.open(f"/console/{path}")[0] for path in paths} == {403}


def test_what_is_told_is_seen_and_dealt_with_by_whom_it_was_told(
    merchant: int, stores: tuple[str, str]
) -> None:
    at = desk(merchant, "manager")
    escalations = {each.store: each for each in told(merchant)}
    own, foreign = (f"/console/escalations/{escalations[code].id}" for code in stores)

    _, inbox = at.open("/console/escalations/")
    status, seen = at.send(f"{own}/see/")
    _, done = at.send(f"{own}/finish/", note="sent by hand")
    _, over = at.open("/console/escalations/?show=done")
    theirs, _ = at.send(f"{foreign}/see/")
    clerk, empty = desk(merchant, "clerk").open("/console/escalations/")

    assert "order 0" in inbox
    assert "order 1" not in inbox
    assert (status, theirs, clerk) == (200, 404, 200)
    assert "being looked after" in seen
    assert "Nothing is late that was told to you." in done
    assert "sent by hand" in over
    assert "Nothing is late that was told to you." in empty
    assert [each.store for each in told(merchant)] == [stores[1]]


def test_head_office_sees_what_was_told_to_anybody(merchant: int, stores: tuple[str, str]) -> None:
    at = desk(merchant, "head")

    _, own = at.open("/console/escalations/")
    _, everything = at.open("/console/escalations/?whose=all")

    assert "Nothing is late that was told to you." in own
    assert "order 0" in everything
    assert "order 1" in everything


def test_a_policy_is_tried_and_then_published(merchant: int, stores: tuple[str, str]) -> None:
    at = desk(merchant, "head")

    _, tried = at.send("/console/clock-policies/publish/", step="try", **POLICY)
    with tenancy.scope(merchant_id=merchant):
        before = clocks.policy_or_none(merchant_id=merchant, code="reply")
    _, published = at.send("/console/clock-policies/publish/", step="publish", **POLICY)
    with tenancy.scope(merchant_id=merchant):
        policy = clocks.policy_by_code(merchant_id=merchant, code="reply")

    assert "30 min after the breach" in tried
    assert before is None
    assert "Published." in published
    assert policy.promise == clocks.Promise(
        target_seconds=4 * 3_600,
        warn_percent=75,
        steps=(clocks.Step(basis="after_breach", value=1_800, role="head_office"),),
    )


@pytest.mark.parametrize(
    "wrong", [{"hours": "x"}, {"hours": "0"}, {"warn": "100"}, {"basis_0": "never"}, {"code": ""}]
)
def test_a_policy_with_mistakes_is_shown_again(
    merchant: int, stores: tuple[str, str], wrong: dict[str, str]
) -> None:
    at = desk(merchant, "head")

    status, _ = at.send("/console/clock-policies/publish/", **(POLICY | wrong))

    assert status == 422
    with tenancy.scope(merchant_id=merchant):
        assert clocks.policy_or_none(merchant_id=merchant, code="reply") is None


def test_a_manager_publishes_no_policy(merchant: int, stores: tuple[str, str]) -> None:
    status, _ = desk(merchant, "manager").send("/console/clock-policies/publish/", **POLICY)

    assert status == 403


def test_a_calendar_is_made_and_changed(merchant: int, stores: tuple[str, str]) -> None:
    at = desk(merchant, "head")

    _, made = at.send("/console/work-calendars/create/", code="shop", **FORM)
    _, changed = at.send(
        "/console/work-calendars/shop/change/",
        **FORM,
        version="1",
        own_days="2026-11-12 09:00-12:00 盘点\n2026-12-31",
        reason="we count",
    )
    refused, again = at.send(
        "/console/work-calendars/shop/change/",
        **FORM,
        version="2",
        own_days="tomorrow",
        reason="we count",
    )

    with tenancy.scope(merchant_id=merchant):
        terms = clocks.calendar_by_code(merchant_id=merchant, code="shop").calendar.terms
    assert "The calendar is made." in made
    assert "Changed." in changed
    assert [(day.on.day, day.hours, day.name) for day in terms.own_days] == [
        (12, ((540, 720),), "盘点"),
        (31, (), ""),
    ]
    assert refused == 422
    assert "tomorrow" in again


def test_a_year_is_looked_at_and_then_taken(merchant: int, stores: tuple[str, str]) -> None:
    at = desk(merchant, "head")
    where = "/console/holiday-years/CN"
    text = "日期,类型,名称\n2027-01-01,休,元旦\n"

    _, wanting = at.open("/console/work-calendars/")
    refused, mistakes = at.send(f"{where}/preview/", year="2027", text="date,kind\n2027-01-01,x\n")
    _, seen = at.send(f"{where}/preview/", year="2027", text=text)
    _, taken = at.send(f"{where}/take/", year="2027", text=text, version="0")
    late, _ = at.send(f"{where}/take/", year="2027", text=text.replace("元旦", "x"), version="0")

    assert "nobody has told the holidays of 2027 yet" in wanting
    assert refused == 422
    assert "Line 2: the kind is holiday or makeup x" in mistakes
    assert "Take these days for 2027" in seen
    assert "Taken." in taken
    assert late == 409


@pytest.mark.parametrize(
    "path",
    [
        "promises/",
        "promises/?by=store&days=366&term=ship",
        "promises/clocks/?standing=late&term=ship&store=x",
        "escalations/?whose=all",
        "clock-policies/",
        "clock-policies/ship/",
        "work-calendars/",
        "work-calendars/office/?year=2031",
        "holiday-years/CN/",
    ],
)
def test_pages_ask_as_often_however_much_there_is(
    merchant: int, stores: tuple[str, str], path: str
) -> None:
    at = desk(merchant, "head")
    before = at.questions(f"/console/{path}")
    with tenancy.scope(merchant_id=merchant):
        for number in range(10, 30):
            make_clock(merchant_id=merchant, subject=f"order:{number}", now=BEGAN)
        looked(merchant, TODAY)

    after = at.questions(f"/console/{path}")

    assert after <= before
    assert before < MOST_QUESTIONS
