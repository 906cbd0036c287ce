"""What is asked for after the sale at the pages' merchant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from santong.aftersales import public as aftersales
from santong.aftersales.tests.factories import PNG
from santong.evidence import public as evidence
from santong.orders import public as orders

WORDS = "衣服收到时袖口已经开线，请帮忙处理。"
ANSWER = "您好，照片已收到，我们今天答复您。"
NAMES = {WORDS, ANSWER, "女装/连衣裙", "分拣中心遗失", "新品上市"}

# By the name of its address: where it is, and what stands on it in Chinese and in English.
PAGES: dict[str, tuple[str, str, str]] = {
    "cases": ("/console/cases/", "待谁处理", "Whose turn"),
    "case": ("/console/cases/{world.cases.case_id}/", "裁定建议", "What the facts come to"),
    "case_new": (
        "/console/cases/new/?q={world.cases.order_number}",
        "提交售后单",
        "Open the case",
    ),
    "carrier_claims": ("/console/carrier-claims/", "按对方汇总", "By party"),
    "case_policy": ("/console/case-policy/", "自动通过的金额上限", "Goes without a person up to"),
}
# What forms are sent to, and what gives a file.
COMMANDS = {
    *("case_open", "case_decide", "case_receive", "case_refuse_goods", "case_close_short"),
    *("case_cancel", "case_write", "case_repair", "case_link", "case_retry", "case_file"),
    *("carrier_claim_open", "carrier_claim_step"),
    *("case_policy_publish", "case_warranty_publish"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesSide:
    """What tests know of it."""

    case_id: int
    order_number: str


def make_cases_side(*, merchant_id: int, order_id: int, now: datetime) -> CasesSide:
    """A case with a photo and a word from each side, a policy, and a claim for it."""
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    aftersales.publish_policy(
        merchant_id=merchant_id,
        terms=aftersales.CasePolicy(
            return_days=15, kinds_by_category={"女装/连衣裙": ("return", "exchange", "repair")}
        ),
        reason="新品上市",
        now=now,
    )
    case = aftersales.open_case(
        merchant_id=merchant_id,
        new=aftersales.NewCase(
            order_id=order_id,
            kind="return",
            way_back="shop",
            reason="damaged",
            lines=(aftersales.NewCaseLine(order_line_id=order.lines[0].id, quantity=1),),
            channel="buyer",
            key="page",
            words=WORDS,
        ),
        now=now,
    )
    evidence.add(
        merchant_id=merchant_id,
        subject=case.subject,
        kind="photo",
        content=PNG,
        name="photo.png",
        taken_at=None,
        geo=None,
        by="buyer:",
        now=now,
    )
    aftersales.write_message(
        merchant_id=merchant_id, case_id=case.id, text=ANSWER, key="1", by_buyer=False, now=now
    )
    aftersales.open_claim(
        merchant_id=merchant_id,
        new=aftersales.NewClaim(
            party="carrier",
            party_code="sf",
            what="parcel_lost",
            amount_minor=19_900,
            currency="CNY",
            reason="分拣中心遗失",
            key="page",
            deadline_on=date(2027, 1, 31),
            case_id=case.id,
            order_id=order_id,
            parcel_number="SF1000000000001",
        ),
        now=now,
    )
    return CasesSide(case_id=case.id, order_number=order.external_number)
