from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from santong.kernel.errors import FieldInvalid
from santong.payments.contracts import MOST, AccountKey, NewEntry, NewTxn
from santong.payments.rules.accounts import ACCOUNTS, kept_as
from santong.payments.rules.txns import check, hash_of, runs

NOW = datetime(2026, 11, 11, 8, tzinfo=UTC)
MINE = AccountKey("points:main", "available", "member:1")
YOURS = AccountKey("points:main", "available", "member:2")
ISSUED = AccountKey("points:main", "issued", "brand:1")


def txn(*entries: NewEntry, key: str = "key", kind: str = "earn", **more: object) -> NewTxn:
    return NewTxn(key=key, kind=kind, entries=entries, occurred_at=NOW, **more)  # type: ignore[arg-type]


def move(account: AccountKey, amount: int, lots_of: int | None = None) -> NewTxn:
    return txn(NewEntry(account, amount, lots_of=lots_of), NewEntry(ISSUED, -amount))


@pytest.mark.parametrize(
    ("broken", "pointer"),
    [
        (txn(), "/entries"),
        (txn(NewEntry(MINE, 0)), "/entries/0/amount"),
        (txn(NewEntry(MINE, MOST + 1)), "/entries/0/amount"),
        (txn(NewEntry(MINE, -1), NewEntry(ISSUED, 2), NewEntry(MINE, -1)), "/entries/2"),
        (txn(NewEntry(MINE, 1, lots_of=7), NewEntry(ISSUED, -1)), "/entries/0/lots_of"),
        (txn(NewEntry(MINE, -1, lots_of=0), NewEntry(ISSUED, 1)), "/entries/0/lots_of"),
        (txn(NewEntry(MINE, 1, datetime(2027, 1, 1))), "/entries/0/expires_at"),  # noqa: DTZ001  it is refused
        (txn(NewEntry(AccountKey("a", "b", ""), 1)), "/entries/0/owner"),
        (txn(NewEntry(MINE, 1), key=""), "/key"),
        (txn(NewEntry(MINE, 1), key="a\0b"), "/key"),
        (txn(NewEntry(MINE, 1), kind=""), "/kind"),
        (txn(NewEntry(MINE, 1), reason="x" * 201), "/reason"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(broken: NewTxn, pointer: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        check(broken, source="test")

    assert refused.value.pointer == pointer


def test_content_is_the_same_whenever_and_in_whatever_zone_it_is_said() -> None:
    china = NOW.astimezone(timezone(timedelta(hours=8)))
    first = txn(NewEntry(MINE, 1, NOW), NewEntry(ISSUED, -1))
    again = txn(NewEntry(MINE, 1, china), NewEntry(ISSUED, -1), reason="again")

    assert hash_of(first) == hash_of(again)


@pytest.mark.parametrize(
    "other",
    [
        txn(NewEntry(MINE, 2), NewEntry(ISSUED, -2)),
        txn(NewEntry(YOURS, 1), NewEntry(ISSUED, -1)),
        txn(NewEntry(MINE, 1, NOW), NewEntry(ISSUED, -1)),
        txn(NewEntry(ISSUED, -1), NewEntry(MINE, 1)),
        txn(NewEntry(MINE, 1), NewEntry(ISSUED, -1), kind="gift"),
        txn(NewEntry(MINE, 1), NewEntry(ISSUED, -1), reference="order:1"),
    ],
)
def test_other_content_is_another_content(other: NewTxn) -> None:
    assert hash_of(other) != hash_of(txn(NewEntry(MINE, 1), NewEntry(ISSUED, -1)))


def test_a_run_ends_where_a_batch_spends_what_it_has_earned() -> None:
    batch = [move(MINE, 5), move(YOURS, 5), move(MINE, -1), move(MINE, -1), move(YOURS, -1)]

    assert [len(run) for run in runs(batch, with_lots={MINE, YOURS})] == [2, 3]
    assert [len(run) for run in runs(batch, with_lots=set())] == [5]


def test_a_spend_that_prefers_lots_is_the_only_one_of_its_account_in_a_run() -> None:
    batch = [move(MINE, -1), move(MINE, -1, lots_of=7), move(YOURS, -1), move(MINE, -1)]

    assert [len(run) for run in runs(batch, with_lots={MINE, YOURS})] == [1, 2, 1]


def test_every_kind_of_asset_says_how_its_accounts_are_kept() -> None:
    for asset_kind, accounts in ACCOUNTS.items():
        for kind, kept in accounts.items():
            account = AccountKey("asset", kind, "owner")
            assert kept_as(account, asset_kind=asset_kind) == kept


@pytest.mark.parametrize("owner", ["", "a\0b", "x" * 81])
def test_an_owner_is_a_text_that_can_be_stored(owner: str) -> None:
    with pytest.raises(FieldInvalid):
        kept_as(AccountKey("points:main", "available", owner), asset_kind="points")
