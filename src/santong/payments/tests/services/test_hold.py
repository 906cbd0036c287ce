from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from santong.kernel.errors import FieldInvalid
from santong.payments import public as ledger
from santong.payments.tests.factories import (
    NOW,
    SOURCE,
    balance,
    earn,
    make_points,
    of,
    rests,
    sink,
    spend,
    spent,
    take_hold,
)

QUARTER = NOW + timedelta(minutes=15)
SOON = NOW + timedelta(days=30)
LATER = NOW + timedelta(days=60)
MONTHS = NOW + timedelta(days=300)


def with_lots(merchant_id: int, *lots: tuple[int, object]) -> ledger.AccountKey:
    account = of(make_points(merchant_id=merchant_id))
    for amount, expires_at in lots:
        earn(merchant_id=merchant_id, account=account, amount=amount, expires_at=expires_at)  # type: ignore[arg-type]
    return account


def test_what_is_held_cannot_be_spent(merchant_id: int) -> None:
    account = with_lots(merchant_id, (40, SOON), (30, LATER))

    held = take_hold(merchant_id=merchant_id, account=account, amount=50, expires_at=QUARTER)

    assert (held.state, held.amount) == ("held", 50)
    stand = balance(merchant_id=merchant_id, account=account)
    assert (stand.posted, stand.held, stand.available) == (70, 50, 20)
    assert rests(merchant_id=merchant_id, account=account) == [(40, 40), (30, 10)]
    with pytest.raises(ledger.InsufficientBalance) as refused, transaction.atomic():
        spend(merchant_id=merchant_id, account=account, amount=21)
    assert refused.value.available == 20
    with pytest.raises(ledger.InsufficientBalance), transaction.atomic():
        take_hold(merchant_id=merchant_id, account=account, amount=21, expires_at=QUARTER)
    spend(merchant_id=merchant_id, account=account, amount=20)


def test_a_capture_spends_what_was_held_and_lets_go_of_the_rest(merchant_id: int) -> None:
    account = with_lots(merchant_id, (40, SOON), (30, LATER))
    held = take_hold(merchant_id=merchant_id, account=account, amount=60, expires_at=QUARTER)

    posted = ledger.capture(
        merchant_id=merchant_id, hold_id=held.id, source=SOURCE, txn=spent(account, 45), now=NOW
    )

    assert posted.is_new
    stand = balance(merchant_id=merchant_id, account=account)
    assert (stand.posted, stand.held) == (25, 0)
    assert rests(merchant_id=merchant_id, account=account) == [(25, 0)]
    assert ledger.hold_by_id(merchant_id=merchant_id, hold_id=held.id).state == "captured"


def test_the_same_capture_twice_spends_once(merchant_id: int) -> None:
    account = with_lots(merchant_id, (40, SOON))
    held = take_hold(merchant_id=merchant_id, account=account, amount=40, expires_at=QUARTER)
    txn = spent(account, 40, key="paid")

    first, again = (
        ledger.capture(merchant_id=merchant_id, hold_id=held.id, source=SOURCE, txn=txn, now=NOW)
        for _ in range(2)
    )

    assert (again.id, again.is_new) == (first.id, False)
    with pytest.raises(ledger.HoldEnded) as refused, transaction.atomic():
        ledger.capture(
            merchant_id=merchant_id, hold_id=held.id, source=SOURCE, txn=spent(account, 1), now=NOW
        )
    assert refused.value.state == "captured"


def test_a_lot_that_ends_while_it_is_held_is_spent_all_the_same(merchant_id: int) -> None:
    account = with_lots(merchant_id, (40, SOON), (30, None))
    held = take_hold(merchant_id=merchant_id, account=account, amount=40, expires_at=MONTHS)

    assert balance(merchant_id=merchant_id, account=account, now=LATER).available == 30
    ledger.capture(
        merchant_id=merchant_id, hold_id=held.id, source=SOURCE, txn=spent(account, 40), now=LATER
    )

    assert rests(merchant_id=merchant_id, account=account) == [(30, 0)]


def test_what_a_capture_leaves_of_a_lot_that_ended_expires(merchant_id: int) -> None:
    account = with_lots(merchant_id, (40, SOON), (30, None))
    held = take_hold(merchant_id=merchant_id, account=account, amount=60, expires_at=MONTHS)

    ledger.capture(
        merchant_id=merchant_id, hold_id=held.id, source=SOURCE, txn=spent(account, 25), now=LATER
    )

    assert rests(merchant_id=merchant_id, account=account) == [(30, 0)]
    expired = ledger.AccountKey(account.asset, "expired", "pool")
    assert balance(merchant_id=merchant_id, account=expired).posted == 15


def test_a_hold_whose_time_has_run_out_is_not_captured_though_nobody_has_swept_it(
    merchant_id: int,
) -> None:
    account = with_lots(merchant_id, (40, SOON))
    held = take_hold(merchant_id=merchant_id, account=account, amount=40, expires_at=QUARTER)

    with pytest.raises(ledger.HoldEnded) as refused, transaction.atomic():
        ledger.capture(
            merchant_id=merchant_id,
            hold_id=held.id,
            source=SOURCE,
            txn=spent(account, 40),
            now=QUARTER,
        )

    assert refused.value.state == "expired"
    assert balance(merchant_id=merchant_id, account=account).held == 40


