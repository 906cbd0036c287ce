"""The ledger lives in its merchant's cell, and moves with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connections

from santong.kernel import cells, tenancy
from santong.kernel.moving import move_merchant
from santong.payments import public as ledger
from santong.payments.models import Entry
from santong.payments.tests.factories import (
    NOW,
    SOURCE,
    assert_sound,
    balance,
    earn,
    make_points,
    of,
    rests,
    spend,
)


def test_a_ledger_moves_to_another_cell_and_goes_on(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        account = of(make_points(merchant_id=merchant))
        earn(merchant_id=merchant, account=account, amount=100)
        burned = spend(merchant_id=merchant, account=account, amount=30)
        before = ledger.lots_of(merchant_id=merchant, account=account)
    second = next(cell for cell in cells.all_cells() if cell.name == "second")

    move_merchant(connections["owner"], merchant_id=merchant, to=second, now=NOW)

    with tenancy.scope(merchant_id=merchant):
        assert ledger.lots_of(merchant_id=merchant, account=account) == before
        again = spend(merchant_id=merchant, account=account, amount=5)
        ledger.reverse(
            merchant_id=merchant,
            source=SOURCE,
            key="undo",
            txn_id=burned.id,
            reason="test",
            now=NOW,
        )
        assert again.id > burned.id
        assert balance(merchant_id=merchant, account=account).posted == 95
        assert rests(merchant_id=merchant, account=account) == [(95, 0)]
        assert_sound(merchant_id=merchant)


@pytest.mark.parametrize("cell", ["main", "second"])
def test_every_cell_refuses_what_does_not_balance(
    new_merchant: Callable[..., int], cell: str
) -> None:
    merchant = new_merchant(cell=cell)
    with tenancy.scope(merchant_id=merchant):
        account = of(make_points(merchant_id=merchant))
        earned = earn(merchant_id=merchant, account=account, amount=100)
        entry = Entry.objects.of_merchant(merchant).filter(txn_id=earned.id).first()
        assert entry is not None

    with (
        pytest.raises(IntegrityError, match="do not sum to nothing"),
        tenancy.scope(merchant_id=merchant),
    ):
        Entry.objects.create(
            merchant_id=merchant,
            txn_id=entry.txn_id,
            account_id=entry.account_id,
            asset_id=entry.asset_id,
            amount=1,
        )


def test_no_function_of_the_ledger_looks_outside_its_cell(database: None) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname, p.proname, p.proconfig FROM pg_proc p"
            " JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.proname LIKE 'payments\\_%'"
            " ORDER BY 1, 2"
        )
        found = cursor.fetchall()

    assert [(schema, name) for schema, name, _ in found] == [
        (cell.schema, name)
        for cell in sorted(cells.all_cells(), key=lambda cell: cell.schema)
        for name in ("payments_entries_balance", "payments_txn_balances")
    ]
    for schema, _, settings in found:
        (path,) = settings
        assert path.replace('"', "") == f"search_path={schema}, public"


def test_nobody_sees_another_merchants_ledger(new_merchant: Callable[..., int]) -> None:
    ours, theirs = new_merchant(), new_merchant()
    with tenancy.scope(merchant_id=ours):
        account = of(make_points(merchant_id=ours))
        earned = earn(merchant_id=ours, account=account, amount=100)

    with tenancy.scope(merchant_id=theirs):
        with pytest.raises(ledger.NoSuchTxn):
            ledger.txn_by_id(merchant_id=theirs, txn_id=earned.id)
        assert balance(merchant_id=theirs, account=account).posted == 0
        assert ledger.accounts_of(merchant_id=theirs, owner=account.owner) == []
        assert Entry.objects.filter(merchant_id=ours).count() == 0
