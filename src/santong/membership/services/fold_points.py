"""What a member has in the ledger follows to the member who carries on, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from santong.membership.selectors.programmes import pools, programmes
from santong.payments import public as payments

SOURCE = "membership.merge"
# A transaction takes two entries more than it opens lots.
MOST_LOTS = 100
LOTS = "available"


def fold_points(
    *, merchant_id: int, from_member_id: int, to_member_id: int, key: str, now: datetime
) -> list[int]:
    """Transfer all that a member has and owes, each lot with its end; say by which transactions.

    What is held stays until its hold ends, and follows later. Locks accounts of the ledger.
    """
    mine = _accounts_in_use(merchant_id, from_member_id)
    theirs = {each: _of(each, to_member_id) for each in mine}
    asked = [*mine, *theirs.values()]
    there = payments.lock_accounts(merchant_id=merchant_id, accounts=asked, now=now)
    posted: list[int] = []
    for account in mine:
        for entries in _transfers(merchant_id, there[account], theirs[account], now):
            txn = payments.NewTxn(
                key=f"{key}:{len(posted)}",
                kind="merge",
                entries=entries,
                occurred_at=now,
                reference=f"member:{from_member_id}",
            )
            done = payments.post(merchant_id=merchant_id, source=SOURCE, txn=txn, now=now)
            posted.append(done.id)
    return posted


def unfold_points(*, merchant_id: int, txn_ids: Sequence[int], now: datetime) -> None:
    """Transfer back what `fold_points` moved, lot by lot, as far as it has not been spent since.

    Locks accounts of the ledger.
    """
    for txn_id in reversed(txn_ids):
        folded = payments.txn_by_id(merchant_id=merchant_id, txn_id=txn_id)
        entries = _returns(merchant_id, folded, now)
        if entries:
            txn = payments.NewTxn(
                key=f"undo:{txn_id}",
                kind="merge_undone",
                entries=entries,
                occurred_at=now,
                reference=folded.reference,
            )
            payments.post(merchant_id=merchant_id, source=SOURCE, txn=txn, now=now)


def _accounts_in_use(merchant_id: int, member_id: int) -> list[payments.AccountKey]:
    owner = f"member:{member_id}"
    every = [
        payments.AccountKey(pool.points_asset, kind, owner)
        for pool in pools(merchant_id=merchant_id)
        for kind in ("pending", "debt", LOTS)
    ] + [
        payments.AccountKey(programme.experience_asset, "earned", owner)
        for programme in programmes(merchant_id=merchant_id)
    ]
    found = payments.balances(merchant_id=merchant_id, accounts=every)
    return [account for account in every if found[account].posted]


def _transfers(
    merchant_id: int, mine: payments.Balance, theirs: payments.AccountKey, now: datetime
) -> Iterator[tuple[payments.NewEntry, ...]]:
    account = mine.account
    if account.kind != LOTS:
        if mine.available:
            yield (
                payments.NewEntry(account, -mine.available),
                payments.NewEntry(theirs, mine.available),
            )
        return
    # In the order in which they are taken, so that each end goes over with its amount.
    free = [
        payments.NewEntry(theirs, lot.rest - lot.held, expires_at=lot.expires_at)
        for lot in payments.lots_of(merchant_id=merchant_id, account=account)
        if lot.rest > lot.held and (lot.expires_at is None or lot.expires_at > now)
    ]
    for start in range(0, len(free), MOST_LOTS):
        part = free[start : start + MOST_LOTS]
        yield (payments.NewEntry(account, -sum(entry.amount for entry in part)), *part)


def _returns(
    merchant_id: int, folded: payments.Txn, now: datetime
) -> tuple[payments.NewEntry, ...]:
    """What the keeper gives back of one transaction, to whoever gave it."""
    given = [entry for entry in folded.entries if _owner(entry) != folded.reference]
    keeper = given[0].account
    giver = payments.AccountKey(keeper.asset, keeper.kind, folded.reference)
    locked = payments.lock_accounts(merchant_id=merchant_id, accounts=[keeper, giver], now=now)
    there = locked[keeper].available
    backs: list[payments.NewEntry] = []
    for entry in given:
        amount = _nearest(entry.amount, there)
        there -= amount
        if amount:
            backs.append(payments.NewEntry(giver, amount, expires_at=entry.expires_at))
    total = sum(back.amount for back in backs)
    lots = folded.id if keeper.kind == LOTS else None
    return (payments.NewEntry(keeper, -total, lots_of=lots), *backs) if backs else ()


def _nearest(wanted: int, there: int) -> int:
    """As much of what is wanted as is there: of points, or of a debt, which is below zero."""
    return min(wanted, max(there, 0)) if wanted > 0 else max(wanted, min(there, 0))


def _owner(entry: payments.Entry) -> str:
    return entry.account.owner


def _of(account: payments.AccountKey, member_id: int) -> payments.AccountKey:
    return payments.AccountKey(account.asset, account.kind, f"member:{member_id}")
