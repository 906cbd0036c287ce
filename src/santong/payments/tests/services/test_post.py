from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from santong.kernel.errors import FieldInvalid
from santong.payments import public as ledger
from santong.payments.models import Entry, Txn
from santong.payments.tests.factories import (
    NOW,
    SOURCE,
    balance,
    earn,
    earned,
    make_points,
    of,
    rests,
    sink,
    spend,
    spent,
)

SOON = NOW + timedelta(days=30)
LATER = NOW + timedelta(days=60)


def test_what_is_earned_can_be_spent_and_sinks_say_where_it_went(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)

    earn(merchant_id=merchant_id, account=of(asset), amount=100)
    posted = spend(merchant_id=merchant_id, account=of(asset), amount=30)

    assert posted.is_new
    found = ledger.balances(
        merchant_id=merchant_id,
        accounts=[of(asset), sink(asset, "issued"), sink(asset, "redeemed")],
        now=NOW,
    )
    assert [each.posted for each in found.values()] == [70, -100, 30]
    assert rests(merchant_id=merchant_id, account=of(asset)) == [(70, 0)]
    assert ledger.txn_by_id(merchant_id=merchant_id, txn_id=posted.id).entries == posted.entries


def test_what_ends_first_is_taken_first_and_what_never_ends_last(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    for amount, expires_at in ((10, None), (20, LATER), (40, SOON), (5, LATER)):
        earn(merchant_id=merchant_id, account=of(asset), amount=amount, expires_at=expires_at)

    spend(merchant_id=merchant_id, account=of(asset), amount=62)

    lots = ledger.lots_of(merchant_id=merchant_id, account=of(asset))
    assert [(lot.amount, lot.rest, lot.expires_at) for lot in lots] == [
        (5, 3, LATER),
        (10, 10, None),
    ]


def test_the_lots_of_one_transaction_can_be_taken_before_all_others(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    earn(merchant_id=merchant_id, account=of(asset), amount=50, expires_at=SOON)
    bought = earn(merchant_id=merchant_id, account=of(asset), amount=30, expires_at=LATER)

    spend(merchant_id=merchant_id, account=of(asset), amount=40, lots_of=bought.id)

    assert rests(merchant_id=merchant_id, account=of(asset)) == [(40, 0)]


def test_what_has_ended_is_not_spent_though_nobody_has_swept_it(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    earn(merchant_id=merchant_id, account=of(asset), amount=50, expires_at=SOON)
    earn(merchant_id=merchant_id, account=of(asset), amount=10)

    with pytest.raises(ledger.InsufficientBalance) as refused, transaction.atomic():
        spend(merchant_id=merchant_id, account=of(asset), amount=11, now=SOON)

    assert (refused.value.wanted, refused.value.available) == (11, 10)
    assert balance(merchant_id=merchant_id, account=of(asset), now=SOON).available == 10
    assert balance(merchant_id=merchant_id, account=of(asset), now=None).available == 60
    spend(merchant_id=merchant_id, account=of(asset), amount=10, now=SOON)
    assert rests(merchant_id=merchant_id, account=of(asset)) == [(50, 0)]


def test_nothing_is_left_behind_by_a_refusal(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    earn(merchant_id=merchant_id, account=of(asset), amount=10)

    with pytest.raises(ledger.InsufficientBalance), transaction.atomic():
        spend(merchant_id=merchant_id, account=of(asset), amount=11, key="once")

    assert ledger.txn_by_key(merchant_id=merchant_id, source=SOURCE, key="once") is None
    assert balance(merchant_id=merchant_id, account=of(asset)).posted == 10
    assert spend(merchant_id=merchant_id, account=of(asset), amount=10, key="once").is_new


def test_the_same_key_gives_the_first_transaction_even_when_nothing_is_left(
    merchant_id: int,
) -> None:
    asset = make_points(merchant_id=merchant_id)
    earn(merchant_id=merchant_id, account=of(asset), amount=10)

    first = spend(merchant_id=merchant_id, account=of(asset), amount=10, key="once")
    again = ledger.post(
        merchant_id=merchant_id,
        source=SOURCE,
        txn=spent(of(asset), 10, key="once", at=SOON),
        now=SOON,
    )

    assert (again.id, again.is_new, again.recorded_at) == (first.id, False, NOW)
    assert again.entries == first.entries
    assert balance(merchant_id=merchant_id, account=of(asset)).posted == 0


def test_the_same_key_with_other_content_is_refused(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    earn(merchant_id=merchant_id, account=of(asset), amount=10, key="once")

    with pytest.raises(ledger.KeyTaken), transaction.atomic():
        earn(merchant_id=merchant_id, account=of(asset), amount=11, key="once")

    assert balance(merchant_id=merchant_id, account=of(asset)).posted == 10


def test_a_debt_is_paid_and_never_overpaid(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    debt = of(asset, "debt")

    def owe(amount: int) -> ledger.Txn:
        entries = (
            ledger.NewEntry(debt, -amount),
            ledger.NewEntry(sink(asset, "clawback"), amount),
        )
        txn = ledger.NewTxn(key=f"owe-{amount}", kind="claw", entries=entries, occurred_at=NOW)
        return ledger.post(merchant_id=merchant_id, source=SOURCE, txn=txn, now=NOW)

    owe(30)
    with pytest.raises(ledger.NothingOwed) as refused, transaction.atomic():
        owe(-31)
    owe(-30)

    assert (refused.value.paid, refused.value.owed) == (31, 30)
    assert balance(merchant_id=merchant_id, account=debt).posted == 0


def test_what_matures_gets_its_end_when_it_can_be_spent(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    earn(merchant_id=merchant_id, account=of(asset, "pending"), amount=80)
    entries = (
        ledger.NewEntry(of(asset, "pending"), -80),
        ledger.NewEntry(of(asset), 80, LATER),
    )

    txn = ledger.NewTxn(key="mature", kind="mature", entries=entries, occurred_at=NOW)
    ledger.post(merchant_id=merchant_id, source=SOURCE, txn=txn, now=NOW)

    (lot,) = ledger.lots_of(merchant_id=merchant_id, account=of(asset))
    assert (lot.rest, lot.expires_at) == (80, LATER)
    assert balance(merchant_id=merchant_id, account=of(asset, "pending")).posted == 0


def test_what_does_not_balance_is_refused_before_anything_is_sent(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    entries = (ledger.NewEntry(of(asset), 10), ledger.NewEntry(sink(asset, "issued"), -9))

    with pytest.raises(ledger.NotBalanced) as refused:
        ledger.post(
            merchant_id=merchant_id,
            source=SOURCE,
            txn=ledger.NewTxn(key="odd", kind="earn", entries=entries, occurred_at=NOW),
            now=NOW,
        )

    assert (refused.value.asset, refused.value.difference) == (asset, 1)


@pytest.mark.parametrize(
    ("kind", "refusal"), [("nowhere", ledger.NoSuchAccount), ("", FieldInvalid)]
)
def test_an_account_that_no_asset_of_the_kind_has_is_refused(
    merchant_id: int, kind: str, refusal: type[Exception]
) -> None:
    asset = make_points(merchant_id=merchant_id)

    with pytest.raises(refusal), transaction.atomic():
        earn(merchant_id=merchant_id, account=of(asset, kind), amount=10)


def test_an_asset_that_nobody_opened_is_refused(merchant_id: int) -> None:
    with pytest.raises(ledger.UnknownAsset), transaction.atomic():
        earn(merchant_id=merchant_id, account=of("points:nobody"), amount=10)


def test_an_asset_is_opened_once_and_stays_what_it_is(merchant_id: int) -> None:
    first = ledger.open_asset(
        merchant_id=merchant_id, code="deposit:1", kind="deposit", currency="CNY", now=NOW
    )
    again = ledger.open_asset(
        merchant_id=merchant_id, code="deposit:1", kind="deposit", currency="CNY", now=SOON
    )

    assert again == first
    with pytest.raises(ledger.AssetTaken), transaction.atomic():
        ledger.open_asset(
            merchant_id=merchant_id, code="deposit:1", kind="deposit", currency="HKD", now=NOW
        )
    with pytest.raises(FieldInvalid), transaction.atomic():
        ledger.open_asset(
            merchant_id=merchant_id, code="points:1", kind="points", currency="CNY", now=NOW
        )


def test_the_database_refuses_entries_that_do_not_balance(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    posted = earn(merchant_id=merchant_id, account=of(asset), amount=10)
    entry = Entry.objects.of_merchant(merchant_id).filter(txn_id=posted.id, amount=10).get()

    with pytest.raises(IntegrityError, match="do not sum to nothing"), transaction.atomic():
        Entry.objects.create(
            merchant_id=merchant_id,
            txn_id=entry.txn_id,
            account_id=entry.account_id,
            asset_id=entry.asset_id,
            amount=1,
        )


def test_the_database_refuses_a_transaction_without_entries(merchant_id: int) -> None:
    def commit_one() -> None:
        Txn.objects.create(
            merchant_id=merchant_id,
            source=SOURCE,
            key="empty",
            request_hash="",
            kind="empty",
            occurred_at=NOW,
            recorded_at=NOW,
            actor="test",
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        commit_one()


def test_several_assets_balance_each_for_itself(merchant_id: int) -> None:
    points, other = make_points(merchant_id=merchant_id), make_points(merchant_id=merchant_id)
    entries = (*earned(of(points), 10).entries, *earned(of(other), 7).entries)

    txn = ledger.NewTxn(key="two", kind="earn", entries=entries, occurred_at=NOW)
    ledger.post(merchant_id=merchant_id, source=SOURCE, txn=txn, now=NOW)

    assert balance(merchant_id=merchant_id, account=of(points)).posted == 10
    assert balance(merchant_id=merchant_id, account=of(other)).posted == 7
