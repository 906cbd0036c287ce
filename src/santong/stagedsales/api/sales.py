"""Staged sales over HTTP: reserved, looked at, paid, ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Schema, Status
from pydantic import Field

from santong.evidence import public as evidence
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.merchants import public as merchants
from santong.payments import public as payments
from santong.stagedsales import contracts
from santong.stagedsales.api.routes import Limit, fields, place_of, router, sale_of
from santong.stagedsales.api.schemas import (
    BuyerPathOut,
    ReservedSaleOut,
    SaleCancelIn,
    StagedSaleIn,
    StagedSaleOut,
    StagePaymentIn,
    StagePaymentOut,
)
from santong.stagedsales.errors import SaleLinkOver
from santong.stagedsales.selectors.links import link_path, page_path
from santong.stagedsales.selectors.sales import sale_by_id, sales_page
from santong.stagedsales.services import cancel_sale as cancelling
from santong.stagedsales.services import renew_link as renewing
from santong.stagedsales.services import request_payment as asking
from santong.stagedsales.services import reserve as reserving


class StagedSaleFilter(Schema):
    """Which sales are listed; `phone` is the buyer's, in whatever writing."""

    state: Annotated[str, Field(max_length=12)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    member_id: Annotated[str, Field(max_length=19)] = ""


@router.post("/staged-sales", response={201: ReservedSaleOut}, auth=requires("stagedsales.sell"))
def reserve_staged_sale(
    request: MerchantRequest, body: StagedSaleIn, response: HttpResponse
) -> Any:
    """Reserve by a plan, and get the path of the buyer's page, where the deposit is paid."""
    storefront = merchants.storefront_by_code(
        merchant_id=request.merchant_id, code=body.storefront_code
    )
    made = reserving.reserve(
        merchant_id=request.merchant_id,
        plan_code=body.stage_plan_code,
        key=f"api:{request.headers['Idempotency-Key'][:70]}",
        storefront_id=storefront.id,
        buyer=contracts.Buyer(**body.buyer.model_dump()),
        location_id=place_of(request, body.location_id) if body.location_id else None,
        member_id=id_of(body.member_id, kind="member") if body.member_id else None,
        order_id=id_of(body.order_id, kind="order") if body.order_id else None,
        now=datetime.now(UTC),
    )
    response["Cache-Control"] = "no-store"
    sale = sale_by_id(merchant_id=request.merchant_id, sale_id=made.sale_id)
    return Status(201, {"sale": sale_out(sale), "buyer_path": page_path(token=made.token)})


@router.get("/staged-sales", response=Page[StagedSaleOut], auth=requires("stagedsales.view"))
def list_staged_sales(
    request: MerchantRequest,
    wanted: Query[StagedSaleFilter],
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """Sales, newest first; by state, telephone number, member."""
    rows = sales_page(
        merchant_id=request.merchant_id,
        state=wanted.state,
        phone=wanted.phone,
        member_id=id_of(wanted.member_id, kind="member") if wanted.member_id else None,
        location_ids=request.actor.location_ids,
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([sale_out(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.get(
    "/staged-sales/{staged_sale_id}", response=StagedSaleOut, auth=requires("stagedsales.view")
)
def show_staged_sale(request: MerchantRequest, staged_sale_id: str) -> Any:
    """A sale with its code, contract, stages, money and changes."""
    return sale_out(sale_of(request, staged_sale_id))


@router.get(
    "/staged-sales/{staged_sale_id}/link", response=BuyerPathOut, auth=requires("stagedsales.sell")
)
def show_staged_sale_link(
    request: MerchantRequest, staged_sale_id: str, response: HttpResponse
) -> Any:
    """The buyer's link, which opens their page until it is renewed."""
    response["Cache-Control"] = "no-store"
    sale = sale_of(request, staged_sale_id)
    now = datetime.now(UTC)
    path = link_path(merchant_id=request.merchant_id, sale_id=sale.id, now=now)
    if not path:
        raise SaleLinkOver
    return {"buyer_path": path}


@router.post(
    "/staged-sales/{staged_sale_id}/link", response=BuyerPathOut, auth=requires("stagedsales.sell")
)
def renew_staged_sale_link(
    request: MerchantRequest, staged_sale_id: str, response: HttpResponse
) -> Any:
    """Another link for the buyer; those that were given so far open nothing any more."""
    token = renewing.renew_link(
        merchant_id=request.merchant_id,
        sale_id=sale_of(request, staged_sale_id).id,
        now=datetime.now(UTC),
    )
    response["Cache-Control"] = "no-store"
    return {"buyer_path": page_path(token=token)}


@router.post(
    "/staged-sales/{staged_sale_id}/payment-requests",
    response={201: StagePaymentOut},
    auth=requires("payments.take"),
)
def request_stage_payment(
    request: MerchantRequest, staged_sale_id: str, body: StagePaymentIn
) -> Any:
    """Ask for a deposit or a stage: whole, in parts of as many tenders as it takes."""
    intent = asking.request_payment(
        merchant_id=request.merchant_id,
        sale_id=sale_of(request, staged_sale_id).id,
        number=body.stage,
        key=f"api:{request.headers['Idempotency-Key'][:70]}",
        tenders=[
            payments.NewTender(
                account_code=each.account_code,
                amount_minor=each.amount_minor,
                way=each.way,  # type: ignore[arg-type]  # payments says which there are
                token=each.token,
            )
            for each in body.tenders
        ],
        now=datetime.now(UTC),
    )
    return Status(201, fields(intent, payment_intent_id=str(intent.id)))


@router.post(
    "/staged-sales/{staged_sale_id}/cancel",
    response=StagedSaleOut,
    auth=requires("stagedsales.sell"),
)
def cancel_staged_sale(request: MerchantRequest, staged_sale_id: str, body: SaleCancelIn) -> Any:
    """End a sale; what is not kept goes back."""
    sale = sale_of(request, staged_sale_id)
    cancelling.cancel_sale(
        merchant_id=request.merchant_id,
        sale_id=sale.id,
        fault=body.fault,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return sale_out(sale_of(request, staged_sale_id))


def sale_out(sale: contracts.StagedSale) -> dict[str, Any]:
    """A sale as the API shows it."""
    return fields(
        sale,
        number=sale.number,
        stage_plan_code=sale.plan_code,
        stage_plan_version=sale.plan_version,
        code=fields(sale.code) if sale.code else None,
        contract=fields(sale.contract, photo_ids=[str(each) for each in sale.contract.photo_ids])
        if sale.contract
        else None,
        stages=[fields(each) for each in sale.stages],
        money=[fields(each, open_minor=each.open_minor) for each in sale.money],
        changes=[_change(each) for each in sale.changes],
    )


def _change(row: contracts.SaleChange) -> dict[str, Any]:
    return fields(row, before=_agreed(row.before), stages=_agreed(row.stages))


def _agreed(
    stages: tuple[tuple[int, contracts.StageTerms, int], ...],
) -> list[dict[str, Any]]:
    return [fields(terms, number=number, amount_minor=amount) for number, terms, amount in stages]


def _subject(request: MerchantRequest, staged_sale_id: str) -> str:
    return sale_of(request, staged_sale_id).subject


evidence.evidence_endpoints(
    router=router,
    path="/staged-sales/{staged_sale_id}",
    thing="staged_sale",
    view="stagedsales.view",
    edit="stagedsales.sell",
    subject_of=_subject,
)
