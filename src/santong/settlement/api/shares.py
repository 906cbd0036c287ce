"""Shares of an order, or of another document that was paid, and how each came about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of
from santong.settlement.api.routes import router, seen_by, shown
from santong.settlement.selectors.sales import shared_sale
from santong.settlement.services.lock_sale import document_of_order


class ShareOut(Schema):
    """What a party is owed of a line by one rule; rule, base, rate and bound say why so much."""

    id: str
    party_id: str
    party_code: str
    party_name: str
    line_number: int
    line_kind: str
    order_line_id: str | None
    sku: str
    pieces: int
    filler: str
    role: str
    rule: str
    version: int
    base: str
    base_minor: int
    rate_bp: int
    fixed_minor: int
    bound: str
    amount_minor: int
    left_minor: int
    due_at: datetime | None
    is_due: bool


class ReversalOut(Schema):
    """Money that went back, and its shares with it."""

    id: str
    key: str
    kind: str
    amount_minor: int
    reason: str
    at: datetime
    restored_at: datetime | None


class SharedSaleOut(Schema):
    """A document's shares: they add up to what was paid, less what went back."""

    document: str
    currency: str
    paid_minor: int
    left_minor: int
    version: int
    paid_at: datetime
    frozen_at: datetime
    received_at: datetime | None
    accepted_at: datetime | None
    shares: list[ShareOut]
    reversals: list[ReversalOut]


@router.get("/orders/{order_id}/shares", response=SharedSaleOut, auth=requires("shares.view"))
def show_shares(request: MerchantRequest, order_id: str) -> Any:
    """Who is owed how much of an order, and by which rule of which version."""
    return _shares(request, document_of_order(id_of(order_id, kind="order")))


@router.get("/documents/{document}/shares", response=SharedSaleOut, auth=requires("shares.view"))
def show_document_shares(request: MerchantRequest, document: str) -> Any:
    """Who is owed how much of a document that was paid, such as a stage: `stagedsale:5-2`."""
    return _shares(request, document)


def _shares(request: MerchantRequest, document: str) -> dict[str, Any]:
    sale = shared_sale(
        merchant_id=request.merchant_id, document=document, party_ids=seen_by(request)
    )
    share_ids = ("id", "party_id", "order_line_id")
    return {
        **shown(sale, SharedSaleOut, ()),
        "shares": [shown(each, ShareOut, share_ids) for each in sale.shares],
        "reversals": [shown(each, ReversalOut, ("id",)) for each in sale.reversals],
    }
