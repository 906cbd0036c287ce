from __future__ import annotations

from datetime import timedelta

from santong.payments import public as ledger
from santong.payments.events import HoldExpired, LotsExpired
from santong.payments.tests.factories import (
    NOW,
    assert_sound,
    balance,
    earn,
    facts_told,
    make_points,
    of,
    rests,
    spend,
    take_hold,
)

QUARTER = NOW + timedelta(minutes=15)
SOON = NOW + timedelta(days=30)
LATER = NOW + timedelta(days=60)


def test_what_has_ended_goes_to_the_sink_once(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    for amount, expires_at in ((40, SOON), (30, LATER), (20, None)):
        earn(merchant_id=merchant_id, account=account, amount=amount, expires_at=expires_at)
    spend(merchant_id=merchant_id, account=account, amount=15)

    swept = [
        ledger.expire_lots(merchant_id=merchant_id, asset=account.asset, now=SOON) for _ in range(3)
    ]

    assert swept == [1, 0, 0]
    assert rests(merchant_id=merchant_id, account=account) == [(30, 0), (20, 0)]
    expired = ledger.AccountKey(account.asset, "expired", "pool")
    assert balance(merchant_id=merchant_id, account=expired).posted == 25
    (told,) = facts_told(merchant_id=merchant_id, kind=LotsExpired)
    assert (told.owner, told.amount) == (account.owner, 25)
    assert_sound(merchant_id=merchant_id)


def test_a_sweep_takes_what_ended_first_of_many_owners(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    for n in range(4):
        earn(
            merchant_id=merchant_id,
            account=of(asset, owner=f"member:{n}"),
            amount=10,
            expires_at=SOON - timedelta(days=n),
        )

    swept = ledger.expire_lots(merchant_id=merchant_id, asset=asset, now=LATER, limit=3)

    assert swept == 3
    left = balance(merchant_id=merchant_id, account=of(asset, owner="member:0"))
    assert left.posted == 10


def test_what_is_held_of_a_lot_outlives_the_sweep(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    earn(merchant_id=merchant_id, account=account, amount=40, expires_at=SOON)
    take_hold(merchant_id=merchant_id, account=account, amount=30, expires_at=LATER)

    swept = ledger.expire_lots(merchant_id=merchant_id, asset=account.asset, now=SOON)

    assert swept == 1
    assert rests(merchant_id=merchant_id, account=account) == [(30, 30)]
    assert ledger.expire_lots(merchant_id=merchant_id, asset=account.asset, now=SOON) == 0


def test_a_hold_that_runs_out_frees_what_it_kept_once(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    earn(merchant_id=merchant_id, account=account, amount=40, expires_at=SOON)
    held = take_hold(merchant_id=merchant_id, account=account, amount=30, expires_at=QUARTER)

    too_early = ledger.expire_holds(merchant_id=merchant_id, now=NOW)
    swept = [ledger.expire_holds(merchant_id=merchant_id, now=QUARTER) for _ in range(2)]

    assert (too_early, swept) == (0, [1, 0])
    assert ledger.hold_by_id(merchant_id=merchant_id, hold_id=held.id).state == "expired"
    assert rests(merchant_id=merchant_id, account=account) == [(40, 0)]
    (told,) = facts_told(merchant_id=merchant_id, kind=HoldExpired)
    assert (told.hold_id, told.amount) == (held.id, 30)
    assert_sound(merchant_id=merchant_id)


def test_two_holds_on_one_lot_that_ended_expire_together(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    earn(merchant_id=merchant_id, account=account, amount=40, expires_at=SOON)
    for amount in (10, 15):
        take_hold(merchant_id=merchant_id, account=account, amount=amount, expires_at=LATER)

    swept = ledger.expire_holds(merchant_id=merchant_id, now=LATER)

    assert swept == 2
    assert rests(merchant_id=merchant_id, account=account) == [(15, 0)]
    expired = ledger.AccountKey(account.asset, "expired", "pool")
    assert balance(merchant_id=merchant_id, account=expired).posted == 25
    assert_sound(merchant_id=merchant_id)


def test_who_is_about_to_lose_what(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    first, second = of(asset, owner="member:1"), of(asset, owner="member:2")
    earn(merchant_id=merchant_id, account=first, amount=40, expires_at=SOON)
    earn(merchant_id=merchant_id, account=first, amount=10, expires_at=LATER)
    earn(merchant_id=merchant_id, account=second, amount=7, expires_at=SOON)
    take_hold(merchant_id=merchant_id, account=second, amount=5, expires_at=QUARTER)

    found = ledger.expiring(merchant_id=merchant_id, asset=asset, after=NOW, before=LATER, limit=10)

    assert [(each.owner, each.amount, each.first_expires_at) for each in found] == [
        ("member:1", 40, SOON),
        ("member:2", 2, SOON),
    ]


def test_totals_of_an_asset_come_to_nothing(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    earn(merchant_id=merchant_id, account=of(asset), amount=40, expires_at=SOON)
    earn(merchant_id=merchant_id, account=of(asset, owner="member:2"), amount=5)
    spend(merchant_id=merchant_id, account=of(asset), amount=15)
    ledger.expire_lots(merchant_id=merchant_id, asset=asset, now=SOON)

    found = ledger.totals(merchant_id=merchant_id, asset=asset)

    assert [(total.kind, total.owner, total.amount) for total in found] == [
        ("available", "", 5),
        ("expired", "pool", 25),
        ("issued", "brand:1", -45),
        ("redeemed", "brand:1", 15),
    ]


def test_an_accounts_statement_is_read_page_by_page(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    for amount in (1, 2, 3):
        earn(merchant_id=merchant_id, account=account, amount=amount)

    first = ledger.entries_page(merchant_id=merchant_id, account=account, limit=2)
    rest = ledger.entries_page(
        merchant_id=merchant_id, account=account, limit=2, before_id=first[-1].id
    )

    assert [entry.amount for entry in (*first, *rest)] == [3, 2, 1]
    nobody = of(account.asset, owner="member:9")
    assert ledger.entries_page(merchant_id=merchant_id, account=nobody) == []
