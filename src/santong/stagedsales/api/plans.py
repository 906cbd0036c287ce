"""Stage plans over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ninja import Status

from santong.kernel.http.auth import MerchantRequest, requires
from santong.stagedsales import contracts
from santong.stagedsales.api.routes import fields, router
from santong.stagedsales.api.schemas import StagePlanIn, StagePlanOut, StagePlansOut
from santong.stagedsales.selectors.plans import plan_by_code, plans, versions_of
from santong.stagedsales.services import publish_plan as publishing


@router.get("/stage-plans", response=StagePlansOut, auth=requires("stagedsales.view"))
def list_stage_plans(request: MerchantRequest) -> Any:
    """Every plan, by its newest version."""
    return {"items": [_plan(each) for each in plans(merchant_id=request.merchant_id)]}


@router.get(
    "/stage-plans/{stage_plan_code}/versions",
    response=StagePlansOut,
    auth=requires("stagedsales.view"),
)
def list_stage_plan_versions(request: MerchantRequest, stage_plan_code: str) -> Any:
    """Versions of a plan, newest first."""
    plan_by_code(merchant_id=request.merchant_id, code=stage_plan_code)
    found = versions_of(merchant_id=request.merchant_id, code=stage_plan_code)
    return {"items": [_plan(each) for each in found]}


@router.post("/stage-plans", response={201: StagePlanOut}, auth=requires("stagedsales.edit"))
def publish_stage_plan(request: MerchantRequest, body: StagePlanIn) -> Any:
    """Offer a plan, or the same by new terms; what was sold stays as it was."""
    said = body.model_dump(exclude={"code", "stages", "refunds", "is_offered", "reason"})
    published = publishing.publish_plan(
        merchant_id=request.merchant_id,
        code=body.code,
        terms=contracts.PlanTerms(
            stages=tuple(contracts.StageTerms(**stage.model_dump()) for stage in body.stages),
            refunds=contracts.RefundTerms(**body.refunds.model_dump()),
            **said,
        ),
        reason=body.reason,
        is_offered=body.is_offered,
        now=datetime.now(UTC),
    )
    return Status(201, _plan(published))


def _plan(row: contracts.StagePlan) -> dict[str, Any]:
    terms = fields(
        row.terms,
        stages=[fields(stage) for stage in row.terms.stages],
        refunds=fields(row.terms.refunds),
    )
    return {**fields(row), **terms}
