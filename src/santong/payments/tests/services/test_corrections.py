from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from santong.payments import public as ledger
from santong.payments.tests.factories import (
    NOW,
    SOURCE,
    assert_sound,
    balance,
    earn,
    make_points,
    new_key,
    of,
    rests,
    sink,
    spend,
    take_hold,
)

SOON = NOW + timedelta(days=30)
LATER = NOW + timedelta(days=60)


def reverse(merchant_id: int, txn: ledger.Txn, *, key: str = "undo") -> ledger.Txn:
    return ledger.reverse(
        merchant_id=merchant_id, source=SOURCE, key=key, txn_id=txn.id, reason="test", now=NOW
    )


def give_back(
    merchant_id: int, txn: ledger.Txn, amount: int, *, key: str = "", **more: object
) -> ledger.Txn:
    return ledger.give_back(
        merchant_id=merchant_id,
        source=SOURCE,
        key=key or new_key(),
        txn_id=txn.id,
        amount=amount,
        reason="test",
        **{"now": NOW, **more},  # type: ignore[arg-type]
    )


def test_a_reversed_spend_restores_the_same_lots(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    earn(merchant_id=merchant_id, account=account, amount=40, expires_at=SOON)
    earn(merchant_id=merchant_id, account=account, amount=30, expires_at=LATER)
    before = ledger.lots_of(merchant_id=merchant_id, account=account)
    burned = spend(merchant_id=merchant_id, account=account, amount=50)

    undone = reverse(merchant_id, burned)

    assert (undone.reverses_id, undone.is_new) == (burned.id, True)
    assert ledger.lots_of(merchant_id=merchant_id, account=account) == before
    redeemed = sink(account.asset, "redeemed")
    assert balance(merchant_id=merchant_id, account=redeemed).posted == 0
    assert_sound(merchant_id=merchant_id)


def test_the_same_reversal_twice_is_one_and_another_is_refused(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    earn(merchant_id=merchant_id, account=account, amount=40)
    burned = spend(merchant_id=merchant_id, account=account, amount=40)

    first, again = reverse(merchant_id, burned), reverse(merchant_id, burned)

    assert (again.id, again.is_new) == (first.id, False)
    with pytest.raises(ledger.AlreadyReversed), transaction.atomic():
        reverse(merchant_id, burned, key="other")
    with pytest.raises(ledger.NotReversible), transaction.atomic():
        reverse(merchant_id, first, key="other")
    with pytest.raises(ledger.AlreadyReversed), transaction.atomic():
        give_back(merchant_id, burned, 1)
    assert balance(merchant_id=merchant_id, account=account).posted == 40


def test_what_was_earned_and_partly_spent_is_not_reversed(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    earned = earn(merchant_id=merchant_id, account=account, amount=40)
    earn(merchant_id=merchant_id, account=account, amount=40)
    spend(merchant_id=merchant_id, account=account, amount=1)

    with pytest.raises(ledger.InsufficientBalance) as refused, transaction.atomic():
        reverse(merchant_id, earned)

    assert (refused.value.wanted, refused.value.available) == (40, 39)
    assert rests(merchant_id=merchant_id, account=account) == [(39, 0), (40, 0)]


def test_what_was_earned_and_is_whole_is_taken_from_its_own_lots(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    earn(merchant_id=merchant_id, account=account, amount=30, expires_at=SOON)
    earned = earn(merchant_id=merchant_id, account=account, amount=40, expires_at=LATER)

    reverse(merchant_id, earned)

    assert rests(merchant_id=merchant_id, account=account) == [(30, 0)]
    assert_sound(merchant_id=merchant_id)


def test_what_is_pending_is_reversed_only_while_it_is_there(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    pending = of(asset, "pending")
    earned = earn(merchant_id=merchant_id, account=pending, amount=40)
    spend(merchant_id=merchant_id, account=pending, amount=1)

    with pytest.raises(ledger.InsufficientBalance), transaction.atomic():
        reverse(merchant_id, earned)

    assert balance(merchant_id=merchant_id, account=pending).posted == 39


def test_parts_of_a_spend_go_back_to_the_lots_that_were_taken_last(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    for amount, expires_at in ((40, SOON), (30, LATER), (20, None)):
        earn(merchant_id=merchant_id, account=account, amount=amount, expires_at=expires_at)
    burned = spend(merchant_id=merchant_id, account=account, amount=85)

    give_back(merchant_id, burned, 20)
    assert rests(merchant_id=merchant_id, account=account) == [(5, 0), (20, 0)]
    give_back(merchant_id, burned, 60)

    assert rests(merchant_id=merchant_id, account=account) == [(35, 0), (30, 0), (20, 0)]
    with pytest.raises(ledger.MoreThanSpent) as refused, transaction.atomic():
        give_back(merchant_id, burned, 6)
    assert (refused.value.wanted, refused.value.left) == (6, 5)
    with pytest.raises(ledger.AlreadyReversed), transaction.atomic():
        reverse(merchant_id, burned)
    give_back(merchant_id, burned, 5)
    assert rests(merchant_id=merchant_id, account=account) == [(40, 0), (30, 0), (20, 0)]
    assert_sound(merchant_id=merchant_id)


def test_a_part_comes_from_the_sink_that_was_named_last(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    earn(merchant_id=merchant_id, account=of(asset), amount=100)
    first, second = (ledger.AccountKey(asset, "redeemed", f"brand:{n}") for n in (1, 2))
    txn = ledger.NewTxn(
        key="two brands",
        kind="burn",
        entries=(
            ledger.NewEntry(of(asset), -100),
            ledger.NewEntry(first, 70),
            ledger.NewEntry(second, 30),
        ),
        occurred_at=NOW,
    )
    burned = ledger.post(merchant_id=merchant_id, source=SOURCE, txn=txn, now=NOW)

    give_back(merchant_id, burned, 20)
    give_back(merchant_id, burned, 25)

    assert balance(merchant_id=merchant_id, account=first).posted == 55
    assert balance(merchant_id=merchant_id, account=second).posted == 0
    assert balance(merchant_id=merchant_id, account=of(asset)).posted == 45


def test_the_same_part_twice_goes_back_once(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    earn(merchant_id=merchant_id, account=account, amount=40)
    burned = spend(merchant_id=merchant_id, account=account, amount=40)

    first = give_back(merchant_id, burned, 10, key="return")
    again = give_back(merchant_id, burned, 10, key="return")

    assert (again.id, again.is_new, first.gives_back_id) == (first.id, False, burned.id)
    with pytest.raises(ledger.KeyTaken), transaction.atomic():
        give_back(merchant_id, burned, 11, key="return")
    with pytest.raises(ledger.NotASpend), transaction.atomic():
        give_back(merchant_id, first, 1)
    assert balance(merchant_id=merchant_id, account=account).posted == 10


def test_what_goes_back_to_a_lot_that_has_ended_cannot_be_spent(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    earn(merchant_id=merchant_id, account=account, amount=40, expires_at=SOON)
    burned = spend(merchant_id=merchant_id, account=account, amount=40)

    give_back(merchant_id, burned, 15, now=LATER)

    assert balance(merchant_id=merchant_id, account=account, now=LATER).available == 0
    swept = ledger.expire_lots(merchant_id=merchant_id, asset=account.asset, now=LATER)
    assert swept == 1
    assert balance(merchant_id=merchant_id, account=account).posted == 0
    assert_sound(merchant_id=merchant_id)


def test_with_grace_what_goes_back_to_a_lot_that_has_ended_lives_a_little_longer(
    merchant_id: int,
) -> None:
    account = of(make_points(merchant_id=merchant_id))
    earn(merchant_id=merchant_id, account=account, amount=40, expires_at=SOON)
    burned = spend(merchant_id=merchant_id, account=account, amount=40)

    give_back(merchant_id, burned, 15, now=LATER, grace=timedelta(days=14))

    (lot,) = ledger.lots_of(merchant_id=merchant_id, account=account)
    assert (lot.rest, lot.expires_at) == (15, LATER + timedelta(days=14))
    assert_sound(merchant_id=merchant_id)


def test_a_captured_hold_is_given_back_to_the_lots_that_it_kept(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    earn(merchant_id=merchant_id, account=account, amount=40, expires_at=SOON)
    earn(merchant_id=merchant_id, account=account, amount=40, expires_at=LATER)
    held = take_hold(merchant_id=merchant_id, account=account, amount=60, expires_at=SOON)
    entries = (
        ledger.NewEntry(account, -50),
        ledger.NewEntry(sink(account.asset, "redeemed"), 50),
    )
    txn = ledger.NewTxn(key="paid", kind="burn", entries=entries, occurred_at=NOW)
    paid = ledger.capture(merchant_id=merchant_id, hold_id=held.id, source=SOURCE, txn=txn, now=NOW)

    give_back(merchant_id, paid, 20)

    assert rests(merchant_id=merchant_id, account=account) == [(10, 0), (40, 0)]
    assert_sound(merchant_id=merchant_id)


def test_a_transaction_that_is_not_there_is_not_found(merchant_id: int) -> None:
    with pytest.raises(ledger.NoSuchTxn), transaction.atomic():
        ledger.reverse(
            merchant_id=merchant_id, source=SOURCE, key="x", txn_id=1, reason="", now=NOW
        )
