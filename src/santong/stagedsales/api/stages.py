"""Contracts and their stages over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ninja import Status

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of
from santong.kernel.http.problems import kept_refusal
from santong.orders import public as orders
from santong.stagedsales import contracts
from santong.stagedsales.api.routes import number_of, router, sale_of
from santong.stagedsales.api.sales import sale_out
from santong.stagedsales.api.schemas import (
    ChangeOrderIn,
    MilestoneIn,
    SendGoodsIn,
    StageAcceptanceIn,
    StagedContractIn,
    StagedSaleOut,
    StageIn,
)
from santong.stagedsales.services import accept_stage as accepting
from santong.stagedsales.services import end_change as ending
from santong.stagedsales.services import propose_change as proposing
from santong.stagedsales.services import record_delivery as delivering
from santong.stagedsales.services import record_milestone as recording
from santong.stagedsales.services import send_goods as sending
from santong.stagedsales.services import sign_contract as signing


@router.post(
    "/staged-sales/{staged_sale_id}/contract",
    response={201: StagedSaleOut},
    auth=requires("stagedsales.sell"),
)
def sign_staged_contract(
    request: MerchantRequest, staged_sale_id: str, body: StagedContractIn
) -> Any:
    """Freeze what was signed in the store; the deposit counts for its stage from now on."""
    signing.sign_contract(
        merchant_id=request.merchant_id,
        sale_id=sale_of(request, staged_sale_id).id,
        number=body.number,
        amount_minor=body.amount_minor,
        signed_on=body.signed_on,
        photo_ids=[id_of(each, kind="evidence") for each in body.photo_ids],
        stages=[_terms(stage) for stage in body.stages] if body.stages is not None else None,
        now=datetime.now(UTC),
    )
    return Status(201, sale_out(sale_of(request, staged_sale_id)))


@router.post(
    "/staged-sales/{staged_sale_id}/stages/{stage_number}/milestone",
    response=StagedSaleOut,
    auth=requires("stagedsales.sell"),
)
def record_stage_milestone(
    request: MerchantRequest, staged_sale_id: str, stage_number: str, body: MilestoneIn
) -> Any:
    """Work of a stage is done: it may fall due, and its buyer accepts it next."""
    recording.record_milestone(
        merchant_id=request.merchant_id,
        sale_id=sale_of(request, staged_sale_id).id,
        number=number_of(stage_number),
        photo_ids=[id_of(each, kind="evidence") for each in body.photo_ids],
        note=body.note,
        now=datetime.now(UTC),
    )
    return sale_out(sale_of(request, staged_sale_id))


@router.post(
    "/staged-sales/{staged_sale_id}/stages/{stage_number}/acceptance",
    response=StagedSaleOut,
    auth=requires("stagedsales.sell"),
)
def accept_stage_by_code(
    request: MerchantRequest, staged_sale_id: str, stage_number: str, body: StageAcceptanceIn
) -> Any:
    """Accept with the six digits on the buyer's page; wrong ones are counted."""
    refused = accepting.accept_by_code(
        merchant_id=request.merchant_id,
        sale_id=sale_of(request, staged_sale_id).id,
        number=number_of(stage_number),
        code=body.code,
        now=datetime.now(UTC),
    )
    if refused is not None:
        return kept_refusal(request, refused)
    return sale_out(sale_of(request, staged_sale_id))


@router.post(
    "/staged-sales/{staged_sale_id}/delivery",
    response=StagedSaleOut,
    auth=requires("stagedsales.sell"),
)
def record_staged_delivery(request: MerchantRequest, staged_sale_id: str) -> Any:
    """The goods are handed over: what is due on delivery is due."""
    delivering.record_delivery(
        merchant_id=request.merchant_id,
        sale_id=sale_of(request, staged_sale_id).id,
        now=datetime.now(UTC),
    )
    return sale_out(sale_of(request, staged_sale_id))


@router.post(
    "/staged-sales/{staged_sale_id}/goods",
    response={201: StagedSaleOut},
    auth=requires("stagedsales.sell"),
)
def send_staged_goods(request: MerchantRequest, staged_sale_id: str, body: SendGoodsIn) -> Any:
    """Order the goods of a contract from the shared stock; its stages pay for them."""
    sending.send_goods(
        merchant_id=request.merchant_id,
        sale_id=sale_of(request, staged_sale_id).id,
        goods=[
            contracts.ContractGoods(sku_code=each.sku_code, quantity=each.quantity)
            for each in body.goods
        ],
        recipient=orders.Recipient(**body.recipient.dict()),
        now=datetime.now(UTC),
    )
    return Status(201, sale_out(sale_of(request, staged_sale_id)))


@router.post(
    "/staged-sales/{staged_sale_id}/changes",
    response={201: StagedSaleOut},
    auth=requires("stagedsales.sell"),
)
def propose_staged_change(
    request: MerchantRequest, staged_sale_id: str, body: ChangeOrderIn
) -> Any:
    """Propose another total and other unpaid stages; the buyer decides on their page."""
    proposing.propose_change(
        merchant_id=request.merchant_id,
        sale_id=sale_of(request, staged_sale_id).id,
        amount_minor=body.amount_minor,
        drafts=[
            contracts.DraftStage(number=stage.number, terms=_terms(stage)) for stage in body.stages
        ],
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return Status(201, sale_out(sale_of(request, staged_sale_id)))


@router.post(
    "/staged-sales/{staged_sale_id}/changes/{change_version}/withdraw",
    response=StagedSaleOut,
    auth=requires("stagedsales.sell"),
)
def withdraw_staged_change(
    request: MerchantRequest, staged_sale_id: str, change_version: str
) -> Any:
    """Take a proposal back before its buyer decides."""
    ending.withdraw_change(
        merchant_id=request.merchant_id,
        sale_id=sale_of(request, staged_sale_id).id,
        version=id_of(change_version, kind="change_order"),
        now=datetime.now(UTC),
    )
    return sale_out(sale_of(request, staged_sale_id))


def _terms(stage: StageIn) -> contracts.StageTerms:
    return contracts.StageTerms(**stage.model_dump(exclude={"number"}))
