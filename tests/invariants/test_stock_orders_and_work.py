"""Stock, orders and work together, in any order of events, against a model that only counts.

Hypothesis chooses the events; after each one every context's own check and the model must agree.
`SANTONG_MACHINE_EXAMPLES` and `SANTONG_MACHINE_STEPS` make longer runs.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from santong.fulfilment import public as fulfilment
from santong.fulfilment.tests.world import NOW, World, make_world, new_order
from santong.inventory import public as inventory
from santong.kernel import cells, relay, tenancy
from santong.kernel.errors import DomainError
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.routing import public as routing

EXAMPLES = int(os.environ.get("SANTONG_MACHINE_EXAMPLES", "12"))
STEPS = int(os.environ.get("SANTONG_MACHINE_STEPS", "25"))
# Making a failing run shorter takes minutes: ask for it when there is one.
PHASES = (
    tuple(Phase)
    if os.environ.get("SANTONG_MACHINE_SHRINK")
    else (Phase.explicit, Phase.reuse, Phase.generate)
)
UNITS = st.integers(1, 4)
WAITING = {"paid", "paid_without_stock", "partly_shipped"}
PLACES = st.sampled_from(("near", "middle", "far"))
_numbers = itertools.count(1)


@dataclass
class Sold:
    """What the model knows of an order: its units, and how many its buyer was promised firmly."""

    order_id: int
    units: int
    is_paid: bool
    promised: int = 0


class Shop(RuleBasedStateMachine):
    """One merchant, three places, one SKU, and whatever happens to them."""

    sold = Bundle("sold")

    @initialize(near=UNITS, middle=UNITS, far=UNITS)
    def open_shop(self, near: int, middle: int, far: int) -> None:
        home = cells.all_cells()[0]
        code = f"machine-{uuid.uuid4().hex[:16]}"
        self.merchant_id = cells.register_merchant(code=code, cell=home)
        self.now = datetime.now(UTC)
        self.received = near + middle + far
        self.left = 0  # shipped, collected, sold at a till, or found missing
        with self.scope():
            merchants.open_merchant(
                merchant_id=self.merchant_id, code=code, name="M", currency="CNY", now=NOW
            )
            self.world: World = make_world(self.merchant_id, near=near, middle=middle, far=far)
        self.orders: dict[int, Sold] = {}

    @contextlib.contextmanager
    def scope(self) -> Iterator[None]:
        with tenancy.scope(merchant_id=self.merchant_id):
            yield

    def place(self, name: str) -> int:
        location_id: int = getattr(self.world, name)
        return location_id

    @rule(place=PLACES, units=UNITS)
    def goods_arrive(self, place: str, units: int) -> None:
        with self.scope():
            self.world.put(self.place(place), units)
        self.received += units

    @rule(
        target=sold,
        units=UNITS,
        lines=st.integers(1, 2),
        is_paid=st.booleans(),
        pickup=st.sampled_from(("", "", "near")),
    )
    def a_buyer_orders(self, units: int, lines: int, is_paid: bool, pickup: str) -> Any:  # noqa: FBT001
        try:
            with self.scope():
                order = new_order(
                    self.world,
                    quantity=units,
                    lines=lines,
                    is_paid=is_paid,
                    pickup_at=self.place(pickup) if pickup else None,
                    number=f"H{next(_numbers)}",
                    now=self.now,
                )
                placed, promised = routing.promise_order(
                    merchant_id=self.merchant_id, order=order, now=self.now
                )
        except routing.OutOfStock:
            with self.scope():
                there = inventory.atp_at(
                    merchant_id=self.merchant_id,
                    sku_ids=[self.world.sku_id],
                    location_ids=[self.place(pickup)] if pickup else None,
                )
            assert sum(atp.quantity for atp in there) < units * lines
            return multiple()
        assert promised.decision is not None
        assert promised.decision.choice.unfilled == ()
        self.orders[placed.id] = Sold(placed.id, units * lines, is_paid)
        return placed.id

    @rule(
        target=sold, units=UNITS, lines=st.integers(1, 2), pickup=st.sampled_from(("", "", "near"))
    )
    def a_marketplace_has_sold_it_already(self, units: int, lines: int, pickup: str) -> int:
        """It is taken in and is paid, whether there is enough of it or not."""
        with self.scope():
            order = new_order(
                self.world,
                quantity=units,
                lines=lines,
                pickup_at=self.place(pickup) if pickup else None,
                number=f"H{next(_numbers)}",
                now=self.now,
            )
            there = self.to_be_had("pickup" if pickup else "ship")
            placed, _ = routing.promise_order(
                merchant_id=self.merchant_id, order=order, if_short="accept", now=self.now
            )
        promised = min(there, units * lines)
        self.orders[placed.id] = Sold(placed.id, units * lines, is_paid=True, promised=promised)
        return placed.id

    @precondition(lambda self: self.short_orders())
    @rule(data=st.data(), place=PLACES, units=st.integers(0, 4))
    def the_rest_is_sought(self, data: st.DataObject, place: str, units: int) -> None:
        """All that can be had of what is wanting is bound, and no more."""
        if units:
            self.goods_arrive(place, units)
        sold = data.draw(st.sampled_from(self.short_orders()), label="order")
        with self.scope():
            order = orders.order_by_id(merchant_id=self.merchant_id, order_id=sold.order_id)
            there = self.to_be_had(order.mode)
        wanting = sold.units - sold.promised if order.state in WAITING else 0
        to_be_found = min(wanting, there)
        filled = None
        with contextlib.suppress(routing.NothingCanServe), self.scope():
            filled = fulfilment.fill_rest(
                merchant_id=self.merchant_id, order_id=sold.order_id, cause="sought", now=self.now
            )
        assert (filled is None) == (wanting > 0 and not to_be_found)
        if filled:
            assert sum(filled.quantity_by_line.values()) == to_be_found
            assert sum(filled.short_by_line.values()) == wanting - to_be_found
        sold.promised += to_be_found

    @precondition(lambda self: self.short_orders())
    @rule(place=PLACES, units=UNITS)
    def what_is_waited_for_comes(self, place: str, units: int) -> None:
        """By itself it goes to those who wait, until nothing is left or nobody waits for it."""
        self.goods_arrive(place, units)
        self.facts_are_told()
        with self.scope():
            fulfilment.call_waiting(merchant_id=self.merchant_id, sku_ids=None, now=self.now)
        self.facts_are_told()
        for sold in self.short_orders():
            with self.scope():
                order = orders.order_by_id(merchant_id=self.merchant_id, order_id=sold.order_id)
                there = self.to_be_had(order.mode)
            kept = self.bound_or_gone(sold.order_id)
            assert order.state not in WAITING or kept == sold.units or not there, order

    def short_orders(self) -> list[Sold]:
        """Paid, and as far as the model knows some of it is promised from nowhere."""
        return [
            sold
            for sold in getattr(self, "orders", {}).values()
            if sold.is_paid and sold.promised < sold.units
        ]

    def to_be_had(self, mode: str) -> int:
        """What can be promised by all places, or at the counter where buyers collect."""
        there = inventory.atp_at(
            merchant_id=self.merchant_id,
            sku_ids=[self.world.sku_id],
            location_ids=[self.world.near] if mode == "pickup" else None,
        )
        return sum(atp.quantity for atp in there)

    @rule(order_id=sold)
    def the_buyer_pays(self, order_id: int) -> None:
        if self.orders[order_id].is_paid:
            return
        with self.scope():
            order = orders.order_by_id(merchant_id=self.merchant_id, order_id=order_id)
            orders.record_payment(
                merchant_id=self.merchant_id,
                order_id=order_id,
                payment=orders.NewPayment(
                    external_id=f"late-{order_id}",
                    amount_minor=order.total_minor,
                    currency="CNY",
                    paid_at=self.now,
                ),
                now=self.now,
            )
        self.orders[order_id].is_paid = True

    @rule(order_id=consumes(sold))
    def the_buyer_cancels(self, order_id: int) -> None:
        with contextlib.suppress(orders.AlreadyShipped), self.scope():
            orders.cancel_order(
                merchant_id=self.merchant_id, order_id=order_id, reason="asked", now=self.now
            )

    @rule(minutes=st.sampled_from((1, 11, 45)))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        with self.scope():
            fulfilment.time_out_offers(merchant_id=self.merchant_id, now=self.now)
        with self.scope():
            inventory.expire_due(merchant_id=self.merchant_id, now=self.now)
        with self.scope():
            orders.expire_unpaid(merchant_id=self.merchant_id, now=self.now)

    @rule()
    def facts_are_told(self) -> None:
        relay.drain(cell=cells.cell_of(self.merchant_id), wait_seconds=120)

    @rule(place=PLACES, units=UNITS, number=st.integers(0, 10**9))
    def a_till_sells(self, place: str, units: int, number: int) -> None:
        with self.scope():
            inventory.record_till_sale(
                merchant_id=self.merchant_id,
                location_id=self.place(place),
                quantity_by_sku={self.world.sku_id: units},
                key=f"till-{number}-{next(_numbers)}",
                now=self.now,
            )
        self.left += units

    @rule(data=st.data())
    def a_place_works(self, data: st.DataObject) -> None:
        with self.scope():
            places = [self.place(name) for name in ("near", "middle", "far")]
            queue = fulfilment.queue_of(merchant_id=self.merchant_id, location_ids=places)
        if not queue:
            return
        work = data.draw(st.sampled_from(queue), label="work")
        says_no = data.draw(st.sampled_from(("", "", "no_time", "damaged", "not_in_stock")))
        before = self.on_hand()
        with contextlib.suppress(DomainError), self.scope():
            self.step(work, says_no)
        self.left += before - self.on_hand()

    def step(self, work: fulfilment.FulfilmentOrder, says_no: str) -> None:
        about: dict[str, Any] = {
            "merchant_id": self.merchant_id,
            "fulfilment_order_id": work.id,
            "now": self.now,
        }
        if says_no and work.state in {"offered", "accepted", "picking"}:
            fulfilment.decline(reason=says_no, **about)  # type: ignore[arg-type]  # drawn
        elif work.state == "offered":
            fulfilment.accept(**about)
        elif work.state == "accepted":
            fulfilment.start_picking(**about)
        elif work.state == "picking":
            picked = {line.order_line_id: line.quantity for line in work.lines}
            fulfilment.record_picked(picked_by_line=picked, **about)
            fulfilment.pack(**about)
        elif work.state == "packed" and work.mode == "ship":
            number = fulfilment.tracking_number_of(fulfilment_order_id=work.id)
            fulfilment.hand_over(carrier="simulated", tracking_number=number, **about)
        elif work.state == "packed":
            code = fulfilment.make_ready(**about).code
            outcome = fulfilment.collect(code=code, **about)
            assert isinstance(outcome, fulfilment.FulfilmentOrder)

    def on_hand(self) -> int:
        with self.scope():
            levels = inventory.levels_of(merchant_id=self.merchant_id, sku_ids=[self.world.sku_id])
        return sum(level.on_hand for level in levels)

    @precondition(lambda self: hasattr(self, "world"))
    @invariant()
    def nothing_appears_and_nothing_vanishes(self) -> None:
        assert self.on_hand() == self.received - self.left

    @precondition(lambda self: hasattr(self, "world"))
    @invariant()
    def every_context_finds_itself_in_order(self) -> None:
        with self.scope():
            about: dict[str, Any] = {"merchant_id": self.merchant_id}
            assert inventory.check_invariants(**about) == []
            assert orders.check_invariants(**about) == []
            assert routing.check_invariants(**about) == []
            assert fulfilment.check_invariants(**about) == []

    @precondition(lambda self: hasattr(self, "world"))
    @invariant()
    def what_was_promised_to_a_buyer_stays_promised(self) -> None:
        """Paid and not cancelled: shipped, or bound somewhere, to the last unit promised.

        What the order is still short of, it waits for in the open.
        """
        for sold in self.orders.values():
            with self.scope():
                order = orders.order_by_id(merchant_id=self.merchant_id, order_id=sold.order_id)
            if not sold.is_paid or order.state == "cancelled":
                continue
            kept = self.bound_or_gone(sold.order_id)
            assert sold.promised <= kept <= sold.units, order
            assert kept == sold.units or self.waits(order), order
            sold.promised = kept

    def bound_or_gone(self, order_id: int) -> int:
        """Units that are firmly promised to an order, or have left for its buyer."""
        with self.scope():
            order = orders.order_by_id(merchant_id=self.merchant_id, order_id=order_id)
            reservations = inventory.reservations_of(
                merchant_id=self.merchant_id, holder=orders.holder_of(order_id=order_id)
            )
        bound = sum(each.live_quantity for each in reservations if each.state == "allocated")
        return bound + sum(line.shipped_quantity for line in order.lines)

    def waits(self, order: orders.Order) -> bool:
        if order.state == "paid_without_stock":
            return True
        with self.scope():
            cases = fulfilment.cases_of(merchant_id=self.merchant_id, order_id=order.id)
        return any(case.kind == "unfilled" and case.closed_at is None for case in cases)


@pytest.mark.usefixtures("database")
def test_no_order_of_events_breaks_a_promise() -> None:
    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            phases=PHASES,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
