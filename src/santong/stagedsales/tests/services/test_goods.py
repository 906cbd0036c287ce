"""The goods of a contract are promised from the shared stock, and paid by its stages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction

from santong.orders import public as orders
from santong.orders.tests.factories import RECIPIENT
from santong.routing import public as routing
from santong.routing.tests.factories import World, make_world
from santong.stagedsales.contracts import ContractGoods
from santong.stagedsales.errors import DeliveryBlocked
from santong.stagedsales.services.send_goods import send_goods
from santong.stagedsales.tests.factories import (
    NOW,
    TERMS,
    assert_sound,
    hear_all,
    make_plan,
    pay,
    see,
    signed,
    states,
)


def gated(merchant_id: int) -> int:
    """A signed sale whose first stage is paid before anything leaves."""
    first, *others = TERMS.stages
    plan = make_plan(merchant_id=merchant_id, stages=(replace(first, gates_delivery=True), *others))
    return signed(merchant_id=merchant_id, plan=plan)


def send(merchant_id: int, sale_id: int, world: World, quantity: int = 1) -> orders.Order:
    return send_goods(
        merchant_id=merchant_id,
        sale_id=sale_id,
        goods=[ContractGoods(sku_code=world.sku_code, quantity=quantity)],
        recipient=RECIPIENT,
        now=NOW,
    )


def test_goods_are_bound_once_and_cost_nothing_more(merchant_id: int) -> None:
    world = make_world(merchant_id, near=5)
    sale_id = gated(merchant_id)
    pay(merchant_id, sale_id, 1)

    first = send(merchant_id, sale_id, world)
    again = send(merchant_id, sale_id, world)

    contract = see(merchant_id, sale_id).contract
    assert contract is not None
    assert first.id == again.id == see(merchant_id, sale_id).order_id
    assert (first.state, first.total_minor) == ("paid", 0)
    assert first.external_number == f"{contract.number}-G"
    with pytest.raises(orders.ExternalNumberTaken), transaction.atomic():
        send(merchant_id, sale_id, world, quantity=2)
    assert_sound(merchant_id)


def test_nothing_leaves_before_what_gates_it_is_paid(merchant_id: int) -> None:
    world = make_world(merchant_id, near=5)
    sale_id = gated(merchant_id)

    with pytest.raises(DeliveryBlocked) as refused, transaction.atomic():
        send(merchant_id, sale_id, world)

    assert refused.value.numbers == [1]
    assert see(merchant_id, sale_id).order_id is None


def test_what_is_not_there_is_not_promised(merchant_id: int) -> None:
    world = make_world(merchant_id, near=5)
    sale_id = signed(merchant_id=merchant_id)

    with pytest.raises(routing.OutOfStock), transaction.atomic():
        send(merchant_id, sale_id, world, quantity=1_000)

    assert see(merchant_id, sale_id).order_id is None


def test_goods_that_have_come_make_due_what_waits_for_them(merchant_id: int) -> None:
    world = make_world(merchant_id, near=5)
    plan = make_plan(
        merchant_id=merchant_id,
        stages=(*TERMS.stages[:2], replace(TERMS.stages[2], due="delivery")),
    )
    sale_id = signed(merchant_id=merchant_id, plan=plan)
    order = send(merchant_id, sale_id, world)
    for kind in ("shipped", "delivered"):
        orders.record_progress(
            merchant_id=merchant_id,
            order_id=order.id,
            kind=kind,
            line_quantities={line.id: line.quantity for line in order.lines},
            now=NOW,
        )

    hear_all(merchant_id)

    assert see(merchant_id, sale_id).delivered_at == NOW
    assert states(merchant_id, sale_id) == "contracted: due planned due"
