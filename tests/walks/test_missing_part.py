"""A part is missing: the buyer shows it on the phone, and gets it without sending anything back."""

from __future__ import annotations

from santong.agreements import public as agreements
from santong.agreements.tests.factories import make_accepted
from santong.kernel import tenancy
from tests.walks.people import People
from tests.walks.shopping import HANDLE_MINOR, paid_order
from tests.walks.town import Town, bring, let_workers_work


def promised_to_resend(town: Town, order_id: str) -> None:
    """What was agreed with the order: who misses a part within 72 hours gets it."""
    term = agreements.Term(number=1, kind="missing", params={"report_hours": 72}, remedy="resend")
    with tenancy.scope(merchant_id=town.merchant_id):
        make_accepted(
            town.merchant_id,
            document=f"order:{order_id}",
            terms=(term,),
            total_minor=HANDLE_MINOR * 2,
        )


def test_a_missing_part_comes_again_and_nothing_goes_back(town: Town, people: People) -> None:
    order_id = paid_order(town, handles=2)
    promised_to_resend(town, order_id)
    bring(town, order_id, "SIM-FIRST")
    page = town.office.post(f"/orders/{order_id}/case-links", expect=201)["path"]

    buyer = people.buyer()
    buyer.opens(page)
    buyer.sees("申请售后", "黄铜门把手", "¥199.00")
    buyer.fills("黄铜门把手", "1")
    buyer.chooses("您想怎样处理", "补发")
    buyer.chooses("原因", "缺少配件")
    buyer.fills("请描述情况", "两只把手只收到一只的螺丝包")
    buyer.shows_photos("olive")
    buyer.sees("填好", "黄铜门把手")
    buyer.clicks("提交申请")
    buyer.sees("已提交", "补发", "缺少配件", "两只把手只收到一只的螺丝包")
    let_workers_work(town)
    (case,) = town.office.get(f"/cases?order_id={order_id}")["items"]

    clerk = people.clerk("head", name="客服")
    clerk.opens(f"/console/cases/{case['id']}/")
    clerk.sees("看到申请", "补发", "两只把手只收到一只的螺丝包")
    clerk.clicks("同意申请")
    clerk.sees("已同意", "补发")
    let_workers_work(town)
    buyer.opens(f"{page}{case['number']}/")
    buyer.sees("看到决定", "已同意：补发。", "无需退回商品。", "按服务约定处理", "备货中")
    (sent,) = town.office.get(f"/cases/{case['id']}")["replacements"]
    bring(town, sent["order_id"], "SIM-AGAIN")
    buyer.opens(f"{page}{case['number']}/")
    buyer.sees("已收到", "已完成", "已送达", "SIM-AGAIN")

    ended = town.office.get(f"/cases/{case['id']}")
    assert (ended["state"], ended["refunds"]) == ("done", [])
    assert town.office.get("/payments/refunds")["items"] == []
