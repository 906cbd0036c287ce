"""Accounts that may stand on either side of nothing: what a party of a split is owed, or owes."""

from __future__ import annotations

from datetime import datetime

import pytest

from santong.payments import public as payments

MONEY = "money:CNY"
DEALER = payments.AccountKey(MONEY, "payable", "party:7")
SALE = payments.AccountKey(MONEY, "shared", "order:1")


def moved(key: str, amount: int, now: datetime) -> payments.NewTxn:
    return payments.NewTxn(
        key=key,
        kind="share",
        entries=(payments.NewEntry(DEALER, amount), payments.NewEntry(SALE, -amount)),
        occurred_at=now,
    )


def test_may_fall_below_nothing_and_come_back(merchant_id: int, now: datetime) -> None:
    payments.open_asset(merchant_id=merchant_id, code=MONEY, kind="money", currency="CNY", now=now)
    stands = []

    for key, amount in (("sale", 500), ("refund", -800), ("sale again", 400)):
        payments.post(merchant_id=merchant_id, source="test", txn=moved(key, amount, now), now=now)
        balance = payments.balances(merchant_id=merchant_id, accounts=[DEALER], now=now)[DEALER]
        stands.append(balance.posted)

    assert stands == [500, -300, 100]
    assert payments.rebuild(merchant_id=merchant_id) == []
    assert payments.check_invariants(merchant_id=merchant_id, now=now) == []


def test_is_reversed_also_where_it_then_stands_below_nothing(
    merchant_id: int, now: datetime
) -> None:
    payments.open_asset(merchant_id=merchant_id, code=MONEY, kind="money", currency="CNY", now=now)
    sale = payments.post(merchant_id=merchant_id, source="test", txn=moved("s", 500, now), now=now)
    payments.post(merchant_id=merchant_id, source="test", txn=moved("out", -500, now), now=now)

    payments.reverse(
        merchant_id=merchant_id, source="test", key="undo", txn_id=sale.id, reason="wrong", now=now
    )

    balance = payments.balances(merchant_id=merchant_id, accounts=[DEALER], now=now)[DEALER]
    assert balance.posted == -500


def test_nothing_of_it_can_be_held(merchant_id: int, now: datetime) -> None:
    payments.open_asset(merchant_id=merchant_id, code=MONEY, kind="money", currency="CNY", now=now)
    payments.post(merchant_id=merchant_id, source="test", txn=moved("s", 500, now), now=now)

    with pytest.raises(payments.NoSuchAccount):
        payments.hold(
            merchant_id=merchant_id,
            source="test",
            key="h",
            account=DEALER,
            amount=100,
            expires_at=now.replace(year=now.year + 1),
            now=now,
        )
