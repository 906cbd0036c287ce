"""A contract grows after two stages are paid: the buyer agrees on the phone."""

from __future__ import annotations

from tests.walks.people import People
from tests.walks.steps import do_the_work, signed
from tests.walks.town import Town

PAID = ("¥3,840.00", "¥5,120.00")


def test_a_change_plans_anew_what_is_unpaid_and_nothing_else(town: Town, people: People) -> None:
    sale_id, wallet = signed(town, number="HT-2026-0002")
    wallet.pay(1)
    do_the_work(town, sale_id, 1)
    wallet.tap("accept/1")
    do_the_work(town, sale_id, 2)
    wallet.pay(2)

    clerk = people.clerk("clerk")
    clerk.opens(f"/console/staged-sales/{sale_id}/")
    clerk.sees("两期已付", "HT-2026-0002", *PAID, "¥12,800.00")
    clerk.clicks("变更合同")
    clerk.fills("合同新总额", "14000")
    clerk.fills("原因", "加一扇玻璃移门")
    clerk.clicks("预览各阶段")
    clerk.sees("预览", "¥2,800.00", "¥2,240.00")
    clerk.clicks("提交买家确认")
    clerk.sees("已提交", "加一扇玻璃移门", "¥14,000.00")

    buyer = people.buyer()
    buyer.opens(wallet.path)
    buyer.sees("商家提出变更", "加一扇玻璃移门", "¥12,800.00 → ¥14,000.00", "¥2,800.00")
    buyer.clicks("同意变更")
    changed = buyer.sees("已同意", *PAID, "¥2,800.00", "¥2,240.00", "合计 ¥14,000.00")
    clerk.opens(f"/console/staged-sales/{sale_id}/")
    clerk.sees("变更生效", "第 2 版", "¥14,000.00", "变更已确认")

    sale = town.office.get(f"/staged-sales/{sale_id}")
    assert "同意变更" not in changed
    assert [each["amount_minor"] for each in sale["stages"] if each["state"] != "waived"] == [
        384_000,
        512_000,
        280_000,
        224_000,
    ]
