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
from santong.kernel.models import AuditEntry, DataKey
from santong.kernel.moving import CannotMove, move_merchant
from santong.merchants import public as merchants


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


def test_all_of_a_merchant_is_in_the_other_cell_and_nothing_is_left(
    merchant: int, now: datetime
) -> None:
    with tenancy.scope(merchant_id=merchant):
        dealer = merchants.create_dealer(
            merchant_id=merchant, code="east", name="东区", contact="沈先生", now=now
        )
        brand = merchants.create_brand(merchant_id=merchant, code="spring", name="春", now=now)

    moved = move_merchant(
        connections["owner"], merchant_id=merchant, to=cell_named("second"), now=now
    )

    assert moved.rows_by_table["merchants_brand"] == 1
    for table, rows in moved.rows_by_table.items():
        assert rows_in(cell_named("main"), table, merchant) == 0
        extra = 1 if table == AuditEntry._meta.db_table else 0
        assert rows_in(cell_named("second"), table, merchant) == rows + extra
    with tenancy.scope(merchant_id=merchant) as scope:
        assert scope.cell.name == "second"
        assert merchants.brands(merchant_id=merchant) == [brand]
        crypto.forget_keys()
        assert merchants.dealers(merchant_id=merchant) == [dealer]
        again = merchants.create_brand(merchant_id=merchant, code="autumn", name="秋", now=now)
    assert again.id > cells.IDS_PER_CELL > brand.id


def test_a_move_is_in_the_audit_trail(merchant: int, now: datetime) -> None:
    move_merchant(connections["owner"], merchant_id=merchant, to=cell_named("second"), now=now)

    with tenancy.scope(merchant_id=merchant):
        entry = AuditEntry.objects.get(action="kernel.move_merchant")
    assert (entry.before["cell"], entry.after["cell"]) == ("main", "second")


def test_nothing_is_lost_or_doubled_while_writers_write(merchant: int, now: datetime) -> None:
    acknowledged: list[list[str]] = [[], [], []]
    refused = [0, 0, 0]
    stop = threading.Event()

    def write(place: int) -> None:
        number = 0
        while not stop.is_set():
            code = f"w{place}-{number}"
            try:
                with tenancy.scope(merchant_id=merchant):
                    merchants.create_brand(merchant_id=merchant, code=code, name=code, now=now)
            except cells.MerchantIsMoving:
                refused[place] += 1
                time.sleep(0.002)
                continue
            acknowledged[place].append(code)
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
        found = sorted(brand.code for brand in merchants.brands(merchant_id=merchant))
    assert found == sorted(code for codes in acknowledged for code in codes)
    assert all(len(codes) > 20 for codes in acknowledged)
    assert rows_in(cell_named("main"), "merchants_brand", merchant) == 0
    assert rows_in(cell_named("second"), "merchants_brand", merchant) == len(found)


def test_a_process_that_remembers_the_old_cell_is_corrected(merchant: int, now: datetime) -> None:
    with tenancy.scope(merchant_id=merchant):
        merchants.create_brand(merchant_id=merchant, code="spring", name="春", now=now)
    remembered = dict(cells._by_id)  # noqa: SLF001  another process would have this
    move_merchant(connections["owner"], merchant_id=merchant, to=cell_named("second"), now=now)
    cells._by_id.update(remembered)  # noqa: SLF001

    with tenancy.scope(merchant_id=merchant) as scope:
        seen = merchants.brands(merchant_id=merchant)

    assert scope.cell.name == "second"
    assert [brand.code for brand in seen] == ["spring"]


def test_work_that_is_open_is_waited_for_and_new_work_is_refused(
    merchant: int, now: datetime
) -> None:
    opened, finish = threading.Event(), threading.Event()
    second = cell_named("second")

    def work() -> None:
        with tenancy.scope(merchant_id=merchant):
            opened.set()
            finish.wait(timeout=20)
            merchants.create_brand(merchant_id=merchant, code="late", name="晚", now=now)
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
        assert [b.code for b in merchants.brands(merchant_id=merchant)] == ["late"]


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
        merchants.create_brand(merchant_id=neighbour, code="stays", name="留", now=now)

    move_merchant(connections["owner"], merchant_id=mover, to=cell_named("second"), now=now)

    with tenancy.scope(merchant_id=neighbour) as scope:
        assert scope.cell.name == "main"
        assert [b.code for b in merchants.brands(merchant_id=neighbour)] == ["stays"]
