"""A merchant moves between cells while its people work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection, connections
from psycopg import sql

from santong.kernel import cells, crypto, tenancy
from santong.kernel.models import (
    AuditEntry,
    DataKey,
    IdempotencyKey,
    OutboxCursor,
    OutboxEvent,
    OutboxParked,
)
from santong.kernel.moving import CannotMove, move_merchant


def cell_named(name: str) -> cells.Cell:
    return next(cell for cell in cells.all_cells() if cell.name == name)


def rows_in(cell: cells.Cell, table: str, merchant_id: int) -> int:
    """What the owner sees of a merchant in a cell, whatever the directory says."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT set_config('santong.merchant_id', %s, true)", [str(merchant_id)])
        cursor.execute(
            sql.SQL("SELECT count(*) FROM {} WHERE merchant_id = %s").format(
                sql.Identifier(cell.schema, table)
            ),
            [merchant_id],
        )
        (count,) = cursor.fetchone()
        cursor.execute("COMMIT")
    return int(count)


def keep(merchant_id: int, key: str, now: datetime) -> IdempotencyKey:
    """A row of the merchant."""
    return IdempotencyKey.objects.create(
        merchant_id=merchant_id, key=key, request_hash=b"x" * 32, created_at=now
    )


def kept(merchant_id: int) -> list[str]:
    return sorted(IdempotencyKey.objects.values_list("key", flat=True))


def test_all_of_a_merchant_is_in_the_other_cell_and_nothing_is_left(
    merchant: int, now: datetime
) -> None:
    with tenancy.scope(merchant_id=merchant):
        first = keep(merchant, "spring", now)
        sealed = crypto.encrypt(merchant_id=merchant, plain=b"phone", place="here")

    moved = move_merchant(
        connections["owner"], merchant_id=merchant, to=cell_named("second"), now=now
    )

    assert moved.rows_by_table["kernel_idempotencykey"] == 1
    for table, rows in moved.rows_by_table.items():
        assert rows_in(cell_named("main"), table, merchant) == 0
        extra = 1 if table == AuditEntry._meta.db_table else 0
        assert rows_in(cell_named("second"), table, merchant) == rows + extra
    with tenancy.scope(merchant_id=merchant) as scope:
        assert scope.cell.name == "second"
        assert kept(merchant) == ["spring"]
        crypto.forget_keys()
        assert crypto.decrypt(merchant_id=merchant, sealed=sealed, place="here") == b"phone"
        again = keep(merchant, "autumn", now)
    assert again.id > cells.IDS_PER_CELL > first.id


def test_a_move_is_in_the_audit_trail(merchant: int, now: datetime) -> None:
    move_merchant(connections["owner"], merchant_id=merchant, to=cell_named("second"), now=now)

    with tenancy.scope(merchant_id=merchant):
        entry = AuditEntry.objects.get(action="kernel.move_merchant")
    assert (entry.before["cell"], entry.after["cell"]) == ("main", "second")


def test_nothing_is_lost_or_doubled_while_writers_write(merchant: int, now: datetime) -> None:
    acknowledged: list[list[str]] = [[], [], []]
    stop = threading.Event()

    def write(place: int) -> None:
        number = 0
        while not stop.is_set():
            key = f"w{place}-{number}"
            try:
                with tenancy.scope(merchant_id=merchant):
                    keep(merchant, key, now)
            except cells.MerchantIsMoving:
                time.sleep(0.002)
                continue
            acknowledged[place].append(key)
            number += 1
        connection.close()

    writers = [threading.Thread(target=write, args=(place,)) for place in range(3)]
    for writer in writers:
        writer.start()
    time.sleep(0.3)
    for name in ("second", "main", "second", "main", "second"):
        move_merchant(connections["owner"], merchant_id=merchant, to=cell_named(name), now=now)
        time.sleep(0.2)
    stop.set()
    for writer in writers:
        writer.join()

    with tenancy.scope(merchant_id=merchant):
        found = kept(merchant)
    assert found == sorted(key for keys in acknowledged for key in keys)
    assert all(len(keys) > 20 for keys in acknowledged)
    assert rows_in(cell_named("main"), "kernel_idempotencykey", merchant) == 0
    assert rows_in(cell_named("second"), "kernel_idempotencykey", merchant) == len(found)


def test_a_process_that_remembers_the_old_cell_is_corrected(merchant: int, now: datetime) -> None:
    with tenancy.scope(merchant_id=merchant):
        keep(merchant, "spring", now)
    remembered = dict(cells._by_id)  # noqa: SLF001  another process would have this
    move_merchant(connections["owner"], merchant_id=merchant, to=cell_named("second"), now=now)
    cells._by_id.update(remembered)  # noqa: SLF001

    with tenancy.scope(merchant_id=merchant) as scope:
        seen = kept(merchant)

    assert scope.cell.name == "second"
    assert seen == ["spring"]


