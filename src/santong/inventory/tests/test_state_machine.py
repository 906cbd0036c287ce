"""Whatever is done to stock, in whatever order, it is what a page of Python says it is."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from santong.inventory import public as inventory
from santong.inventory.contracts import ReserveLine
from santong.inventory.rules.lines import Place
from santong.inventory.tests.factories import NOW, make_location_id, make_sku_id
from santong.inventory.tests.model import Below, Held, NotHere, Short, Stock
from santong.kernel.errors import Busy

EXAMPLES = int(os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "60"))
STEPS = 50
HOLD = timedelta(minutes=15)
HOLDERS = ("order:1", "order:2")
_keys = itertools.count(1)

holders = st.sampled_from(HOLDERS)
spots = st.integers(0, 1)
units = st.integers(1, 4)
line_ids = st.integers(1, 2)
portions = st.lists(st.tuples(line_ids, spots, units), min_size=1, max_size=3)
found = st.integers(0, 20)


class StockMachine(RuleBasedStateMachine):
    """Two places, two SKUs, two holders of two lines, and every command."""

    merchant_id: ClassVar[int]
    location_ids: ClassVar[tuple[int, ...]]
    sku_ids: ClassVar[tuple[int, ...]]

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.block = transaction.atomic()
        self.block.__enter__()
        self.places: list[Place] = list(itertools.product(self.location_ids, self.sku_ids))
        self.model = Stock(
            on_hand=dict.fromkeys(self.places, 0), safety=dict.fromkeys(self.places, 0)
        )

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize(quantities=st.lists(found, min_size=4, max_size=4))
    def open_with_stock(self, quantities: list[int]) -> None:
        for place, quantity in zip(self.places, quantities, strict=True):
            self._count(place, quantity)

    @rule(holder=holders, wanted=portions, firm=st.booleans())
    def reserve(self, holder: str, wanted: Sequence[tuple[int, int, int]], *, firm: bool) -> None:
        lines, expires_at = self._lines(wanted), None if firm else self.now + HOLD
        self._both(
            lambda: self.model.reserve(holder, lines, expires_at),
            inventory.reserve,
            holder=holder,
            lines=lines,
            expires_at=expires_at,
        )

    @rule(wanted=st.lists(st.tuples(holders, portions), min_size=1, max_size=4))
    def reserve_batch(self, wanted: Sequence[tuple[str, Sequence[tuple[int, int, int]]]]) -> None:
        claims = {
            holder: inventory.Claim(holder=holder, lines=tuple(self._lines(parts)))
            for holder, parts in wanted
        }
        expires_at = self.now + HOLD
        refused = set()
        for claim in claims.values():
            try:
                self.model.reserve(claim.holder, claim.lines, expires_at)
            except Short:
                refused.add(claim.holder)

        results = inventory.reserve_batch(
            merchant_id=self.merchant_id,
            claims=list(claims.values()),
            expires_at=expires_at,
            now=self.now,
        )

        assert {result.holder for result in results if result.short} == refused

    @rule(holder=holders, wanted=portions)
    def reserve_more(self, holder: str, wanted: Sequence[tuple[int, int, int]]) -> None:
        lines = self._lines(wanted)
        self._both(
            lambda: self.model.reserve_more(holder, lines),
            inventory.reserve_more,
            holder=holder,
            lines=lines,
        )

    @rule(holder=holders)
    def allocate(self, holder: str) -> None:
        self._both(lambda: self.model.allocate(holder), inventory.allocate, holder=holder)

    @rule(holder=holders, some=st.none() | st.lists(line_ids, min_size=1, max_size=2))
    def release(self, holder: str, some: list[int] | None) -> None:
        self._both(
            lambda: self.model.release(holder, some),
            inventory.release,
            holder=holder,
            line_ids=some,
            reason="test",
        )

    @rule(minutes=st.sampled_from([5, 20]))
    def time_passes_and_the_sweeper_comes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self._both(lambda: self.model.expire(self.now), inventory.expire_due)

    @rule(holder=holders, spot=spots, wanted=st.lists(st.tuples(line_ids, units), min_size=1))
    def move(self, holder: str, spot: int, wanted: Sequence[tuple[int, int]]) -> None:
        lines = self._lines([(line_id, 1 - spot, quantity) for line_id, quantity in wanted])
        here = self.location_ids[spot]
        self._both(
            lambda: self.model.move(holder, here, lines),
            inventory.move,
            holder=holder,
            from_location_id=here,
            lines=lines,
            reason="test",
        )

    @rule(holder=holders, spot=spots, parts=st.dictionaries(line_ids, units, min_size=1))
    def consume(self, holder: str, spot: int, parts: dict[int, int]) -> None:
        here = self.location_ids[spot]
        self._both(
            lambda: self.model.consume(holder, here, parts),
            inventory.consume,
            holder=holder,
            location_id=here,
            quantity_by_line=parts,
        )

    @rule(number=st.integers(0, 3), quantity=units)
    def receive(self, number: int, quantity: int) -> None:
        place = self.places[number]
        self._goods(place, quantity, inventory.receive, {"reason": "test"}, "quantity_by_sku")
        self.model.on_hand[place] += quantity

    @rule(number=st.integers(0, 3), quantity=units)
    def sell_at_the_till(self, number: int, quantity: int) -> None:
        place = self.places[number]
        self._goods(place, quantity, inventory.record_till_sale, {}, "quantity_by_sku")
        self.model.on_hand[place] -= quantity

    @rule(number=st.integers(0, 3), quantity=found)
    def count(self, number: int, quantity: int) -> None:
        self._count(self.places[number], quantity)

    @rule(number=st.integers(0, 3), delta=st.integers(-5, 5).filter(bool))
    def adjust(self, number: int, delta: int) -> None:
        place = self.places[number]
        self._both(
            lambda: self.model.adjust(place, delta),
            inventory.adjust,
            location_id=place[0],
            sku_id=place[1],
            delta=delta,
            reason="test",
            key=f"machine-{next(_keys)}",
        )

    @rule(number=st.integers(0, 3), quantity=st.integers(0, 3))
    def keep_safety_stock(self, number: int, quantity: int) -> None:
        place = self.places[number]
        inventory.set_safety_stock(
            merchant_id=self.merchant_id,
            location_id=place[0],
            quantity_by_sku={place[1]: quantity},
            reason="test",
            now=self.now,
        )
        self.model.safety[place] = quantity

    @invariant()
    def every_level_is_what_the_model_says(self) -> None:
        levels = inventory.levels_of(
            merchant_id=self.merchant_id, location_ids=self.location_ids, limit=10
        )
        for level in levels:
            place = (level.location_id, level.sku_id)
            said = self.model.counters(place)
            assert {name: getattr(level, name) for name in said} == said

    @invariant()
    def every_promise_is_what_the_model_says(self) -> None:
        rows = inventory.reservations_by_holder(merchant_id=self.merchant_id, holders=HOLDERS)
        kept = {
            (row.holder, row.line_id, row.location_id): (
                row.state,
                row.quantity,
                row.consumed_quantity,
                row.expires_at,
            )
            for each in rows.values()
            for row in each
        }
        assert kept == {
            key: (promise.state, promise.quantity, promise.consumed, promise.expires_at)
            for key, promise in self.model.promises.items()
        }

    @invariant()
    def all_that_must_hold_holds(self) -> None:
        assert inventory.check_invariants(merchant_id=self.merchant_id, now=self.now - HOLD) == []

    def _lines(self, wanted: Sequence[tuple[int, int, int]]) -> list[ReserveLine]:
        """Portions of one line and place are one."""
        quantities: dict[tuple[int, int], int] = {}
        for line_id, spot, quantity in wanted:
            quantities[line_id, spot] = quantities.get((line_id, spot), 0) + quantity
        return [
            ReserveLine(
                line_id=line_id,
                location_id=self.location_ids[spot],
                sku_id=self.sku_ids[line_id - 1],
                quantity=quantity,
            )
            for (line_id, spot), quantity in quantities.items()
        ]

    def _both(self, model: Callable[[], Any], command: Callable[..., Any], **about: Any) -> None:
        """The model and the product do the same, or refuse for the same reason."""
        said, answer = _outcome(model)
        got, answered = _outcome(lambda: self._run(command, about))
        assert got == said
        assert answer is None or answered == answer

    def _run(self, command: Callable[..., Any], about: dict[str, Any]) -> Any:
        with transaction.atomic():
            return command(merchant_id=self.merchant_id, now=self.now, **about)

    def _goods(
        self, place: Place, quantity: int, command: Callable[..., bool], about: Any, name: str
    ) -> None:
        """A command comes twice; the second time changes nothing."""
        key = f"machine-{next(_keys)}"
        for is_new in (True, False):
            booked = command(
                merchant_id=self.merchant_id,
                location_id=place[0],
                key=key,
                now=self.now,
                **{name: {place[1]: quantity}},
                **about,
            )
            assert booked is is_new

    def _count(self, place: Place, quantity: int) -> None:
        self._goods(place, quantity, inventory.count, {}, "counted_by_sku")
        self.model.on_hand[place] = quantity


def _outcome(command: Callable[[], Any]) -> tuple[str, Any]:
    """What comes of it: an answer, or why it was refused."""
    try:
        return "done", command()
    except (Short, inventory.InsufficientStock):
        return "short", None
    except (Held, Busy):
        return "held", None
    except (NotHere, inventory.NotPromisedHere):
        return "not here", None
    except (Below, inventory.BelowZero):
        return "below zero", None


def test_stock_is_what_the_model_says(merchant_id: int) -> None:
    StockMachine.merchant_id = merchant_id
    StockMachine.location_ids = tuple(make_location_id(merchant_id=merchant_id) for _ in range(2))
    StockMachine.sku_ids = tuple(make_sku_id(merchant_id=merchant_id) for _ in range(2))

    run_state_machine_as_test(
        StockMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
