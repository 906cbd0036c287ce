"""The ledger over HTTP, for reading: what accounts stand at, and what was posted to them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.payments import contracts
from santong.payments.contracts import AccountKey
from santong.payments.selectors.accounts import accounts_of
from santong.payments.selectors.balances import balances
from santong.payments.selectors.totals import totals
from santong.payments.selectors.txns import entries_page, txn_by_id

router = Router(tags=["ledger"])

Code = Annotated[str, Query(min_length=1, max_length=contracts.LONGEST_CODE)]
Owner = Annotated[str, Query(min_length=1, max_length=contracts.LONGEST_OWNER)]
Limit = Annotated[int, Query(ge=1, le=200)]


class AccountIn(Schema):
    """One account, by name."""

    asset: Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_CODE)]
    account: Annotated[str, Field(min_length=1, max_length=20)]
    owner: Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_OWNER)]


class BalanceOut(Schema):
    """What one account stands at; `available` is what could be spent now."""

    asset: str
    account: str
    posted: int
    held: int
    available: int


class BalancesOut(Schema):
    items: list[BalanceOut]


class AccountEntryOut(Schema):
    """One line of an account's statement."""

    id: str
    txn_id: str
    kind: str
    amount: int
    expires_at: datetime | None
    reference: str
    reason: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str


class EntryOut(Schema):
    """What a transaction did to one account."""

    asset: str
    account: str
    owner: str
    amount: int
    expires_at: datetime | None


class TxnOut(Schema):
    """A transaction; what it says of each asset sums to nothing."""

    id: str
    source: str
    key: str
    kind: str
    reference: str
    reason: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    reverses_id: str | None
    gives_back_id: str | None
    entries: list[EntryOut]


class TotalOut(Schema):
    """The sum of an asset's accounts of one kind; of a sink, for one owner."""

    account: str
    owner: str
    amount: int


class TotalsOut(Schema):
    items: list[TotalOut]


@router.get("/ledger/balances", response=BalancesOut, auth=requires("ledger.view"))
def list_balances(request: MerchantRequest, owner: Owner) -> Any:
    """What every account of an owner stands at now: `member:17`, `brand:4`."""
    accounts = accounts_of(merchant_id=request.merchant_id, owner=owner)
    found = balances(merchant_id=request.merchant_id, accounts=accounts, now=datetime.now(UTC))
    return BalancesOut(
        items=[
            BalanceOut(
                asset=account.asset,
                account=account.kind,
                posted=balance.posted,
                held=balance.held,
                available=balance.available,
            )
            for account, balance in found.items()
        ]
    )


@router.get("/ledger/entries", response=Page[AccountEntryOut], auth=requires("ledger.view"))
def list_entries(
    request: MerchantRequest,
    account: Annotated[AccountIn, Query()],
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """What was posted to one account, newest first."""
    rows = entries_page(
        merchant_id=request.merchant_id,
        account=AccountKey(account.asset, account.account, account.owner),
        before_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([_line(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.get("/ledger/transactions/{txn_id}", response=TxnOut, auth=requires("ledger.view"))
def read_txn(request: MerchantRequest, txn_id: str) -> Any:
    """One transaction with all its entries."""
    txn = txn_by_id(merchant_id=request.merchant_id, txn_id=id_of(txn_id, kind="transaction"))
    return TxnOut(
        id=str(txn.id),
        source=txn.source,
        key=txn.key,
        kind=txn.kind,
        reference=txn.reference,
        reason=txn.reason,
        occurred_at=txn.occurred_at,
        recorded_at=txn.recorded_at,
        actor=txn.actor,
        reverses_id=_id(txn.reverses_id),
        gives_back_id=_id(txn.gives_back_id),
        entries=[
            EntryOut(
                asset=entry.account.asset,
                account=entry.account.kind,
                owner=entry.account.owner,
                amount=entry.amount,
                expires_at=entry.expires_at,
            )
            for entry in txn.entries
        ],
    )


@router.get("/ledger/totals", response=TotalsOut, auth=requires("ledger.view"))
def list_totals(request: MerchantRequest, asset: Code) -> Any:
    """What an asset comes to by kind of account: outstanding, issued, redeemed, expired."""
    return TotalsOut(
        items=[
            TotalOut(account=total.kind, owner=total.owner, amount=total.amount)
            for total in totals(merchant_id=request.merchant_id, asset=asset)
        ]
    )


def _line(row: contracts.AccountEntry) -> AccountEntryOut:
    return AccountEntryOut(
        id=str(row.id),
        txn_id=str(row.txn_id),
        kind=row.kind,
        amount=row.amount,
        expires_at=row.expires_at,
        reference=row.reference,
        reason=row.reason,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        actor=row.actor,
    )


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)
