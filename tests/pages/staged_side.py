"""The staged sales of the pages' merchant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from santong.stagedsales import public as stagedsales
from santong.stagedsales.tests.factories import (
    STAGES,
    accept,
    done,
    make_photo_of,
    make_sale,
    new_key,
    pay,
    sign,
    with_code,
)

PLAN = "全屋定制"
NAMES = {PLAN, "首期款", "中期款", "尾款", "旗舰店", "加一组衣柜", "钱"}

# By the name of its address: where it is, and what stands on it in Chinese and in English.
PAGES: dict[str, tuple[str, str, str]] = {
    "staged_sales": ("/console/staged-sales/", "履约中", "in progress"),
    "staged_sale": (
        "/console/staged-sales/{world.staged.sale_id}/",
        "合同变更",
        "Change orders",
    ),
    "staged_sale_redeemed": (
        "/console/staged-sales/{world.staged.redeemed_id}/",
        "已到店核销",
        "redeemed",
    ),
    "staged_contract": (
        "/console/staged-sales/{world.staged.redeemed_id}/contract/",
        "预览各阶段",
        "Preview the stages",
    ),
    "staged_change": (
        "/console/staged-sales/{world.staged.sale_id}/change-order/",
        "合同新总额",
        "New total",
    ),
    "staged_redeem": ("/console/staged-sales/redeem/", "到店核销", "Take a code"),
    "stage_plans": ("/console/stage-plans/", PLAN, "On offer"),
    "stage_plan": ("/console/stage-plans/{world.staged.plan_code}/", "定金抵扣", "Deposit counts"),
}
# What forms are sent to, and files.
COMMANDS = {
    "staged_photo",
    "staged_pay",
    "staged_milestone",
    "staged_accept",
    "staged_delivery",
    "staged_goods",
    "staged_cancel_sale",
    "staged_link",
    "staged_reveal",
    "staged_sign",
    "staged_propose",
    "staged_withdraw",
    "staged_take",
    "staged_reserve",
    "stage_plan_publish",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedSide:
    """What tests know of it: sales in several states, and the links of their buyers."""

    plan_code: str
    sale_id: int
    redeemed_id: int
    evidence_id: int
    tokens: dict[str, str]


def make_staged_side(*, merchant_id: int, location_id: int, now: datetime) -> StagedSide:
    """A sale that waits for its deposit, one with a code, one in the store, one under contract."""
    plan = stagedsales.publish_plan(
        merchant_id=merchant_id,
        code=f"home-{merchant_id}",
        terms=stagedsales.PlanTerms(
            name=PLAN,
            currency="CNY",
            deposit_minor=9_900,
            stages=(STAGES[0], STAGES[1], replace(STAGES[2], gates_delivery=True)),
            signs_codes=True,
        ),
        reason="opening",
        now=now,
    )
    reserved = make_sale(merchant_id=merchant_id, plan=plan, now=now)
    coded, _ = with_code(merchant_id=merchant_id, plan=plan, now=now)
    ids = [_redeemed(merchant_id, plan, location_id, now) for _ in range(3)]
    running, fresh, changing = ids
    for sale_id in (running, changing):
        sign(merchant_id, sale_id, now=now)
        pay(merchant_id, sale_id, 1, now=now)
        done(merchant_id, sale_id, 1, now=now)
    accept(merchant_id, running, 1, now=now)
    done(merchant_id, running, 2, now=now)
    stagedsales.propose_change(
        merchant_id=merchant_id,
        sale_id=running,
        amount_minor=130_000,
        drafts=[
            stagedsales.DraftStage(number=2, terms=STAGES[1]),
            stagedsales.DraftStage(number=3, terms=STAGES[2]),
        ],
        reason="加一组衣柜",
        now=now,
    )
    tokens = {
        name: stagedsales.link_path(merchant_id=merchant_id, sale_id=sale_id, now=now).split("/")[2]
        for name, sale_id in (
            ("reserved", reserved.sale_id),
            ("coded", coded),
            ("running", running),
            ("fresh", fresh),
        )
    }
    return StagedSide(
        plan_code=plan.code,
        sale_id=running,
        redeemed_id=fresh,
        evidence_id=make_photo_of(merchant_id, running, colour="olive"),
        tokens=tokens,
    )


def _redeemed(
    merchant_id: int, plan: stagedsales.StagePlan, location_id: int, now: datetime
) -> int:
    sale_id, code = with_code(merchant_id=merchant_id, plan=plan, now=now)
    stagedsales.redeem(
        merchant_id=merchant_id,
        code=code,
        location_id=location_id,
        device="phone-1",
        nonce=new_key(),
        now=now,
    )
    return sale_id
