"""What PostgreSQL lets one merchant's work see and do, in two cells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from santong.kernel import cells, rowsecurity, tenancy
from santong.kernel.models import DataKey, IdempotencyKey


def keep_a_key(merchant_id: int, now: datetime, *, key: str = "once") -> IdempotencyKey:
    return IdempotencyKey.objects.create(
        merchant_id=merchant_id, key=key, request_hash=b"x" * 32, created_at=now
    )


def test_a_merchant_sees_its_own_rows_and_no_others(
    new_merchant: Callable[..., int], now: datetime
) -> None:
    ours, theirs = new_merchant(), new_merchant()
    with tenancy.scope(merchant_id=theirs):
        keep_a_key(theirs, now)

    with tenancy.scope(merchant_id=ours):
        keep_a_key(ours, now)
        seen = list(IdempotencyKey.objects.values_list("merchant_id", flat=True))

    assert seen == [ours]


def test_outside_a_scope_there_are_no_tables(merchant: int) -> None:
    with pytest.raises(ProgrammingError, match="does not exist"):
        DataKey.objects.count()


def test_in_a_cell_without_a_merchant_there_are_no_rows(merchant: int) -> None:
    home = cells.cell_of(merchant)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', %s, true)", [home.schema])
        seen = DataKey.objects.count()

    assert seen == 0


def test_nothing_of_a_scope_is_left_on_the_connection(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        assert DataKey.objects.count() == 1

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('santong.merchant_id', true), current_setting('search_path')"
        )
        merchant_id, path = cursor.fetchone()
    assert merchant_id in {None, ""}
    assert "cell_" not in path


def test_postgresql_refuses_a_row_for_another_merchant(
    new_merchant: Callable[..., int], now: datetime
) -> None:
    ours, theirs = new_merchant(), new_merchant()

    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        tenancy.scope(merchant_id=ours),
    ):
        keep_a_key(theirs, now)

    with tenancy.scope(merchant_id=theirs):
        assert IdempotencyKey.objects.count() == 0


def test_postgresql_changes_and_removes_no_row_of_another_merchant(
    new_merchant: Callable[..., int], now: datetime
) -> None:
    ours, theirs = new_merchant(), new_merchant()
    with tenancy.scope(merchant_id=theirs):
        kept = keep_a_key(theirs, now)

    with tenancy.scope(merchant_id=ours):
        changed = IdempotencyKey.objects.filter(id=kept.id).update(status=500)
        removed, _ = IdempotencyKey.objects.filter(id=kept.id).delete()

    assert (changed, removed) == (0, 0)
    with tenancy.scope(merchant_id=theirs):
        assert IdempotencyKey.objects.get(id=kept.id).status == 0


def test_a_row_cannot_be_given_to_another_merchant(
    new_merchant: Callable[..., int], now: datetime
) -> None:
    ours, theirs = new_merchant(), new_merchant()

    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        tenancy.scope(merchant_id=ours),
    ):
        IdempotencyKey.objects.filter(id=keep_a_key(ours, now).id).update(merchant_id=theirs)


def test_merchants_of_two_cells_live_in_two_schemas(
    new_merchant: Callable[..., int], now: datetime
) -> None:
    here, there = new_merchant(cell="main"), new_merchant(cell="second")

    with tenancy.scope(merchant_id=here) as scope:
        first = keep_a_key(here, now)
        assert scope.cell.name == "main"
    with tenancy.scope(merchant_id=there) as scope:
        second = keep_a_key(there, now)
        assert scope.cell.name == "second"

    assert first.id <= cells.IDS_PER_CELL < second.id
    with tenancy.scope(merchant_id=here):
        assert not IdempotencyKey.objects.filter(id=second.id).exists()


def test_work_of_one_merchant_cannot_reach_for_another(new_merchant: Callable[..., int]) -> None:
    ours, theirs = new_merchant(), new_merchant()

    with (
        pytest.raises(tenancy.OutsideScope),
        tenancy.scope(merchant_id=ours),
        tenancy.scope(merchant_id=theirs),
    ):
        pass


def test_a_scope_inside_a_scope_joins_it(merchant: int, now: datetime) -> None:
    with tenancy.scope(merchant_id=merchant):
        with tenancy.scope(merchant_id=merchant):
            keep_a_key(merchant, now)
        assert IdempotencyKey.objects.count() == 1


def test_what_is_refused_inside_a_scope_is_rolled_back(merchant: int, now: datetime) -> None:
    def work() -> None:
        with tenancy.scope(merchant_id=merchant):
            keep_a_key(merchant, now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()

    with tenancy.scope(merchant_id=merchant):
        assert IdempotencyKey.objects.count() == 0


def test_an_unknown_merchant_has_no_scope(database: None) -> None:
    with pytest.raises(cells.UnknownMerchant), tenancy.scope(merchant_id=2**40):
        pass


def test_the_application_cannot_add_a_cell_or_move_a_merchant(merchant: int) -> None:
    statements = (
        "INSERT INTO directory.cell (number, name, schema_name) VALUES (99, 'x', 'cell_x')",
        "UPDATE directory.merchant SET cell_number = 2",
        "DELETE FROM directory.merchant",
        "CREATE TABLE cell_main.mine (id int)",
        "ALTER TABLE cell_main.kernel_datakey DISABLE ROW LEVEL SECURITY",
        "SET ROLE santong_owner",
    )
    for statement in statements:
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(statement)


def test_every_merchants_table_is_secured_in_both_cells(database: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname, c.relname FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relrowsecurity AND c.relforcerowsecurity"
            " AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL"
        )
        secured = set(cursor.fetchall())
        cursor.execute("SELECT schemaname, tablename FROM pg_tables")
        there = set(cursor.fetchall())

    wanted = {
        (cell.schema, model._meta.db_table)
        for cell in cells.all_cells()
        for model in rowsecurity.owned_models()
    }
    assert wanted & there <= secured
    assert len(wanted & there) > 20
