from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from santong.aftersales import public as aftersales
from santong.fulfilment import public as fulfilment
from santong.kernel import tenancy
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.simulation.rules.demo.callers import COMPANIES
from santong.simulation.rules.demo.household import at_noon
from santong.simulation.rules.demo.shape import CURRENCY
from santong.simulation.services.keep_demo_photo import keep_demo_photo

TERMS: Final = aftersales.CasePolicy(
    return_days=7,
    exchange_days=15,
    fault_days=30,
    kinds_by_category={"木门": ("repair", "resend", "refund_only")},
)
WARRANTY: Final = aftersales.WarrantyTerms(
    months=3, months_by_category={"家电": 24, "木门": 60, "家具": 36}
)
AN_HOUR: Final = timedelta(hours=1)


class _Wish(NamedTuple):
    """What a buyer asked for about an order: when, in which words, and how far it has come."""

    order: str
    kind: Literal["return", "exchange", "repair", "resend", "refund_only"]
    reason: Literal["changed_mind", "damaged", "defective", "missing_part"]
    way_back: Literal["shop", "mail", "none"]
    days_ago: float
    words: str
    goes: Literal["", "decided", "received", "repaired"] = ""
    answer: str = ""
    line: int = 0
    has_photo: bool = True


_WISHES: Final = (
    _Wish(
        "table",
        "resend",
        "missing_part",
        "none",
        4,
        "四把餐椅里有一把少了坐垫螺丝包，装不上。",
        goes="decided",
        answer="已核对装箱单，今天补发一套。",
        line=1,
    ),
    _Wish(
        "pendant",
        "return",
        "changed_mind",
        "shop",
        3,
        "想退，离另一家门店更近，可以拿去那里吗？",
        goes="received",
        answer="可以，全国门店都能收。",
        has_photo=False,
    ),
    _Wish(
        "washer",
        "repair",
        "defective",
        "shop",
        2.5,
        "脱水时有异响。",
        goes="repaired",
        answer="在保修期内，免费检修。",
    ),
    _Wish("lamp", "exchange", "damaged", "mail", 0.1, "灯罩右下角裂了一道，想换一只。"),
    _Wish(
        "hinges",
        "refund_only",
        "missing_part",
        "none",
        0.8,
        "六只少了一只，退一只的钱就行。",
        answer="麻烦拍一张开箱照片，收到就处理。",
        has_photo=False,
    ),
)


def load_demo_cases(
    *,
    merchant_id: int,
    order_by_name: Mapping[str, orders.Order],
    store_ids: tuple[int, int],
    now: datetime,
) -> None:
    """What is granted after the sale, what buyers asked for, and a claim to the carrier; once.

    No scope is open. Emits what cases and claims emit.
    """
    with tenancy.scope(merchant_id=merchant_id):
        if not aftersales.current_policy(merchant_id=merchant_id).version:
            _publish(merchant_id, at_noon(now, 40))
    for wish in _WISHES:
        with tenancy.scope(merchant_id=merchant_id):
            _ask(merchant_id, wish, order_by_name[wish.order], store_ids, now)
    with tenancy.scope(merchant_id=merchant_id):
        _claim(merchant_id, order_by_name["lost-lamp"], at_noon(now, 1))


def _publish(merchant_id: int, now: datetime) -> None:
    aftersales.publish_policy(merchant_id=merchant_id, terms=TERMS, reason="开业政策", now=now)
    aftersales.publish_warranty(merchant_id=merchant_id, terms=WARRANTY, reason="开业政策", now=now)


@all_or_nothing
def _ask(
    merchant_id: int,
    wish: _Wish,
    order: orders.Order,
    store_ids: tuple[int, int],
    now: datetime,
) -> None:
    if aftersales.cases_of_order(merchant_id=merchant_id, order_id=order.id):
        return
    at = at_noon(now, wish.days_ago)
    case = aftersales.open_case(
        merchant_id=merchant_id,
        new=aftersales.NewCase(
            order_id=order.id,
            kind=wish.kind,
            way_back=wish.way_back,
            reason=wish.reason,
            lines=(aftersales.NewCaseLine(order_line_id=order.lines[wish.line].id, quantity=1),),
            channel="buyer",
            key=f"demo-{wish.order}",
            words=wish.words,
            location_id=store_ids[1] if wish.way_back == "shop" else None,
        ),
        now=at,
    )
    if wish.has_photo:
        keep_demo_photo(
            merchant_id=merchant_id,
            subject=case.subject,
            of=f"case-{wish.order}",
            by="buyer:",
            now=at,
        )
    if wish.answer:
        aftersales.write_message(
            merchant_id=merchant_id,
            case_id=case.id,
            text=wish.answer,
            key="demo",
            by_buyer=False,
            now=min(at + AN_HOUR, now),
        )
    if wish.goes:
        _go_on(merchant_id, case, wish, store_ids[1], at)


def _go_on(
    merchant_id: int, case: aftersales.Case, wish: _Wish, location_id: int, at: datetime
) -> None:
    aftersales.decide_case(
        merchant_id=merchant_id,
        case_id=case.id,
        decided=aftersales.Decided(),
        reason="",
        now=at + 2 * AN_HOUR,
    )
    if wish.goes == "decided":
        return
    aftersales.receive_goods(
        merchant_id=merchant_id,
        case_id=case.id,
        location_id=location_id,
        lines=[aftersales.ReceivedLine(case_line_id=case.lines[0].id, sellable=1)],
        key="demo",
        now=at + 24 * AN_HOUR,
    )
    if wish.goes == "repaired":
        aftersales.assign_repair(
            merchant_id=merchant_id,
            case_id=case.id,
            repairer="provider",
            repairer_code=COMPANIES[1].code,
            now=at + 25 * AN_HOUR,
        )
        aftersales.quote_repair(
            merchant_id=merchant_id,
            case_id=case.id,
            quote_minor=0,
            diagnosis="减震吊簧松脱，更换一只",
            now=at + 26 * AN_HOUR,
        )


@all_or_nothing
def _claim(merchant_id: int, order: orders.Order, now: datetime) -> None:
    """The carrier has not brought a lamp for days."""
    (work,) = fulfilment.work_of(merchant_id=merchant_id, order_id=order.id)
    claim = aftersales.open_claim(
        merchant_id=merchant_id,
        new=aftersales.NewClaim(
            party="carrier",
            party_code=fulfilment.SIMULATED_CARRIER,
            what="parcel_lost",
            amount_minor=order.total_minor,
            currency=CURRENCY,
            reason="五天没有任何轨迹",
            key="demo",
            deadline_on=(now + timedelta(days=20)).date(),
            order_id=order.id,
            parcel_number=fulfilment.tracking_number_of(fulfilment_order_id=work.id),
        ),
        now=now,
    )
    if claim.state == "open":
        aftersales.submit_claim(
            merchant_id=merchant_id, claim_id=claim.id, reason="已提交承运商工单", now=now
        )
