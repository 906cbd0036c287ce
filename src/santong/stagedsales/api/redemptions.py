"""Codes over HTTP: taken in a store, told later by devices that were offline."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from santong.benefits import public as benefits
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, page_of
from santong.kernel.http.problems import kept_refusal
from santong.stagedsales import contracts
from santong.stagedsales.api.redemption_schemas import (
    CodeRedemptionIn,
    CodeRedemptionOut,
    DoubleRedemptionOut,
    OfflineRulesOut,
    RedemptionBatchIn,
    RedemptionBatchOut,
)
from santong.stagedsales.api.routes import Limit, fields, place_of, router
from santong.stagedsales.selectors.sales import double_redemptions
from santong.stagedsales.services import redeem as redeeming
from santong.stagedsales.services import sync_redemptions as syncing


@router.post(
    "/staged-sale-redemptions", response=CodeRedemptionOut, auth=requires("stagedsales.sell")
)
def redeem_code(request: MerchantRequest, body: CodeRedemptionIn) -> Any:
    """Take a code at a place, once; the same nonce gets the first answer."""
    taken = redeeming.redeem(
        merchant_id=request.merchant_id,
        code=body.code,
        location_id=place_of(request, body.location_id),
        device=body.device,
        nonce=body.nonce,
        now=datetime.now(UTC),
    )
    if not isinstance(taken, contracts.Redemption):
        return kept_refusal(request, taken)
    return fields(taken, staged_sale_id=str(taken.sale_id))


@router.post(
    "/staged-sale-redemption-batches",
    response=RedemptionBatchOut,
    auth=requires("stagedsales.sell"),
)
def sync_codes(request: MerchantRequest, body: RedemptionBatchIn) -> Any:
    """Tell what a device took offline; each row has its own result."""
    told = syncing.sync_redemptions(
        merchant_id=request.merchant_id,
        device=body.device,
        location_id=place_of(request, body.location_id),
        rows=[contracts.OfflineRedemption(**row.model_dump()) for row in body.rows],
        now=datetime.now(UTC),
    )
    return {"results": [_sale_named(each) for each in told]}


@router.get(
    "/staged-sale-offline-rules", response=OfflineRulesOut, auth=requires("stagedsales.sell")
)
def show_offline_rules(request: MerchantRequest) -> Any:
    """Public keys of signed codes, and what cannot be checked offline."""
    keys = benefits.public_keys(merchant_id=request.merchant_id)
    return {
        "merchant_id": str(request.merchant_id),
        "keys": [
            {"version": key.version, "public": base64.b64encode(key.public).decode()}
            for key in keys
        ],
        "not_checked_offline": list(contracts.NOT_CHECKED_OFFLINE),
    }


@router.get(
    "/staged-sale-double-redemptions",
    response=Page[DoubleRedemptionOut],
    auth=requires("stagedsales.view"),
)
def list_double_redemptions(
    request: MerchantRequest, cursor: str | None = None, limit: Limit = 50
) -> Any:
    """Codes that a second device took offline, newest first."""
    rows = double_redemptions(
        merchant_id=request.merchant_id,
        location_ids=request.actor.location_ids,
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([_sale_named(row) for row in rows], limit=limit, ids=[row.id for row in rows])


def _sale_named(row: contracts.SyncResult | contracts.DoubleRedemption) -> dict[str, Any]:
    said = fields(row)
    return {**said, "staged_sale_id": said["sale_id"]}
