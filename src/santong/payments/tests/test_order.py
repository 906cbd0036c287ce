"""In which order a day's transactions arrive does not change what anybody has at its end."""

from __future__ import annotations

import random
from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.payments import public as ledger
from santong.payments.tests.factories import (
    NOW,
    SOURCE,
    assert_sound,
    balance,
    earned,
    make_points,
    of,
    rests,
    spent,
)

amounts = st.lists(st.integers(1, 20), min_size=1, max_size=6)
days = st.lists(st.none() | st.integers(1, 30), min_size=6, max_size=6)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(earnings=amounts, spends=amounts, ends=days, shuffle=st.randoms(use_true_random=False))
def test_the_order_of_spends_changes_neither_balances_nor_lots(
    merchant_id: int,
    earnings: list[int],
    spends: list[int],
    ends: list[int | None],
    shuffle: random.Random,
) -> None:
    stands = []
    whole = sum(spends)
    mixed = list(spends)
    shuffle.shuffle(mixed)
    for order in (spends, mixed):
        with transaction.atomic():
            account = of(make_points(merchant_id=merchant_id))
            lots = [
                earned(
                    account,
                    amount + whole,
                    expires_at=None if end is None else NOW + timedelta(days=end),
                )
                for amount, end in zip(earnings, ends, strict=False)
            ]
            ledger.post_many(merchant_id=merchant_id, source=SOURCE, txns=lots, now=NOW)
            for amount in order:
                txn = spent(account, amount)
                ledger.post(merchant_id=merchant_id, source=SOURCE, txn=txn, now=NOW)
            posted = balance(merchant_id=merchant_id, account=account).posted
            stands.append((posted, list(rests(merchant_id=merchant_id, account=account))))

    assert stands[0] == stands[1]
    assert stands[0][0] == sum(earnings) + whole * (len(earnings) - 1)
    assert_sound(merchant_id=merchant_id)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(earnings=amounts, spends=amounts, ends=days)
def test_a_batch_is_the_same_as_one_by_one(
    merchant_id: int, earnings: list[int], spends: list[int], ends: list[int | None]
) -> None:
    stands = []
    for at_once in (True, False):
        account = of(make_points(merchant_id=merchant_id))
        txns = [
            earned(
                account,
                amount + sum(spends),
                expires_at=None if end is None else NOW + timedelta(days=end),
            )
            for amount, end in zip(earnings, ends, strict=False)
        ] + [spent(account, amount) for amount in spends]
        if at_once:
            ledger.post_many(merchant_id=merchant_id, source=SOURCE, txns=txns, now=NOW)
        else:
            for txn in txns:
                ledger.post(merchant_id=merchant_id, source=SOURCE, txn=txn, now=NOW)
        stands.append(list(rests(merchant_id=merchant_id, account=account)))

    assert stands[0] == stands[1]
    assert_sound(merchant_id=merchant_id)
