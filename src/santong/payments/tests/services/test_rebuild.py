from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from santong.kernel import audit, cells, tenancy
from santong.payments import public as ledger
from santong.payments.models import Account, Lot
from santong.payments.tests.factories import (
    NOW,
    assert_sound,
    earn,
    make_points,
    of,
    spend,
    take_hold,
)


def spoilt(merchant_id: int) -> tuple[int, int]:
    """An account and a lot whose numbers somebody changed behind the ledger's back."""
    account = of(make_points(merchant_id=merchant_id))
    earn(merchant_id=merchant_id, account=account, amount=100, expires_at=NOW + timedelta(days=9))
    spend(merchant_id=merchant_id, account=account, amount=30)
    take_hold(
        merchant_id=merchant_id, account=account, amount=20, expires_at=NOW + timedelta(days=1)
    )
    row = Account.objects.of_merchant(merchant_id).get(asset__code=account.asset, kind="available")
    lot = Lot.objects.of_merchant(merchant_id).get(account=row)
    Account.objects.of_merchant(merchant_id).filter(id=row.id).update(posted=71, held=19)
    Lot.objects.of_merchant(merchant_id).filter(id=lot.id).update(rest=69, held=21)
    return row.id, lot.id


def test_what_was_changed_behind_the_ledgers_back_is_found(merchant_id: int) -> None:
    account_id, lot_id = spoilt(merchant_id)

    found = ledger.rebuild(merchant_id=merchant_id)

    assert found == [
        ledger.Difference("payments_account", account_id, "posted", "71", "70"),
        ledger.Difference("payments_account", account_id, "held", "19", "20"),
        ledger.Difference("payments_lot", lot_id, "rest", "69", "70"),
        ledger.Difference("payments_lot", lot_id, "held", "21", "20"),
    ]
    rules = {each.rule for each in ledger.check_invariants(merchant_id=merchant_id, now=NOW)}
    assert rules == {
        "a balance is the sum of its entries, and what is held that of live holds",
        "a lot is what came in less the sum of its uses, and keeps what live holds keep",
        "lots sum to what their account stands at, and to what is held of it",
    }


def test_what_differs_is_repaired_and_goes_into_the_trail(merchant_id: int) -> None:
    account_id, _ = spoilt(merchant_id)

    repaired = ledger.repair(merchant_id=merchant_id, reason="test", now=NOW)

    assert len(repaired) == 4
    assert_sound(merchant_id=merchant_id)
    trail = audit.trail_of(
        merchant_id=merchant_id, subject="payments_account", subject_ids=[account_id]
    )
    assert [(line.before, line.after) for line in trail] == [
        ({"posted": "71"}, {"posted": "70"}),
        ({"held": "19"}, {"held": "20"}),
    ]
    assert ledger.repair(merchant_id=merchant_id, reason="test", now=NOW) == []


def test_a_lot_that_was_removed_is_put_back_and_one_too_many_removed(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    earned = earn(merchant_id=merchant_id, account=account, amount=100)
    lots = Lot.objects.of_merchant(merchant_id)
    before = list(lots.values())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_lot SET id = id + 1000000000 WHERE merchant_id = %s AND txn_id = %s",
            [merchant_id, earned.id],
        )

    ledger.repair(merchant_id=merchant_id, reason="test", now=NOW)

    assert list(lots.values()) == before
    assert_sound(merchant_id=merchant_id)


def test_the_command_says_what_differs_and_repairs_it(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        spoilt(merchant)
    (code,) = [
        entry.code
        for cell in cells.all_cells()
        for entry in cells.merchants_of(cell)
        if entry.merchant_id == merchant
    ]

    said = {
        what: told("rebuild", "--merchant", code, *more)
        for what, more in {
            "compared": (),
            "repaired": ("--repair", "--reason", "test"),
            "compared again": (),
        }.items()
    }

    assert said["compared"].count("the log says") == 4
    assert said["repaired"].count("(repaired)") == 4
    assert said["compared again"] == "✓ The ledger agrees with its log: 1 merchants\n"


def test_the_command_repairs_nothing_without_a_reason(database: None) -> None:
    with pytest.raises(CommandError):
        call_command("ledger", "rebuild", "--repair")
    with pytest.raises(CommandError):
        call_command("ledger", "check", "--merchant", "nobody")


def told(*arguments: str) -> str:
    """What the command writes, also where it ends with a status."""
    out = StringIO()
    try:
        call_command("ledger", *arguments, stdout=out)
    except SystemExit:
        return out.getvalue()
    return out.getvalue()
