from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpResponse
from ninja import Status

from santong.kernel.http import MerchantRequest, Page, id_of, requires
from santong.kernel.http.pages import before_id, page_of
from santong.merchants.api.routes import router
from santong.merchants.api.schemas import Limit, NewTokenOut, StaffReasonIn, TokenIn, TokenOut
from santong.merchants.selectors import pages
from santong.merchants.selectors.tokens import owner_of
from santong.merchants.services.create_token import create_token
from santong.merchants.services.revoke_token import revoke_token


@router.get("/tokens", response=Page[TokenOut], auth=requires("tokens.view"))
def list_tokens(
    request: MerchantRequest, cursor: str | None = None, limit: Limit = 50
) -> Page[TokenOut]:
    """The keys of programs, newest first, revoked ones too."""
    rows = pages.tokens_page(merchant_id=request.merchant_id, before=before_id(cursor), limit=limit)
    shown = [TokenOut.of(row) for row in rows]
    return page_of(shown, limit=limit, ids=[row.id for row in rows])


@router.post("/tokens", response={201: NewTokenOut}, auth=requires("tokens.edit"))
def post_token(
    request: MerchantRequest, body: TokenIn, response: HttpResponse
) -> Status[NewTokenOut]:
    """Make a key for a program. Its secret is in this answer and nowhere else."""
    made = create_token(
        merchant_id=request.merchant_id,
        staff_id=owner_of(merchant_id=request.merchant_id, actor=request.actor),
        name=body.name,
        permissions=body.permissions,
        expires_at=body.expires_at,
        now=datetime.now(UTC),
    )
    response["Cache-Control"] = "no-store"
    return Status(201, NewTokenOut.of(made))


@router.post("/tokens/{token_id}/revoke", response=TokenOut, auth=requires("tokens.edit"))
def post_revoke_token(request: MerchantRequest, token_id: str, body: StaffReasonIn) -> TokenOut:
    """Make a token worthless, everywhere within five seconds."""
    revoked = revoke_token(
        merchant_id=request.merchant_id,
        token_id=id_of(token_id, kind="token"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return TokenOut.of(revoked)
