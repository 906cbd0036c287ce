"""Money goes back after it was shared: of an order, and of a sale in stages."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.walks.people import People
from tests.walks.shopping import paid_order
from tests.walks.steps import signed
from tests.walks.town import Town, close_this_month, let_workers_work


def test_a_refund_takes_each_share_back_and_the_statement_says_so(
    town: Town, people: People
) -> None:
    order_id = paid_order(town, handles=2)
    sale_id, wallet = signed(town, number="HT-2026-0004")
    wallet.pay(1)
    let_workers_work(town)
    intents = town.office.get("/payments/intents")["items"]
    (intent,) = [each for each in intents if each["document"] == f"order:{order_id}"]

    head = people.clerk("head", name="财务")
    head.opens(f"/console/shares/orders/{order_id}/")
    head.sees("订单已分账", "沪东经销商", "¥39.80")
    head.opens(f"/console/payments/{intent['id']}/")
    head.clicks("退款")
    head.fills("金额", "199")
    head.clicks("预览去向")
    head.sees("退款去向", "¥199.00", "微信支付")
    head.fills("原因", "退回一只把手")
    head.clicks("确认退款")
    let_workers_work(town)
    head.opens(f"/console/payments/{intent['id']}/")
    head.sees("订单已退款", "¥199.00", "退回一只把手")
    head.opens(f"/console/shares/orders/{order_id}/")
    head.sees("订单分账回退", "¥19.90")

    head.opens(f"/console/staged-sales/{sale_id}/")
    head.clicks("取消交易")
    head.chooses("取消原因方", "买家原因")
    head.fills("原因", "买家换了装修方案")
    head.sees("取消前", "合同约定")
    head.clicks("取消交易", within="form[action$='/cancel/']")
    let_workers_work(town)
    head.opens(f"/console/staged-sales/{sale_id}/")
    head.sees("交易已取消", "已取消", "买家换了装修方案")
    buyer = people.buyer()
    buyer.opens(wallet.path)
    buyer.sees("退款到账", "已付 ¥3,840.00", "按合同约定保留 ¥834.00", "¥3,006.00 已退回")

    close_this_month(town)
    month = f"{datetime.now(UTC):%Y-%m}"
    dealer = people.clerk("dealer", name="经销商")
    dealer.opens("/console/statements/")
    dealer.seen.page.locator("a.month", has_text=month).first.click()
    dealer.seen.settle()
    dealer.sees("对账单", "沪东经销商", "¥39.80")
