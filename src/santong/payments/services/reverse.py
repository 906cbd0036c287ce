"""Undo a transaction whole."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import AccountKey, Txn
from santong.payments.errors import (
    AlreadyReversed,
    InsufficientBalance,
    NothingOwed,
    NotReversible,
)
from santong.payments.rules.txns import check_naming, content_hash
from santong.payments.selectors.balances import balances
from santong.payments.selectors.txns import txn_by_id
from santong.payments.selectors.written import (
    Written,
    is_given_back,
    is_reversed,
    lots_opened_by,
    uses_of,
    written,
)
from santong.payments.services.as_posted import as_new
from santong.payments.services.lock import lock_ids
from santong.payments.services.record import Booked, Decided, Use, record
from santong.payments.services.refuse import posted_before


@all_or_nothing
def reverse(
    *, merchant_id: int, source: str, key: str, txn_id: int, reason: str, now: datetime
) -> Txn:
    """Post the opposite of a transaction, once.

    What it took goes back into the same lots with their old ends; what it put into lots is taken
    from these lots, and is still there whole, or nothing is reversed. The same key gives the
    reversal that is there.

    Raises NoSuchTxn, NotReversible (a reversal, or what went back), AlreadyReversed (also in part),
    InsufficientBalance, NothingOwed, KeyTaken, FieldInvalid, Busy. Locks accounts that keep a
    balance.
    """
    check_naming(source=source, key=key, reason=reason)
    undone = written(merchant_id=merchant_id, txn_id=txn_id)
    lock_ids(merchant_id=merchant_id, account_ids=[entry.account_id for entry in undone.entries])
    request_hash = content_hash("reverse", (), txn_id)
    before = posted_before(merchant_id=merchant_id, source=source, hash_by_key={key: request_hash})
    if before:
        return before[key]
    if undone.is_correction:
        raise NotReversible(txn_id=txn_id)
    if is_reversed(merchant_id=merchant_id, txn_id=txn_id) or is_given_back(
        merchant_id=merchant_id, txn_id=txn_id
    ):
        raise AlreadyReversed(txn_id=txn_id)
    uses = [*_put_back(merchant_id, txn_id), *_taken_out(merchant_id, undone)]
    _refuse_if_short(merchant_id, undone, now)
    (reversal_id,) = record(
        merchant_id=merchant_id,
        source=source,
        txns=[
            Decided(
                key=key,
                request_hash=request_hash,
                kind="reverse",
                entries=[Booked(entry.account_id, -entry.amount) for entry in undone.entries],
                uses=uses,
                reference=undone.reference,
                reason=reason,
                occurred_at=now,
                reverses_id=txn_id,
            )
        ],
        now=now,
    )
    return as_new(txn_by_id(merchant_id=merchant_id, txn_id=reversal_id))


def _put_back(merchant_id: int, txn_id: int) -> list[Use]:
    parts = uses_of(merchant_id=merchant_id, txn_id=txn_id)
    return [Use(part.lot_id, -part.amount) for part in parts]


def _taken_out(merchant_id: int, undone: Written) -> list[Use]:
    uses = []
    account_by_id = {entry.account_id: entry.account for entry in undone.entries}
    for lot in lots_opened_by(merchant_id=merchant_id, txn_id=undone.id):
        if lot.rest - lot.held < lot.amount:
            account = account_by_id[lot.account_id]
            raise InsufficientBalance(
                asset=account.asset,
                kind=account.kind,
                owner=account.owner,
                wanted=lot.amount,
                available=lot.rest - lot.held,
            )
        uses.append(Use(lot.id, lot.amount))
    return uses


def _refuse_if_short(merchant_id: int, undone: Written, now: datetime) -> None:
    """Accounts without lots must be able to give back what they got."""
    got: dict[AccountKey, int] = {}
    for entry in undone.entries:
        if entry.kept_as in ("balance", "debt"):
            got[entry.account] = got.get(entry.account, 0) + entry.amount
    stand = balances(merchant_id=merchant_id, accounts=list(got), now=now)
    is_debt = {entry.account: entry.kept_as == "debt" for entry in undone.entries}
    for account, amount in got.items():
        balance = stand[account]
        if is_debt[account] and balance.posted - amount > 0:
            raise NothingOwed(
                asset=account.asset, owner=account.owner, paid=-amount, owed=-balance.posted
            )
        if not is_debt[account] and amount > balance.available:
            raise InsufficientBalance(
                asset=account.asset,
                kind=account.kind,
                owner=account.owner,
                wanted=amount,
                available=balance.available,
            )
