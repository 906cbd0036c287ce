"""What is contended is posted exactly: real threads, real commits."""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from santong.kernel import tenancy
from santong.payments import public as ledger
from santong.payments.tests.factories import (
    NOW,
    SOURCE,
    assert_sound,
    balance,
    earn,
    earned,
    make_points,
    new_key,
    of,
    rests,
    spent,
    take_hold,
)

AtOnce = Callable[..., list[Any]]
ROUNDS = int(os.environ.get("SANTONG_RACE_ROUNDS", "6"))
MANY = 50
SOON = NOW + timedelta(days=30)
LATER = NOW + timedelta(days=60)


def in_scope(
    merchant: int, command: Callable[..., Any], *, now: datetime = NOW, **asked: Any
) -> Callable[[], Any]:
    """A command as another process would run it: in a scope and transaction of its own."""

    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return command(merchant_id=merchant, now=now, **asked)

    return run


def posts(merchant: int, txn: ledger.NewTxn, *, now: datetime = NOW) -> Callable[[], Any]:
    return in_scope(merchant, ledger.post, source=SOURCE, txn=txn, now=now)


def with_lots(merchant: int, *lots: tuple[int, datetime | None]) -> ledger.AccountKey:
    with tenancy.scope(merchant_id=merchant):
        account = of(make_points(merchant_id=merchant))
        for amount, expires_at in lots:
            earn(merchant_id=merchant, account=account, amount=amount, expires_at=expires_at)
    return account


def stand(merchant: int, account: ledger.AccountKey, *, now: datetime = NOW) -> ledger.Balance:
    with tenancy.scope(merchant_id=merchant):
        assert_sound(merchant_id=merchant, now=now)
        return balance(merchant_id=merchant, account=account, now=now)


def done(results: list[Any]) -> list[Any]:
    """What was done; everything else was refused because nothing was left."""
    surprises = [
        each
        for each in results
        if isinstance(each, Exception) and not isinstance(each, ledger.InsufficientBalance)
    ]
    assert surprises == []
    return [each for each in results if not isinstance(each, Exception)]


def test_fifty_who_spend_at_once_spend_exactly_what_is_there(
    merchant: int, at_once: AtOnce
) -> None:
    account = with_lots(merchant, *[(7, SOON + timedelta(days=n)) for n in range(30)])

    results = at_once(*[posts(merchant, spent(account, 10)) for _ in range(MANY)])

    assert len(done(results)) == 21
    assert stand(merchant, account).posted == 0


