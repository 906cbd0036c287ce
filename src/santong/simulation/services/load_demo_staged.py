from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.payments import public as payments
from santong.simulation.rules.demo.household import COUNTER, SHOP, WALLET, at_noon
from santong.simulation.rules.demo.shape import CURRENCY, Recipient
from santong.simulation.services.keep_demo_photo import keep_demo_photo
from santong.simulation.services.pay_demo_money import (
    Clock,
    by_wallet,
    let_demo_buyers_pay,
)
from santong.stagedsales import public as stagedsales

DOOR, CARE = "door", "car-care"
PLANS: Final = {
    DOOR: stagedsales.PlanTerms(
        name="原木门定制",
        currency=CURRENCY,
        deposit_minor=50_000,
        stages=(
            stagedsales.StageTerms(name="首款", basis="percent", due="signing", share_bp=3_000),
            stagedsales.StageTerms(
                name="发货款",
                basis="percent",
                due="milestone",
                share_bp=4_000,
                gates_delivery=True,
                waits_for_acceptance=False,
            ),
            stagedsales.StageTerms(
                name="安装款", basis="percent", due="delivery", share_bp=2_000, silence_days=3
            ),
            stagedsales.StageTerms(
                name="尾款", basis="remainder", due="acceptance", silence_days=3
            ),
        ),
        category="木门",
        refunds=stagedsales.RefundTerms(paid_kept_bp=1_000),
    ),
    CARE: stagedsales.PlanTerms(
        name="隐形车衣施工",
        currency=CURRENCY,
        deposit_minor=9_900,
        stages=(
            stagedsales.StageTerms(name="首款", basis="percent", due="signing", share_bp=3_000),
            stagedsales.StageTerms(
                name="尾款", basis="remainder", due="acceptance", silence_days=3
            ),
        ),
        category="汽车服务",
        refunds=stagedsales.RefundTerms(paid_kept_bp=1_000),
    ),
}
AN_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """How far a sale has come: days ago of its deposit and contract, stages paid and accepted."""

    name: str
    plan: str
    deposit: int
    redeemed: int | None = None
    signed: int | None = None
    amount_minor: int = 0
    paid: int = 0
    accepted: int = 0


COURSES: Final = (
    _Course(
        name="finished",
        plan=CARE,
        deposit=14,
        redeemed=13,
        signed=13,
        amount_minor=868_000,
        paid=2,
        accepted=2,
    ),
    _Course(
        name="fitting",
        plan=DOOR,
        deposit=13,
        redeemed=12,
        signed=12,
        amount_minor=1_280_000,
        paid=2,
        accepted=1,
    ),
    _Course(
        name="changing",
        plan=DOOR,
        deposit=9,
        redeemed=8,
        signed=8,
        amount_minor=2_156_000,
        paid=1,
        accepted=1,
    ),
    _Course(name="measured", plan=DOOR, deposit=4, redeemed=3),
    _Course(name="in-store", plan=CARE, deposit=2, redeemed=1),
    _Course(name="code", plan=DOOR, deposit=0),
)


def load_demo_staged(
    *,
    merchant_id: int,
    buyers: Sequence[Recipient],
    location_id: int,
    now: datetime,
    clock: Clock,
) -> dict[str, int]:
    """Plans, and sales that have come to different places, by name; each step is taken once.

    Deposits of today are paid on a phone, earlier ones at a counter. No scope is open. Emits what
    staged sales and payments emit.
    """
    with tenancy.scope(merchant_id=merchant_id):
        _open(merchant_id, at_noon(now, 20))
    found: dict[str, int] = {}
    for course, buyer in zip(COURSES, buyers, strict=False):
        at = at_noon(now, course.deposit) if course.deposit else clock()
        with tenancy.scope(merchant_id=merchant_id):
            found[course.name] = sale_id = _reserve(merchant_id, course, buyer, at)
            if course.redeemed is not None:
                _pay_at_counter(merchant_id, sale_id, stagedsales.DEPOSIT, at)
                _redeem(merchant_id, sale_id, location_id, at_noon(now, course.redeemed))
            if course.signed is not None:
                _go_on(merchant_id, sale_id, course, at_noon(now, course.signed))
    with tenancy.scope(merchant_id=merchant_id):
        intent_id = _asked_by_phone(merchant_id, found["code"], clock())
        stagedsales.record_delivery(
            merchant_id=merchant_id, sale_id=found["fitting"], now=at_noon(now, 1)
        )
        _propose_change(merchant_id, found["changing"], at_noon(now, 1))
    let_demo_buyers_pay(merchant_id=merchant_id, intent_ids=[intent_id], clock=clock)
    return found


def _open(merchant_id: int, now: datetime) -> None:
    if stagedsales.plans(merchant_id=merchant_id):
        return
    for code, terms in PLANS.items():
        stagedsales.publish_plan(
            merchant_id=merchant_id, code=code, terms=terms, reason="开业方案", now=now
        )


