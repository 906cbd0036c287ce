"""What happens to orders happens to their shares: everything is told, as the relay tells it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from santong.fulfilment import public as fulfilment
from santong.kernel.facts import adapter, fact_types, subscribers
from santong.kernel.models import OutboxEvent
from santong.orders import public as orders
from santong.orders.tests.factories import make_payment
from santong.payments import public as payments
from santong.payments.tests.factories import end_refunds, fight, make_gone_back, make_paid_by
from santong.routing.tests.factories import make_world, new_order, promise
from santong.settlement import public as settlement
from santong.settlement.models import Reversal
from santong.settlement.tests.factories import (
    NOW,
    assert_sound,
    hear,
    left_by_party,
    make_order,
    make_shop,
    owed,
    publish,
)
from santong.stores import public as stores

FEE = settlement.Rule(code="fee", role="filler", fixed_minor=500, due=settlement.Due(days=0))


def hear_all(merchant_id: int, *, times: int = 1) -> None:
    """Let settlement hear all that was told so far, in its order."""
    known = subscribers()["settlement"]
    for _ in range(times):
        told = OutboxEvent.objects.filter(merchant_id=merchant_id, name__in=list(known))
        for event in told.order_by("id"):
            kind = fact_types()[event.name].cls
            hear(adapter(kind).validate_python(event.body), merchant_id=merchant_id)


def send(merchant_id: int, work: fulfilment.FulfilmentOrder) -> None:
    """A place accepts, picks, packs and hands over to the carrier."""
    about: dict[str, Any] = {"merchant_id": merchant_id, "fulfilment_order_id": work.id, "now": NOW}
    fulfilment.accept(**about)
    fulfilment.start_picking(**about)
    fulfilment.record_picked(
        **about, picked_by_line={line.order_line_id: line.quantity for line in work.lines}
    )
    fulfilment.pack(**about)
    fulfilment.hand_over(**about, carrier="simulated", tracking_number=f"SIM{work.id}")


def work_accepted(document: str, *, is_preparation: bool = False) -> object:
    """What is told of a visit that the buyer has accepted."""
    return fact_types()["fieldservice.visit_accepted.v1"].cls(
        visit_id=9,
        document=document,
        service_type="fit-door",
        provider_code="fit",
        technician_id=3,
        accepted_by="buyer_code",
        accepted_at=NOW,
        is_preparation=is_preparation,
    )


def place(merchant_id: int, location_id: int) -> str:
    found = stores.locations_by_id(merchant_id=merchant_id, location_ids=[location_id])
    return f"place:{found[location_id].code}"


def test_an_order_is_shared_when_paid_filled_when_sent_and_due_when_received(
    merchant_id: int,
) -> None:
    world = make_world(merchant_id, near=2, far=2)
    publish(merchant_id, FEE)
    order = promise(world, new_order(world, quantity=4))
    hear_all(merchant_id)
    document = f"order:{order.id}"
    shared = settlement.shared_sale(merchant_id=merchant_id, document=document)
    works = fulfilment.start_order(merchant_id=merchant_id, order_id=order.id, now=NOW)

    for work in works:
        send(merchant_id, work)
    hear_all(merchant_id, times=2)
    sent = settlement.shared_sale(merchant_id=merchant_id, document=document)
    fulfilment.advance_simulated_carrier(merchant_id=merchant_id, now=NOW + timedelta(days=9))
    hear_all(merchant_id, times=2)
    settlement.release_due(merchant_id=merchant_id, limit=100, now=NOW)

    assert left_by_party(shared) == {"to_come": 2_000, "head_office": 38_000}
    assert left_by_party(sent) == {
        place(merchant_id, world.near): 1_000,
        place(merchant_id, world.far): 1_000,
        "head_office": 38_000,
    }
    assert owed(merchant_id, place(merchant_id, world.near)) == (0, 1_000)
    assert owed(merchant_id, "head_office") == (38_000, 0)
    assert_sound(merchant_id)


def test_what_was_collected_at_a_counter_was_filled_there(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1, far=1)
    publish(merchant_id, FEE)
    order = promise(world, new_order(world, pickup_at=world.far))
    (work,) = fulfilment.start_order(merchant_id=merchant_id, order_id=order.id, now=NOW)
    about: dict[str, Any] = {"merchant_id": merchant_id, "fulfilment_order_id": work.id, "now": NOW}
    fulfilment.accept(**about)
    fulfilment.start_picking(**about)
    fulfilment.record_picked(
        **about, picked_by_line={line.order_line_id: line.quantity for line in work.lines}
    )
    fulfilment.pack(**about)
    ready = fulfilment.make_ready(**about)

    fulfilment.collect(**about, code=ready.code)
    hear_all(merchant_id)

    sale = settlement.shared_sale(merchant_id=merchant_id, document=f"order:{order.id}")
    assert left_by_party(sale) == {place(merchant_id, world.far): 500, "head_office": 9_500}
    assert sale.received_at == NOW
    assert_sound(merchant_id)


def test_what_is_left_of_a_cancelled_order_is_what_orders_says_it_is_worth(
    merchant_id: int,
) -> None:
    world = make_world(merchant_id, near=1, far=2)
    publish(merchant_id, FEE)
    order = promise(world, new_order(world, quantity=3))
    works = fulfilment.start_order(merchant_id=merchant_id, order_id=order.id, now=NOW)
    send(merchant_id, works[0])
    orders.cancel_order(merchant_id=merchant_id, order_id=order.id, reason="asked", now=NOW)

    hear_all(merchant_id, times=2)

    after = orders.order_by_id(merchant_id=merchant_id, order_id=order.id)
    sale = settlement.shared_sale(merchant_id=merchant_id, document=f"order:{order.id}")
    assert 0 < sale.left_minor == after.paid_minor - after.refund_due_minor
    assert_sound(merchant_id)


def test_an_order_that_was_never_paid_was_never_shared(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1)
    order = promise(world, new_order(world, is_paid=False))
    orders.cancel_order(merchant_id=merchant_id, order_id=order.id, reason="asked", now=NOW)

    hear_all(merchant_id)

    assert not settlement.is_shared(merchant_id=merchant_id, document=f"order:{order.id}")


def test_what_went_back_before_all_of_it_was_paid_is_not_shared(merchant_id: int) -> None:
    order = make_order(make_shop(merchant_id), payments=0)
    document = f"order:{order.id}"
    first = make_paid_by(merchant_id=merchant_id, document=document, amount=4_000, payer="")
    make_gone_back(merchant_id=merchant_id, document=document, amount=1_000)
    about: dict[str, int] = {"merchant_id": merchant_id, "tender_id": first, "amount": 500}
    fight(state="opened", **about)
    hear_all(merchant_id)

    orders.record_payment(
        merchant_id=merchant_id,
        order_id=order.id,
        payment=make_payment(amount_minor=order.total_minor),
        now=NOW,
    )
    hear_all(merchant_id, times=2)
    shared = settlement.shared_sale(merchant_id=merchant_id, document=document)
    fight(state="won", **about)
    hear_all(merchant_id, times=2)
    after = settlement.shared_sale(merchant_id=merchant_id, document=document)

    assert (shared.paid_minor, shared.left_minor, after.left_minor) == (10_000, 8_500, 9_000)
    assert_sound(merchant_id)


def test_who_did_the_work_at_an_orders_buyer_is_paid_for_it(merchant_id: int) -> None:
    publish(
        merchant_id,
        settlement.Rule(
            code="install",
            role="installer",
            fixed_minor=2_000,
            due=settlement.Due(basis="acceptance", days=0),
        ),
    )
    order = make_order(make_shop(merchant_id))
    hear_all(merchant_id)
    accepted = work_accepted(f"order:{order.id}")

    hear(work_accepted(f"order:{order.id}", is_preparation=True), merchant_id=merchant_id)
    assert settlement.release_due(merchant_id=merchant_id, limit=100, now=NOW) == 0
    hear(accepted, merchant_id=merchant_id)
    hear(accepted, merchant_id=merchant_id)
    settlement.release_due(merchant_id=merchant_id, limit=100, now=NOW)

    assert owed(merchant_id, "installer:fit") == (0, 2_000)
    assert_sound(merchant_id)


def test_work_for_what_was_never_shared_pays_nobody(merchant_id: int) -> None:
    order = make_order(make_shop(merchant_id), payments=0)

    for document in (f"order:{order.id}", "stagedsale:5"):
        hear(work_accepted(document), merchant_id=merchant_id)

    assert owed(merchant_id, "installer:fit") == (0, 0)


def test_a_refund_that_names_its_lines_takes_the_shares_of_these_alone(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id)
    order = make_order(shop, quantities=(1, 2))
    document = f"order:{order.id}"
    make_paid_by(merchant_id=merchant_id, document=document, amount=30_000, payer="somebody")
    hear_all(merchant_id)
    settlement.name_refunded_lines(
        merchant_id=merchant_id,
        document=document,
        key="case:1:1",
        amount_by_line={order.lines[1].id: 15_000},
    )

    payments.refund(
        merchant_id=merchant_id,
        document=document,
        key="case:1:1",
        amount_minor=15_000,
        currency="CNY",
        reason="returned",
        now=NOW,
    )
    end_refunds(merchant_id=merchant_id, document=document, now=NOW)
    hear_all(merchant_id, times=2)

    (reversal,) = Reversal.objects.filter(merchant_id=merchant_id)
    assert reversal.amount_by_line == {"2": 15_000}
    assert_sound(merchant_id)
