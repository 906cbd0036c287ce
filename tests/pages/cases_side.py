"""What is asked for after the sale at the pages' merchant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from santong.aftersales import public as aftersales
from santong.aftersales.tests.factories import PNG, hear_of
from santong.agreements import public as agreements
from santong.agreements.tests.factories import make_accepted
from santong.evidence import public as evidence
from santong.orders import public as orders
from santong.stores import public as stores

WORDS = "衣服收到时袖口已经开线，请帮忙处理。"
ANSWER = "您好，照片已收到，我们今天答复您。"
MISSING = "少了一包五金件"
SENT = "确认缺件，今天补发。"
NAMES = {MISSING, SENT, WORDS, ANSWER, "女装/连衣裙", "分拣中心遗失", "新品上市"}

# By the name of its address: where it is, and what stands on it in Chinese and in English.
PAGES: dict[str, tuple[str, str, str]] = {
    "cases": ("/console/cases/", "待谁处理", "Whose turn"),
    "case": ("/console/cases/{world.cases.case_id}/", "裁定建议", "What the facts come to"),
    "case_new": (
        "/console/cases/new/?q={world.cases.order_number}",
        "提交售后单",
        "Open the case",
    ),
    "owed_goods": (
        "/console/owed-goods/?remedy={world.cases.remedy_id}&q={world.cases.order_number}",
        "违约条款",
        "Broken term",
    ),
    "damaged_goods": ("/console/damaged-goods/", "恢复为可售", "Can be sold again"),
    "carrier_claims": ("/console/carrier-claims/", "按对方汇总", "By party"),
    "case_policy": ("/console/case-policy/", "自动通过的金额上限", "Goes without a person up to"),
}
# What forms are sent to, and what gives a file.
COMMANDS = {
    *("case_open", "case_decide", "case_receive", "case_refuse_goods", "case_close_short"),
    *("case_cancel", "case_write", "case_repair", "case_link", "case_retry", "case_file"),
    *("carrier_claim_open", "carrier_claim_step"),
    *("owed_goods_open", "damaged_goods_settle"),
    *("case_policy_publish", "case_warranty_publish"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesSide:
    """What tests know of it."""

    case_id: int
    order_number: str
    remedy_id: int
    damaged_id: int


def make_cases_side(*, merchant_id: int, order_id: int, now: datetime) -> CasesSide:
    """A case with a photo and a word from each side, a policy, and a claim for it.

    Beside it goods that came back damaged, and goods that a broken agreement owes.
    """
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
    return CasesSide(
        case_id=case.id,
        order_number=order.external_number,
        remedy_id=_owed(merchant_id, now),
        damaged_id=_damaged(merchant_id, order, now),
    )


def _damaged(merchant_id: int, order: orders.Order, now: datetime) -> int:
    """One unit that came back damaged to the first place that takes goods back."""
    case = aftersales.open_case(
        merchant_id=merchant_id,
        new=aftersales.NewCase(
            order_id=order.id,
            kind="return",
            way_back="shop",
            reason="wrong_size",
            lines=(aftersales.NewCaseLine(order_line_id=order.lines[0].id, quantity=1),),
            channel="store",
            key="damaged",
        ),
        now=now,
    )
    aftersales.decide_case(
        merchant_id=merchant_id,
        case_id=case.id,
        decided=aftersales.Decided(),
        reason="",
        now=now,
    )
    places = stores.locations_page(merchant_id=merchant_id, limit=50)
    aftersales.receive_goods(
        merchant_id=merchant_id,
        case_id=case.id,
        location_id=next(place.id for place in places if place.accepts_returns),
        lines=[aftersales.ReceivedLine(case_line_id=case.lines[0].id, damaged=1)],
        key="page",
        now=now,
    )
    (damaged,) = aftersales.damaged_at(merchant_id=merchant_id, location_ids=None)
    return damaged.id


def _owed(merchant_id: int, now: datetime) -> int:
    """What an agreement owes whose order nobody knows yet."""
    made = make_accepted(
        merchant_id,
        document="stagedsale:page-9",
        terms=(
            agreements.Term(number=1, kind="missing", params={"report_hours": 72}, remedy="resend"),
        ),
        now=now,
    )
    claimed = agreements.claim(
        merchant_id=merchant_id,
        agreement_id=made.id,
        term=1,
        found_by="buyer",
        said=MISSING,
        key="page-owed",
        now=now,
    )
    agreements.grant(merchant_id=merchant_id, breach_id=claimed.id, answer=SENT, now=now)
    return hear_of(merchant_id, claimed.id, now=now).id