def test_fifty_spends_holds_and_captures_never_overdraw(merchant: int, at_once: AtOnce) -> None:
    account = with_lots(merchant, (100, SOON), (150, LATER), (83, None))

    def hold_and_capture(amount: int) -> Callable[[], int]:
        def run() -> int:
            with tenancy.scope(merchant_id=merchant):
                held = take_hold(
                    merchant_id=merchant, account=account, amount=amount, expires_at=SOON
                )
            in_scope(
                merchant,
                ledger.capture,
                hold_id=held.id,
                source=SOURCE,
                txn=spent(account, amount - 1),
            )()
            return amount - 1

        return run

    results = at_once(
        *[hold_and_capture(9) for _ in range(MANY // 2)],
        *[posts(merchant, spent(account, 8)) for _ in range(MANY // 2)],
    )

    spends = len(done(results))
    left = stand(merchant, account)
    assert left.posted == 333 - 8 * spends
    assert left.held == 0
    # Whoever was refused found 8 at most; a hold that stood then has given one back since.
    assert left.posted <= 8 + MANY // 2 or spends == MANY
    assert isinstance(posts(merchant, spent(account, left.posted))(), ledger.Txn)


def test_the_same_key_at_once_is_one_transaction(merchant: int, at_once: AtOnce) -> None:
    account = with_lots(merchant, (1_000, None))

    for _ in range(ROUNDS):
        txn = spent(account, 10, key=new_key())
        results = at_once(*[posts(merchant, txn) for _ in range(8)])

        assert len({each.id for each in results}) == 1
        assert sum(each.is_new for each in results) == 1
    assert stand(merchant, account).posted == 1_000 - 10 * ROUNDS


def test_a_key_with_two_contents_at_once_stands_for_one_of_them(
    merchant: int, at_once: AtOnce
) -> None:
    mine = with_lots(merchant, (1_000, None))
    yours = of(mine.asset, owner="member:2")

    for _ in range(ROUNDS):
        key = new_key()
        results = at_once(
            posts(merchant, earned(mine, 5, key=key)), posts(merchant, earned(yours, 5, key=key))
        )

        refused = [each for each in results if isinstance(each, ledger.KeyTaken)]
        assert len(refused) == 1
        assert len([each for each in results if isinstance(each, ledger.Txn)]) == 1
    stand(merchant, mine)


def test_crossed_transfers_wait_for_one_another_and_never_block_one_another(
    merchant: int, at_once: AtOnce
) -> None:
    first = with_lots(merchant, (1_000, None))
    accounts = [of(first.asset, owner=f"member:{n}") for n in range(1, 7)]
    for account in accounts[1:]:
        posts(merchant, earned(account, 1_000))()

    def transfers(seed: int) -> Callable[[], int]:
        dice = random.Random(seed)

        def run() -> int:
            for _ in range(12):
                giver, taker = dice.sample(accounts, 2)
                entries = (ledger.NewEntry(giver, -3), ledger.NewEntry(taker, 3))
                posts(
                    merchant,
                    ledger.NewTxn(key=new_key(), kind="transfer", entries=entries, occurred_at=NOW),
                )()
            return 12

        return run

    results = at_once(*[transfers(seed) for seed in range(8)])

    assert results == [12] * 8
    with tenancy.scope(merchant_id=merchant):
        found = ledger.balances(merchant_id=merchant, accounts=accounts, now=NOW)
    assert sum(each.posted for each in found.values()) == 6_000
    stand(merchant, first)


def test_crossed_batches_that_open_accounts_never_block_one_another(
    merchant: int, at_once: AtOnce
) -> None:
    asset = with_lots(merchant).asset
    members = [of(asset, owner=f"member:{n}") for n in range(40)]

    def batch(seed: int) -> Callable[[], Any]:
        mixed = random.Random(seed).sample(members, 30)
        return in_scope(
            merchant,
            ledger.post_many,
            source=SOURCE,
            txns=[earned(account, 1) for account in mixed],
        )

    results = at_once(*[batch(seed) for seed in range(8)])

    assert [len(each) for each in results] == [30] * 8
    with tenancy.scope(merchant_id=merchant):
        found = ledger.balances(merchant_id=merchant, accounts=members, now=NOW)
    assert sum(each.posted for each in found.values()) == 240
    stand(merchant, members[0])


def test_two_sweepers_and_a_spender_take_each_lot_once(merchant: int, at_once: AtOnce) -> None:
    for _ in range(ROUNDS):
        account = with_lots(merchant, (40, SOON), (30, LATER))
        sweep = in_scope(merchant, ledger.expire_lots, asset=account.asset, now=SOON)

        *swept, burned = at_once(sweep, sweep, sweep, posts(merchant, spent(account, 30), now=SOON))
        while sweep():
            pass

        assert isinstance(burned, ledger.Txn)
        assert sum(swept) <= 1
        assert stand(merchant, account, now=SOON).posted == 0
        with tenancy.scope(merchant_id=merchant):
            expired = ledger.AccountKey(account.asset, "expired", "pool")
            assert balance(merchant_id=merchant, account=expired).posted == 40


def test_a_spender_before_the_end_and_a_sweeper_after_it_share_a_lot_exactly(
    merchant: int, at_once: AtOnce
) -> None:
    """Clocks differ: one process still spends what another already sweeps."""
    for _ in range(ROUNDS):
        account = with_lots(merchant, (40, SOON))

        burned, _ = at_once(
            posts(merchant, spent(account, 15)),
            in_scope(merchant, ledger.expire_lots, asset=account.asset, now=SOON),
        )
        in_scope(merchant, ledger.expire_lots, asset=account.asset, now=SOON)()

        spends = len(done([burned]))
        with tenancy.scope(merchant_id=merchant):
            expired = ledger.AccountKey(account.asset, "expired", "pool")
            assert balance(merchant_id=merchant, account=expired).posted == 40 - 15 * spends
        assert stand(merchant, account, now=SOON).posted == 0


def test_a_capture_a_release_and_the_sweeper_end_a_hold_once(
    merchant: int, at_once: AtOnce
) -> None:
    account = with_lots(merchant, (1_000, None))
    captured = 0
    for n in range(ROUNDS):
        with tenancy.scope(merchant_id=merchant):
            held = take_hold(
                merchant_id=merchant,
                account=account,
                amount=10,
                expires_at=NOW + timedelta(minutes=n + 1),
            )
        late = NOW + timedelta(minutes=n + 1)

        paid, released, _ = at_once(
            in_scope(
                merchant, ledger.capture, hold_id=held.id, source=SOURCE, txn=spent(account, 10)
            ),
            in_scope(merchant, ledger.release, hold_id=held.id, reason="test"),
            in_scope(merchant, ledger.expire_holds, now=late),
        )

        was_captured = isinstance(paid, ledger.Txn)
        captured += was_captured
        assert isinstance(paid, ledger.HoldEnded | ledger.Txn)
        assert isinstance(released, ledger.HoldEnded) is was_captured
    left = stand(merchant, account)
    assert (left.posted, left.held) == (1_000 - 10 * captured, 0)


def test_a_spend_is_undone_once_whole_or_in_parts_whoever_asks(
    merchant: int, at_once: AtOnce
) -> None:
    account = with_lots(merchant, (100, SOON), (100, LATER))
    numbers = itertools.count(1)

    for _ in range(ROUNDS):
        burned = posts(merchant, spent(account, 120))()
        undo: dict[str, Any] = {"source": SOURCE, "txn_id": burned.id, "reason": "test"}

        def reverse(undo: dict[str, Any] = undo) -> Callable[[], Any]:
            return in_scope(merchant, ledger.reverse, key=f"u{next(numbers)}", **undo)

        def give_back(amount: int, undo: dict[str, Any] = undo) -> Callable[[], Any]:
            key = f"u{next(numbers)}"
            return in_scope(merchant, ledger.give_back, key=key, amount=amount, **undo)

        results = at_once(reverse(), reverse(), give_back(70), give_back(70))

        undone = [each for each in results if isinstance(each, ledger.Txn)]
        refusals = ledger.AlreadyReversed | ledger.MoreThanSpent
        assert len(undone) == 1
        assert sum(isinstance(each, refusals) for each in results) == 3
        missing = 200 - stand(merchant, account).posted
        assert missing in {0, 50}
        if missing:
            give_back(missing)()
        with tenancy.scope(merchant_id=merchant):
            assert rests(merchant_id=merchant, account=account) == [(100, 0), (100, 0)]


def test_an_account_opens_once_however_many_write_to_it_first(
    merchant: int, at_once: AtOnce
) -> None:
    asset = with_lots(merchant).asset

    for n in range(ROUNDS):
        account = of(asset, owner=f"member:new-{n}")
        results = at_once(*[posts(merchant, earned(account, 5)) for _ in range(6)])

        assert len(done(results)) == 6
        assert stand(merchant, account).posted == 30


def test_what_is_decided_under_the_lock_can_be_posted(merchant: int, at_once: AtOnce) -> None:
    account = with_lots(merchant, (100, None))
    debt = of(account.asset, "debt")

    def claw_back() -> int:
        with tenancy.scope(merchant_id=merchant):
            found = ledger.lock_accounts(merchant_id=merchant, accounts=[account, debt], now=NOW)
            taken = min(30, found[account].available)
            clawback = ledger.AccountKey(account.asset, "clawback", "brand:1")
            entries = [ledger.NewEntry(clawback, 30)]
            if taken:
                entries.append(ledger.NewEntry(account, -taken))
            if taken < 30:
                entries.append(ledger.NewEntry(debt, taken - 30))
            txn = ledger.NewTxn(
                key=new_key(), kind="claw_back", entries=tuple(entries), occurred_at=NOW
            )
            ledger.post(merchant_id=merchant, source=SOURCE, txn=txn, now=NOW)
            return taken

    results = at_once(*[claw_back] * 10)

    assert sorted(results, reverse=True) == [30, 30, 30, 10, 0, 0, 0, 0, 0, 0]
    assert stand(merchant, account).posted == 0
    assert stand(merchant, debt).posted == -200
