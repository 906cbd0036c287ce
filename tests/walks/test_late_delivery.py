"""A delivery that is later than was promised pays its compensation by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.walks.people import People
from tests.walks.shopping import paid_order
from tests.walks.town import Town, let_jobs_run, let_workers_work

CHINA = ZoneInfo("Asia/Shanghai")


def offered(town: Town, order_id: str) -> tuple[str, str]:
    """The shop promises three days; each day later pays five yuan, fifteen at most."""
    today = datetime.now(CHINA).date()
    term = {
        "kind": "delivery_window",
        "params": {"start": today.isoformat(), "end": (today + timedelta(days=2)).isoformat()},
        "remedy": "compensate",
        "amount": {"basis": "fixed", "value": 500, "per": "day"},
        "cap_minor": 1_500,
    }
    made = town.office.post(
        "/agreements", {"document": f"order:{order_id}", "terms": [term]}, expect=201
    )
    return made["id"], made["path"]


def days_go_by(town: Town, days: int) -> None:
    """Jobs look, what is owed is sent to the provider, who pays it."""
    for _ in range(2):
        let_jobs_run(
            town,
            *("clocks.look_at_due", "agreements.settle_due", "agreements.fulfil"),
            ahead=timedelta(days=days),
        )
        let_workers_work(town, ahead=timedelta(days=days))


def test_a_late_delivery_is_compensated_without_anybody_asking(town: Town, people: People) -> None:
    order_id = paid_order(town, handles=2)
    agreement_id, page = offered(town, order_id)
    buyer = people.buyer()
    buyer.opens(page)
    buyer.sees("送达承诺", "送达时间", "每逾期一天赔付", "¥5.00", "¥15.00")
    buyer.seen.page.check("#agreed")
    buyer.fills("您的姓名", "钱小满")
    buyer.clicks("确认约定")
    days_go_by(town, 0)
    buyer.opens(page)
    buyer.sees("已确认", "没有任何改动", "钱**")

    days_go_by(town, 4)
    buyer.opens(page)
    buyer.sees("逾期累计", "已逾期，赔付累计中")
    days_go_by(town, 9)
    days_go_by(town, 12)
    buyer.opens(page)
    buyer.sees("已赔付", "¥15.00", "已原路退回 ¥15.00")

    head = people.clerk("head", name="总部")
    head.opens(f"/console/agreements/{agreement_id}/")
    head.sees("看到原因", "送达", "已补救", "¥15.00", "逾期")
    head.opens(f"/console/orders/{order_id}/")
    head.sees("订单", "¥15.00", "已补救")
    (refund,) = town.office.get("/payments/refunds")["items"]
    assert (refund["document"], refund["done_minor"]) == (f"order:{order_id}", 1_500)
