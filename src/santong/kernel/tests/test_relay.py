"""Facts reach their subscribers: all of them, in order, whatever fails in between."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from santong.kernel import cells, facts, outbox, relay, tenancy, wire
from santong.kernel.models import OutboxParked

SUBSCRIBER = "listener"


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class BellRung:
    bell_id: int
    count: int


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class LeafFallen:
    """Nobody listens to leaves."""

    leaf_id: int


class Listener:
    """Writes down what it hears, and fails where it is told to."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, int, int]] = []
        self.fails_on: set[tuple[int, int]] = set()
        self.dies_on: set[tuple[int, int]] = set()

    def __call__(self, fact: BellRung, *, merchant_id: int, now: datetime) -> None:  # noqa: ARG002  told by name
        if (fact.bell_id, fact.count) in self.fails_on:
            raise RuntimeError("the bell is too loud")
        if (fact.bell_id, fact.count) in self.dies_on:
            raise KeyboardInterrupt
        self.heard.append((merchant_id, fact.bell_id, fact.count))


@pytest.fixture
def listener(database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    kind = facts.FactType("kernel.bell_rung.v1", "bell_id", BellRung)
    hears = Listener()
    leaf = facts.FactType("kernel.leaf_fallen.v1", "leaf_id", LeafFallen)
    monkeypatch.setattr(facts, "_types", {kind.name: kind, leaf.name: leaf})
    monkeypatch.setattr(facts, "_type_of", {BellRung: kind, LeafFallen: leaf})
    monkeypatch.setattr(facts, "_subscribers", {SUBSCRIBER: {kind.name: hears}})
    tell_all()
    hears.heard.clear()
    yield hears
    for cell in cells.all_cells():
        with tenancy.system_scope(cell):
            OutboxParked.objects.filter(subscriber=SUBSCRIBER).delete()


def main_cell() -> cells.Cell:
    return next(cell for cell in cells.all_cells() if cell.name == "main")


def tell_all() -> None:
    """Tell everything; other databases of the server may hold facts back for a moment."""
    relay.drain(cell=main_cell(), wait_seconds=120)


def ring(merchant: int, *rung: tuple[int, int]) -> None:
    with tenancy.scope(merchant_id=merchant):
        outbox.publish(
            *(BellRung(bell_id=bell, count=count) for bell, count in rung), now=datetime.now(UTC)
        )


def shed(merchant: int, leaves: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        outbox.publish(*(LeafFallen(leaf_id=leaf) for leaf in range(leaves)), now=datetime.now(UTC))


def make_due(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        OutboxParked.objects.update(next_at=datetime.now(UTC) - timedelta(seconds=1))


def test_tells_what_was_committed_once_and_in_order(merchant: int, listener: Listener) -> None:
    ring(merchant, (1, 1), (1, 2))
    ring(merchant, (1, 3))

    tell_all()
    tell_all()

    assert listener.heard == [(merchant, 1, 1), (merchant, 1, 2), (merchant, 1, 3)]


@pytest.mark.parametrize("batch", [1, 2, 50])
def test_the_size_of_a_batch_changes_nothing_but_the_number_of_rounds(
    merchant: int, listener: Listener, batch: int
) -> None:
    ring(merchant, (1, 1), (2, 1), (1, 2))

    rounds = 0
    while relay.lag(cell=main_cell())[SUBSCRIBER]:
        rounds += 1 if relay.relay_once(cell=main_cell(), batch=batch) else 0

    assert listener.heard == [(merchant, 1, 1), (merchant, 2, 1), (merchant, 1, 2)]
    assert rounds == -(-3 // batch)


@pytest.mark.parametrize("batch", [1, 2, 50])
def test_what_a_subscriber_does_not_hear_is_passed_over_and_costs_no_round(
    merchant: int, listener: Listener, batch: int
) -> None:
    shed(merchant, 3)
    ring(merchant, (1, 1))
    shed(merchant, 3)
    ring(merchant, (1, 2), (2, 1))
    shed(merchant, 3)

    taken = []
    while relay.lag(cell=main_cell())[SUBSCRIBER]:
        taken.append(relay.relay_once(cell=main_cell(), batch=batch))

    assert listener.heard == [(merchant, 1, 1), (merchant, 1, 2), (merchant, 2, 1)]
    assert sum(taken) == 3


def test_where_nothing_is_for_a_subscriber_its_cursor_still_goes_on(
    merchant: int, listener: Listener
) -> None:
    shed(merchant, 3)

    tell_all()
    behind = relay.lag(cell=main_cell())[SUBSCRIBER]
    ring(merchant, (1, 1))
    tell_all()

    assert behind == 0
    assert listener.heard == [(merchant, 1, 1)]


def test_never_tells_what_was_rolled_back(merchant: int, listener: Listener) -> None:
    with tenancy.scope(merchant_id=merchant):
        outbox.publish(BellRung(bell_id=1, count=1), now=datetime.now(UTC))
        transaction.set_rollback(True)

    tell_all()

    assert listener.heard == []


def test_a_late_commit_is_not_skipped(merchant: int, listener: Listener) -> None:
    written, may_commit = threading.Event(), threading.Event()

    def commit_late() -> None:
        try:
            with tenancy.scope(merchant_id=merchant):
                outbox.publish(BellRung(bell_id=1, count=1), now=datetime.now(UTC))
                wire.send_kept_back(here=wire.ours())
                written.set()
                assert may_commit.wait(30)
        finally:
            connection.close()

    late = threading.Thread(target=commit_late)
    late.start()
    assert written.wait(30)
    ring(merchant, (2, 1))
    relay.drain(cell=main_cell(), wait_seconds=0.3)
    heard_while_open = list(listener.heard)
    may_commit.set()
    late.join()
    tell_all()

    assert heard_while_open == []
    assert listener.heard == [(merchant, 1, 1), (merchant, 2, 1)]


def test_what_is_open_in_another_database_keeps_nobody_waiting(
    merchant: int, listener: Listener
) -> None:
    there = {**connection.get_connection_params(), "dbname": "postgres"}
    known = ("user", "password", "host", "port", "dbname")
    with psycopg.connect(**{name: there[name] for name in known if there.get(name)}) as other:
        # It has an id, as every transaction has that writes, and stays open.
        other.execute("SELECT pg_current_xact_id()")
        ring(merchant, (1, 1))
        relay.drain(cell=main_cell())
        heard_meanwhile = list(listener.heard)

    assert heard_meanwhile == [(merchant, 1, 1)]


def test_what_fails_waits_with_its_aggregate_and_keeps_no_other_waiting(
    merchant: int, listener: Listener
) -> None:
    listener.fails_on = {(1, 1)}
    ring(merchant, (1, 1), (1, 2), (2, 1))

    tell_all()
    heard_while_failing = list(listener.heard)
    listener.fails_on = set()
    make_due(merchant)
    tell_all()
    make_due(merchant)
    tell_all()

    assert heard_while_failing == [(merchant, 2, 1)]
    assert listener.heard == [(merchant, 2, 1), (merchant, 1, 1), (merchant, 1, 2)]


def test_what_always_fails_dies_visibly_and_can_be_replayed(
    merchant: int, listener: Listener
) -> None:
    listener.fails_on = {(1, 1)}
    ring(merchant, (1, 1), (1, 2))
    for _ in range(relay.ATTEMPTS + 2):
        tell_all()
        make_due(merchant)
    with tenancy.scope(merchant_id=merchant):
        dead = OutboxParked.objects.get(is_dead=True)
        error, attempts, dead_id = dead.error, dead.attempts, dead.id

    listener.fails_on = set()
    with tenancy.scope(merchant_id=merchant):
        relay.replay_dead(merchant_id=merchant, parked_ids=[dead_id], now=datetime.now(UTC))
    tell_all()
    make_due(merchant)
    tell_all()

    assert "the bell is too loud" in error
    assert attempts == relay.ATTEMPTS
    assert listener.heard == [(merchant, 1, 1), (merchant, 1, 2)]


def test_a_dead_fact_that_is_dropped_lets_the_later_ones_go_on(
    merchant: int, listener: Listener
) -> None:
    listener.fails_on = {(1, 1)}
    ring(merchant, (1, 1), (1, 2))
    for _ in range(relay.ATTEMPTS + 2):
        tell_all()
        make_due(merchant)

    with tenancy.scope(merchant_id=merchant):
        dead_ids = list(OutboxParked.objects.filter(is_dead=True).values_list("id", flat=True))
        relay.drop_dead(merchant_id=merchant, parked_ids=dead_ids)
    tell_all()

    assert listener.heard == [(merchant, 1, 2)]


def test_a_relay_that_dies_tells_again(merchant: int, listener: Listener) -> None:
    ring(merchant, (1, 1), (1, 2))
    listener.dies_on = {(1, 2)}
    with pytest.raises(KeyboardInterrupt):
        tell_all()
    listener.heard.clear()
    listener.dies_on = set()

    tell_all()

    assert listener.heard == [(merchant, 1, 1), (merchant, 1, 2)]


def test_two_relays_take_each_fact_once(
    merchant: int, listener: Listener, at_once: Callable[..., list[Any]]
) -> None:
    for bell in range(60):
        ring(merchant, (bell, 1), (bell, 2))

    def relay_all() -> None:
        for _ in range(40):
            relay.relay_once(cell=main_cell())

    at_once(relay_all, relay_all, relay_all)
    tell_all()

    assert sorted(listener.heard) == sorted((merchant, b, n) for b in range(60) for n in (1, 2))


def test_merchants_of_a_cell_are_told_apart(
    new_merchant: Callable[..., int], listener: Listener
) -> None:
    one, other, elsewhere = new_merchant(), new_merchant(), new_merchant(cell="second")
    ring(one, (1, 1))
    ring(other, (1, 1))
    ring(elsewhere, (1, 1))

    tell_all()

    assert listener.heard == [(one, 1, 1), (other, 1, 1)]


def test_prunes_only_what_everybody_has_read(merchant: int, listener: Listener) -> None:
    listener.fails_on = {(1, 1)}
    ring(merchant, (1, 1), (2, 1))
    tell_all()
    ring(merchant, (3, 1))

    later = datetime.now(UTC) + timedelta(minutes=1)
    relay.prune(cell=main_cell(), before=later)
    with tenancy.scope(merchant_id=merchant), connection.cursor() as cursor:
        cursor.execute("SELECT aggregate FROM kernel_outboxevent ORDER BY id")
        left = [aggregate for (aggregate,) in cursor.fetchall()]

    assert "bell_id:1" in left
    assert "bell_id:3" in left


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 1), (1, 1), (2, 2), (5, 16), (11, 1024), (12, 1800), (40, 1800)]
)
def test_pauses_grow_and_end_at_half_an_hour(attempts: int, seconds: int) -> None:
    assert relay.pause_after(attempts) == timedelta(seconds=seconds)


def test_the_lag_counts_what_is_left(merchant: int, listener: Listener) -> None:
    tell_all()
    before = relay.lag(cell=main_cell())[SUBSCRIBER]
    ring(merchant, (1, 1), (1, 2))

    after = relay.lag(cell=main_cell())[SUBSCRIBER]

    assert after - before == 2


def test_housekeeping_is_on_the_schedule() -> None:
    tasks = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}

    assert {"kernel.forget_answers", "kernel.prune_facts"} <= tasks
