"""Parties: who they are, what they are owed, and where they are paid."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Query, Schema
from pydantic import Field

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.settlement import contracts
from santong.settlement.api.routes import (
    Body,
    Code,
    Currency,
    Limit,
    Reason,
    check_seen,
    router,
    seen_by,
    shown,
)
from santong.settlement.selectors.ledger import balances_of_parties
from santong.settlement.selectors.parties import parties_page, party_by_id
from santong.settlement.selectors.statements import entries_page
from santong.settlement.services import name_receiver as naming

IDS = ("id", "location_id", "dealer_id")
ENTRY_IDS = ("id", "party_id", "payout_line_id")


class PartyOut(Schema):
    """Somebody who is owed shares; the receiver is masked."""

    id: str
    code: str
    kind: contracts.PartyKind
    name: str
    location_id: str | None
    dealer_id: str | None
    account_code: str
    receiver: str
    is_open: bool


class PartyBalanceOut(Schema):
    """What a party is owed: not yet due, due; less than nothing is what it owes."""

    party_id: str
    currency: str
    pending_minor: int
    payable_minor: int


class PartyEntryOut(Schema):
    """A line of a party's books."""

    id: str
    party_id: str
    kind: contracts.EntryKind
    currency: str
    amount_minor: int
    at: datetime
    document: str
    rule: str
    role: str
    sku: str
    payout_line_id: str | None
    reason: str


class ReceiverIn(Body):
    """By which name a party is known at a payment account."""

    account_code: Code
    receiver: Annotated[str, Field(min_length=1, max_length=naming.LONGEST_RECEIVER)]
    is_open: bool = True
    reason: Reason


@router.get("/parties", response=Page[PartyOut], auth=requires("statements.view"))
def list_parties(
    request: MerchantRequest,
    kind: contracts.PartyKind | None = None,
    cursor: Annotated[str | None, Query()] = None,
    limit: Limit = 50,
) -> Any:
    """Parties that the caller may see, newest first."""
    rows = parties_page(
        merchant_id=request.merchant_id,
        kind=kind,
        party_ids=seen_by(request),
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    items = [shown(row, PartyOut, IDS) for row in rows]
    return page_of(items, limit=limit, ids=[row.id for row in rows])


@router.get("/parties/{party_id}", response=PartyOut, auth=requires("statements.view"))
def show_party(request: MerchantRequest, party_id: str) -> Any:
    """One party."""
    return shown(_seen(request, party_id), PartyOut, IDS)


@router.get(
    "/parties/{party_id}/balance", response=PartyBalanceOut, auth=requires("statements.view")
)
def show_party_balance(request: MerchantRequest, party_id: str, currency: Currency = "CNY") -> Any:
    """What a party is owed in a currency, as the ledger has it."""
    party = _seen(request, party_id)
    stand = balances_of_parties(
        merchant_id=request.merchant_id, party_ids=[party.id], currency=currency
    )
    return shown(stand[party.id], PartyBalanceOut, ("party_id",))


@router.get(
    "/parties/{party_id}/entries",
    response=Page[PartyEntryOut],
    auth=requires("statements.view"),
)
def list_party_entries(
    request: MerchantRequest,
    party_id: str,
    currency: Currency = "CNY",
    cursor: Annotated[str | None, Query()] = None,
    limit: Limit = 50,
) -> Any:
    """Lines of a party's books, newest first."""
    rows = entries_page(
        merchant_id=request.merchant_id,
        party_id=_seen(request, party_id).id,
        currency=currency,
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    items = [shown(row, PartyEntryOut, ENTRY_IDS) for row in rows]
    return page_of(items, limit=limit, ids=[row.id for row in rows])


@router.post("/parties/{party_id}/receiver", response=PartyOut, auth=requires("payouts.run"))
def name_receiver(request: MerchantRequest, party_id: str, body: ReceiverIn) -> Any:
    """Say where a party is paid."""
    row = naming.name_receiver(
        merchant_id=request.merchant_id,
        party_id=id_of(party_id, kind="party"),
        account_code=body.account_code,
        receiver=body.receiver,
        is_open=body.is_open,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return shown(row, PartyOut, IDS)


def _seen(request: MerchantRequest, text: str) -> contracts.Party:
    party = party_by_id(merchant_id=request.merchant_id, party_id=id_of(text, kind="party"))
    check_seen(request, party.id, kind="party", key=party.id)
    return party
