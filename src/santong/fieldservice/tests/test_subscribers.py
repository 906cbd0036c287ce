"""What fieldservice hears, what it does by the clock, and what it forgets."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from santong.customers import public as customers
from santong.fieldservice import jobs, subscribers
from santong.fieldservice.errors import LinkOver, VisitsAhead
from santong.fieldservice.models import Visit
from santong.fieldservice.selectors.links import link_of, link_path, visit_of_link
from santong.fieldservice.selectors.persons import export_person, visits_of_person
from santong.fieldservice.selectors.visits import visit_by_id
from santong.fieldservice.services.book_visit import book
from santong.fieldservice.services.cancel_visit import cancel
from santong.fieldservice.services.forget_person import forget_person
from santong.fieldservice.services.hold_slot import hold_slot
from santong.fieldservice.tests.factories import (
    NOW,
    PLACE,
    local,
    make_team,
    make_visit,
    refused,
    told,
)
from santong.orders import public as orders
from santong.orders.events import OrderDelivered
from santong.orders.tests.factories import make_order, make_shop

WANG = customers.PersonRecord(
    person_ids=(1,),
    identifiers=(customers.Identifier(kind="phone", value="+8613800138000"),),
)


def delivered(order: orders.Order, *, is_whole: bool) -> OrderDelivered:
    return OrderDelivered(
        order_id=order.id,
        quantity_by_line={line.id: line.quantity for line in order.lines},
        is_whole=is_whole,
    )


@pytest.mark.parametrize(("is_whole", "state"), [(False, "requested"), (True, "offered")])
def test_a_visit_is_offered_when_all_of_its_goods_are_there(
    merchant_id: int, *, is_whole: bool, state: str
) -> None:
    make_team(merchant_id)
    make_shop(merchant_id)
    order, other = make_order(merchant_id), make_order(merchant_id)
    mine, yours = (
        make_visit(merchant_id, document=f"order:{each.id}", wait_for_goods=True)
        for each in (order, other)
    )

    for _ in range(2):
        subscribers.offer_installation(
            delivered(order, is_whole=is_whole), merchant_id=merchant_id, now=NOW
        )

    assert visit_by_id(merchant_id=merchant_id, visit_id=mine.id).state == state
    assert visit_by_id(merchant_id=merchant_id, visit_id=yours.id).state == "requested"
    assert len(told(merchant_id, mine)) == (1 if is_whole else 0)


def test_what_still_waits_is_looked_at_and_left(merchant_id: int) -> None:
    make_team(merchant_id)
    make_shop(merchant_id)
    order = make_order(merchant_id)
    make_visit(merchant_id, document=f"order:{order.id}", wait_for_goods=True)

    assert jobs.let_visits_be_offered(merchant_id=merchant_id, now=NOW) == 0
    assert jobs.let_absences_be_settled(merchant_id=merchant_id, now=NOW) == 0
    assert jobs.let_silence_accept(merchant_id=merchant_id, now=NOW) == 0


def test_a_hold_that_ran_out_is_let_go_by_the_clock(merchant_id: int) -> None:
    make_team(merchant_id)
    visit = make_visit(merchant_id)
    hold_slot(merchant_id=merchant_id, visit_id=visit.id, window_from=local(10), now=NOW)

    assert jobs.let_holds_go(merchant_id=merchant_id, now=NOW + timedelta(minutes=10)) == 1


def test_a_person_takes_their_visits_along(merchant_id: int) -> None:
    make_team(merchant_id)
    visit = make_visit(merchant_id)

    taken = json.dumps(export_person(merchant_id=merchant_id, person=WANG))

    (known,) = json.loads(taken)["visits"]
    assert known["id"] == str(visit.id)
    assert known["place"]["address"] == PLACE.address


def test_a_person_is_forgotten_once_nobody_is_to_come(merchant_id: int) -> None:
    make_team(merchant_id)
    visit = make_visit(merchant_id)
    path = link_path(merchant_id=merchant_id, visit_id=visit.id, now=NOW)
    book(merchant_id=merchant_id, visit_id=visit.id, window_from=local(10), now=NOW)
    with refused(VisitsAhead):
        forget_person(merchant_id=merchant_id, person=WANG, now=NOW)
    cancel(merchant_id=merchant_id, visit_id=visit.id, by="buyer", reason="搬家了", now=NOW)

    forget_person(merchant_id=merchant_id, person=WANG, now=NOW)

    row = Visit.objects.get(id=visit.id)
    assert row.contact().contact.name == row.contact().place.address == ""
    assert (row.latitude, row.longitude, row.district) == (0.0, 0.0, "")
    with refused(LinkOver):
        visit_of_link(link=link_of(token=path.split("/")[2]), now=NOW)
    assert not visits_of_person(merchant_id=merchant_id, person=WANG).exists()
