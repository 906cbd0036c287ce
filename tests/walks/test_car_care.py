"""A code for car care: a picture on the phone, taken once at the till."""

from __future__ import annotations

from tests.walks.people import TABLET, People
from tests.walks.steps import code_on, pay, reserve_online, take_code
from tests.walks.town import Town


def test_a_code_is_taken_once_and_the_second_try_is_told_where_and_when(
    town: Town, people: People
) -> None:
    _, page = reserve_online(town, "care")
    buyer = people.buyer()
    buyer.opens(page)
    buyer.sees("预订", "隐形车衣施工", "定金 ¥99.00", "签订合同前可全额退回")
    pay(town, buyer, "¥99.00", step="定金")
    buyer.sees("核销码", "到店时出示", "有效期至")
    code = code_on(buyer)

    clerk = people.clerk("clerk", screen=TABLET)
    take_code(clerk, code.replace(" ", "")[:-1] + "x")
    clerk.sees("输错", "号码有误")
    take_code(clerk, code)
    clerk.sees("已核销", "核销成功", "已到店核销", "钱**")
    take_code(clerk, code)
    told = clerk.sees("第二次", "已被核销", "徐汇展厅")
    buyer.opens(page)
    buyer.sees("已核销", "请在门店签订合同")

    assert told.count(":") >= 1
    assert code not in buyer.seen.text()