def test_a_capture_takes_no_more_than_is_held_and_from_nothing_else(merchant_id: int) -> None:
    account = with_lots(merchant_id, (40, SOON))
    held = take_hold(merchant_id=merchant_id, account=account, amount=30, expires_at=QUARTER)
    pending = of(account.asset, "pending")
    earn(merchant_id=merchant_id, account=pending, amount=10)

    with pytest.raises(ledger.MoreThanHeld), transaction.atomic():
        ledger.capture(
            merchant_id=merchant_id, hold_id=held.id, source=SOURCE, txn=spent(account, 31), now=NOW
        )
    with pytest.raises(FieldInvalid), transaction.atomic():
        ledger.capture(
            merchant_id=merchant_id, hold_id=held.id, source=SOURCE, txn=spent(pending, 5), now=NOW
        )

    assert rests(merchant_id=merchant_id, account=account) == [(40, 30)]


def test_a_release_gives_back_the_same_lots(merchant_id: int) -> None:
    account = with_lots(merchant_id, (40, SOON), (30, LATER))
    held = take_hold(merchant_id=merchant_id, account=account, amount=60, expires_at=QUARTER)

    released = ledger.release(merchant_id=merchant_id, hold_id=held.id, reason="test", now=NOW)
    again = ledger.release(merchant_id=merchant_id, hold_id=held.id, reason="test", now=NOW)

    assert (released.state, again.state) == ("released", "released")
    assert rests(merchant_id=merchant_id, account=account) == [(40, 0), (30, 0)]
    assert balance(merchant_id=merchant_id, account=account).held == 0


def test_what_ended_while_it_was_held_expires_when_it_is_released(merchant_id: int) -> None:
    account = with_lots(merchant_id, (40, SOON), (30, LATER))
    held = take_hold(merchant_id=merchant_id, account=account, amount=35, expires_at=MONTHS)

    ledger.release(merchant_id=merchant_id, hold_id=held.id, reason="test", now=SOON)

    # The five that were never held have ended, too; they wait for the sweeper.
    assert rests(merchant_id=merchant_id, account=account) == [(5, 0), (30, 0)]
    assert balance(merchant_id=merchant_id, account=account, now=SOON).available == 30


def test_with_grace_what_ended_while_it_was_held_can_be_spent_a_little_longer(
    merchant_id: int,
) -> None:
    account = with_lots(merchant_id, (40, SOON))
    held = take_hold(merchant_id=merchant_id, account=account, amount=40, expires_at=MONTHS)

    ledger.release(
        merchant_id=merchant_id,
        hold_id=held.id,
        reason="test",
        grace=timedelta(days=7),
        now=LATER,
    )

    (lot,) = ledger.lots_of(merchant_id=merchant_id, account=account)
    assert (lot.rest, lot.expires_at) == (40, LATER + timedelta(days=7))
    assert balance(merchant_id=merchant_id, account=account, now=LATER).available == 40


def test_the_same_hold_twice_is_one_and_another_under_its_key_is_refused(merchant_id: int) -> None:
    account = with_lots(merchant_id, (40, SOON))

    first = take_hold(
        merchant_id=merchant_id, account=account, amount=30, expires_at=QUARTER, key="cart"
    )
    again = take_hold(
        merchant_id=merchant_id, account=account, amount=30, expires_at=SOON, key="cart"
    )

    assert again == first
    with pytest.raises(ledger.KeyTaken), transaction.atomic():
        take_hold(merchant_id=merchant_id, account=account, amount=5, expires_at=SOON, key="cart")
    assert balance(merchant_id=merchant_id, account=account).held == 30


def test_a_deposit_is_held_without_lots(merchant_id: int) -> None:
    ledger.open_asset(
        merchant_id=merchant_id, code="deposit:1", kind="deposit", currency="CNY", now=NOW
    )
    account = of("deposit:1")
    txn = ledger.NewTxn(
        key="paid",
        kind="pay",
        entries=(
            ledger.NewEntry(sink("deposit:1", "received"), -500),
            ledger.NewEntry(account, 500),
        ),
        occurred_at=NOW,
    )
    ledger.post(merchant_id=merchant_id, source=SOURCE, txn=txn, now=NOW)

    held = take_hold(merchant_id=merchant_id, account=account, amount=400, expires_at=QUARTER)
    with pytest.raises(ledger.InsufficientBalance), transaction.atomic():
        spend(merchant_id=merchant_id, account=account, amount=101)
    ledger.capture(
        merchant_id=merchant_id, hold_id=held.id, source=SOURCE, txn=spent(account, 400), now=NOW
    )

    assert balance(merchant_id=merchant_id, account=account).posted == 100


def test_a_sink_keeps_nothing_for_anybody(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)

    with pytest.raises(ledger.NoSuchAccount), transaction.atomic():
        take_hold(
            merchant_id=merchant_id, account=sink(asset, "issued"), amount=1, expires_at=QUARTER
        )


def test_a_hold_that_is_not_there_is_not_found(merchant_id: int) -> None:
    with pytest.raises(ledger.NoSuchHold), transaction.atomic():
        ledger.release(merchant_id=merchant_id, hold_id=1, reason="test", now=NOW)