def _reserve(merchant_id: int, course: _Course, buyer: Recipient, at: datetime) -> int:
    shops = merchants.storefronts(merchant_id=merchant_id)
    return stagedsales.reserve(
        merchant_id=merchant_id,
        plan_code=course.plan,
        key=f"demo-{course.name}",
        storefront_id=next(shop.id for shop in shops if shop.code == SHOP.code),
        buyer=stagedsales.Buyer(name=buyer.name, phone=buyer.phone),
        now=at,
    ).sale_id


def _pay_at_counter(merchant_id: int, sale_id: int, number: int, at: datetime) -> None:
    """The deposit or a stage is paid at the store's own terminal, which somebody writes down."""
    sale = stagedsales.sale_by_id(merchant_id=merchant_id, sale_id=sale_id)
    open_minor = _open_minor(sale, number)
    if open_minor:
        stagedsales.request_payment(
            merchant_id=merchant_id,
            sale_id=sale_id,
            number=number,
            key=f"demo-{number}",
            tenders=[payments.NewTender(account_code=COUNTER, amount_minor=open_minor, way="none")],
            now=at,
        )


def _open_minor(sale: stagedsales.StagedSale, number: int) -> int:
    if number == stagedsales.DEPOSIT:
        return sale.deposit_minor if sale.state == "reserved" else 0
    return next(stage.open_minor for stage in sale.stages if stage.number == number)


def _asked_by_phone(merchant_id: int, sale_id: int, at: datetime) -> int:
    sale = stagedsales.sale_by_id(merchant_id=merchant_id, sale_id=sale_id)
    return stagedsales.request_payment(
        merchant_id=merchant_id,
        sale_id=sale_id,
        number=stagedsales.DEPOSIT,
        key="demo",
        tenders=[by_wallet(sale.deposit_minor, account=WALLET)],
        now=at,
    ).id


def _redeem(merchant_id: int, sale_id: int, location_id: int, at: datetime) -> None:
    sale = stagedsales.sale_by_id(merchant_id=merchant_id, sale_id=sale_id)
    if sale.state == "code_issued":
        stagedsales.redeem(
            merchant_id=merchant_id,
            code=stagedsales.code_for_buyer(merchant_id=merchant_id, sale_id=sale_id),
            location_id=location_id,
            device="ipad-1",
            nonce=f"demo-{sale_id}",
            now=at,
        )


def _go_on(merchant_id: int, sale_id: int, course: _Course, at: datetime) -> None:
    """The contract is signed, work is done and accepted, stages are paid: one a day."""
    sale = stagedsales.sale_by_id(merchant_id=merchant_id, sale_id=sale_id)
    if sale.state != "redeemed":
        return
    _sign(merchant_id, sale, course, at + AN_HOUR)
    for number in range(1, max(course.paid, course.accepted) + 1):
        then = at + AN_HOUR * (2 + 22 * (number - 1))
        if PLANS[course.plan].stages[number - 1].due == "signing":
            _pay_at_counter(merchant_id, sale_id, number, then)
        _work(merchant_id, sale, course, number, then + AN_HOUR)
        if number <= course.paid:
            _pay_at_counter(merchant_id, sale_id, number, then + 2 * AN_HOUR)


def _sign(merchant_id: int, sale: stagedsales.StagedSale, course: _Course, at: datetime) -> None:
    stagedsales.sign_contract(
        merchant_id=merchant_id,
        sale_id=sale.id,
        number=f"YM-{at:%Y%m}-{sale.id:04}",
        amount_minor=course.amount_minor,
        signed_on=at.date(),
        photo_ids=[_photo(merchant_id, sale.subject, f"contract-{course.name}", at)],
        now=at,
    )


def _work(
    merchant_id: int, sale: stagedsales.StagedSale, course: _Course, number: int, at: datetime
) -> None:
    photo_id = _photo(merchant_id, sale.subject, f"{course.name}-{number}", at)
    stagedsales.record_milestone(
        merchant_id=merchant_id,
        sale_id=sale.id,
        number=number,
        photo_ids=[photo_id],
        note="",
        now=at,
    )
    if number <= course.accepted:
        stagedsales.accept_stage(
            merchant_id=merchant_id, sale_id=sale.id, number=number, by="buyer_page", now=at
        )


def _propose_change(merchant_id: int, sale_id: int, at: datetime) -> None:
    """The buyer wants one door more; the store writes it down, and the buyer has to agree."""
    sale = stagedsales.sale_by_id(merchant_id=merchant_id, sale_id=sale_id)
    if sale.contract is None or sale.changes:
        return
    terms = PLANS[DOOR].stages
    stagedsales.propose_change(
        merchant_id=merchant_id,
        sale_id=sale_id,
        amount_minor=sale.contract.amount_minor + 426_000,
        drafts=[
            stagedsales.DraftStage(number=number, terms=terms[number - 1]) for number in (2, 3, 4)
        ],
        reason="加一樘书房门",
        now=at,
    )


def _photo(merchant_id: int, subject: str, of: str, at: datetime) -> int:
    return keep_demo_photo(merchant_id=merchant_id, subject=subject, of=of, by="store", now=at)