def test_work_that_is_open_is_waited_for_and_new_work_is_refused(
    merchant: int, now: datetime
) -> None:
    opened, finish = threading.Event(), threading.Event()
    second = cell_named("second")

    def work() -> None:
        with tenancy.scope(merchant_id=merchant):
            kept(merchant)
            opened.set()
            finish.wait(timeout=20)
            keep(merchant, "late", now)
        connection.close()

    def move() -> None:
        move_merchant(connections["owner"], merchant_id=merchant, to=second, now=now)
        connections["owner"].close()

    worker, mover = threading.Thread(target=work), threading.Thread(target=move)
    worker.start()
    opened.wait(timeout=20)
    mover.start()
    refusals = 0
    for _ in range(200):
        try:
            with tenancy.scope(merchant_id=merchant):
                kept(merchant)
                time.sleep(0.01)
        except cells.MerchantIsMoving:
            refusals += 1
            break
    still_open = mover.is_alive()
    finish.set()
    worker.join()
    mover.join()

    assert (refusals, still_open) == (1, True)
    with tenancy.scope(merchant_id=merchant) as scope:
        assert scope.cell.name == "second"
        assert kept(merchant) == ["late"]


def test_a_move_that_fails_leaves_everything_where_it_was(
    merchant: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("santong.kernel.moving._remove", break_off)

    with pytest.raises(KeyboardInterrupt):
        move_merchant(connections["owner"], merchant_id=merchant, to=cell_named("second"), now=now)

    with tenancy.scope(merchant_id=merchant) as scope:
        assert scope.cell.name == "main"
        assert DataKey.objects.count() == 1
    assert rows_in(cell_named("second"), "kernel_datakey", merchant) == 0


def test_a_merchant_does_not_move_to_where_it_is(merchant: int, now: datetime) -> None:
    with pytest.raises(CannotMove):
        move_merchant(connections["owner"], merchant_id=merchant, to=cell_named("main"), now=now)


def test_a_merchants_neighbours_stay(new_merchant: Callable[..., int], now: datetime) -> None:
    mover, neighbour = new_merchant(), new_merchant()
    with tenancy.scope(merchant_id=neighbour):
        keep(neighbour, "stays", now)

    move_merchant(connections["owner"], merchant_id=mover, to=cell_named("second"), now=now)

    with tenancy.scope(merchant_id=neighbour) as scope:
        assert scope.cell.name == "main"
        assert kept(neighbour) == ["stays"]


def tell(merchant_id: int, name: str, now: datetime) -> OutboxEvent:
    return OutboxEvent.objects.create(
        merchant_id=merchant_id,
        name=name,
        aggregate="order_id:1",
        body={},
        actor="system:system",
        request_id="",
        occurred_at=now,
    )


def read_up_to(subscriber: str, last: OutboxEvent) -> None:
    last.refresh_from_db()
    OutboxCursor.objects.update_or_create(
        subscriber=subscriber,
        defaults={
            "window_from": 0,
            "window_to": last.transaction_id + 1,
            "last_id": last.id,
        },
    )


def test_facts_that_somebody_has_not_read_yet_are_told_in_the_new_cell(
    merchant: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("santong.kernel.facts._subscribers", {"slow": {}, "quick": {}})
    with tenancy.scope(merchant_id=merchant):
        read = tell(merchant, "orders.read_by_both.v1", now)
        read_up_to("slow", read)
    with tenancy.scope(merchant_id=merchant):
        waiting = tell(merchant, "orders.parked.v1", now)
        last = tell(merchant, "orders.read_by_one.v1", now)
        read_up_to("quick", last)
        OutboxParked.objects.create(
            merchant_id=merchant,
            subscriber="quick",
            event=waiting,
            aggregate="order_id:1",
            next_at=now,
        )

    move_merchant(connections["owner"], merchant_id=merchant, to=cell_named("second"), now=now)

    with tenancy.scope(merchant_id=merchant):
        told = list(OutboxEvent.objects.order_by("id").values_list("transaction_id", "name"))
        ids = list(OutboxEvent.objects.order_by("id").values_list("id", flat=True))
        parked = OutboxParked.objects.select_related("event").get()
        later = tell(merchant, "orders.after_the_move.v1", now)
    # History first, where no subscriber looks; then what is to be told, newer than all cursors.
    assert [name for _, name in told] == [
        "orders.read_by_both.v1",
        "orders.parked.v1",
        "orders.parked.v1",
        "orders.read_by_one.v1",
    ]
    assert [transaction_id for transaction_id, _ in told[:2]] == [-1, -1]
    assert told[2][0] == told[3][0] > last.transaction_id
    assert ids[:2] == [read.id, waiting.id]
    assert cells.IDS_PER_CELL < ids[2] < ids[3] < later.id
    assert parked.event_id == waiting.id
