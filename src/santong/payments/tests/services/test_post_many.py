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
    earned,
    make_points,
    of,
    rests,
    spent,
)

SOON = NOW + timedelta(days=30)
LATER = NOW + timedelta(days=60)


def post_many(merchant_id: int, *txns: ledger.NewTxn) -> list[ledger.Txn]:
    return ledger.post_many(merchant_id=merchant_id, source=SOURCE, txns=txns, now=NOW)


def test_many_openings_are_posted_at_once(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    members = [of(asset, owner=f"member:{n}") for n in range(50)]

    posted = post_many(merchant_id, *[earned(account, 10 + n) for n, account in enumerate(members)])

    assert [txn.is_new for txn in posted] == [True] * 50
    assert sorted(txn.id for txn in posted) == [txn.id for txn in posted]
    found = ledger.balances(merchant_id=merchant_id, accounts=members, now=NOW)
    assert [each.posted for each in found.values()] == list(range(10, 60))
    assert_sound(merchant_id=merchant_id)


def test_several_spends_of_one_account_take_lots_one_after_the_other(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    for amount, expires_at in ((10, SOON), (10, LATER), (10, None)):
        earn(merchant_id=merchant_id, account=account, amount=amount, expires_at=expires_at)

    first, second, third = post_many(
        merchant_id, spent(account, 4), spent(account, 13), spent(account, 5)
    )

    assert rests(merchant_id=merchant_id, account=account) == [(8, 0)]
    ledger.reverse(
        merchant_id=merchant_id,
        source=SOURCE,
        key="undo",
        txn_id=second.id,
        reason="test",
        now=NOW,
    )
    assert first.id < second.id < third.id
    assert rests(merchant_id=merchant_id, account=account) == [(6, 0), (7, 0), (8, 0)]
    assert_sound(merchant_id=merchant_id)


def test_what_a_batch_earns_a_later_one_of_it_may_spend(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))

    post_many(
        merchant_id,
        earned(account, 10, expires_at=LATER),
        spent(account, 4),
        earned(account, 10, expires_at=SOON),
        spent(account, 5),
    )

    assert rests(merchant_id=merchant_id, account=account) == [(5, 0), (6, 0)]


def test_a_spend_before_it_is_earned_is_refused_with_the_whole_batch(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    pending = of(account.asset, "pending")

    with pytest.raises(ledger.InsufficientBalance) as refused, transaction.atomic():
        post_many(merchant_id, earned(account, 3), spent(account, 4), earned(account, 10))
    with pytest.raises(ledger.InsufficientBalance), transaction.atomic():
        post_many(merchant_id, spent(pending, 4), earned(pending, 10))

    assert (refused.value.wanted, refused.value.available) == (4, 3)
    assert balance(merchant_id=merchant_id, account=account).posted == 0
    assert balance(merchant_id=merchant_id, account=pending).posted == 0


def test_a_spend_that_prefers_lots_stands_between_others(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    earn(merchant_id=merchant_id, account=account, amount=10, expires_at=SOON)
    late = earn(merchant_id=merchant_id, account=account, amount=10, expires_at=LATER)

    post_many(
        merchant_id,
        spent(account, 2),
        spent(account, 3, lots_of=late.id),
        spent(account, 1),
    )

    assert rests(merchant_id=merchant_id, account=account) == [(7, 0), (7, 0)]


def test_keys_that_come_again_stand_for_what_is_there(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    before = earn(merchant_id=merchant_id, account=account, amount=10, key="a")

    posted = post_many(
        merchant_id,
        earned(account, 10, key="a"),
        earned(account, 5, key="b"),
        earned(account, 5, key="b"),
    )

    assert [txn.is_new for txn in posted] == [False, True, True]
    assert (posted[0].id, posted[1]) == (before.id, posted[2])
    assert balance(merchant_id=merchant_id, account=account).posted == 15
    for txns in (
        [earned(account, 6, key="b")],
        [earned(account, 1, key="c"), spent(account, 1, key="c")],
    ):
        with pytest.raises(ledger.KeyTaken), transaction.atomic():
            post_many(merchant_id, *txns)


def test_nothing_is_asked_of_nothing(merchant_id: int) -> None:
    assert post_many(merchant_id) == []
