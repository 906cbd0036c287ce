"""A wooden door from its deposit to the statements of dealer and fitter, by everybody's clicks."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.journeys.test_a_wooden_door import ADDRESS, HOME
from tests.walks.people import TABLET, People, Person
from tests.walks.steps import code_on, link_on, pay, take_code
from tests.walks.town import Town, bring, close_this_month, tell_all

NUMBER = "HT-2026-0001"


def reserve(clerk: Person) -> tuple[str, str]:
    """The clerk takes the buyer's wish down; the sale, and the path of the buyer's page."""
    clerk.opens("/console/staged-sales/")
    clerk.clicks("为买家预订")
    form = "form[action$='/reserve/']"
    clerk.chooses("方案", "实木门定制 · ¥500.00", within=form)
    clerk.fills("买家姓名", "钱小满", within=form)
    clerk.fills("买家手机号", "19900001111", within=form)
    clerk.sees("预订", "小程序商城")
    clerk.clicks("预订", within=form)
    sale_id = clerk.seen.page.url.rstrip("/").rpartition("/")[2]
    clerk.sees("买家链接", "实木门定制", "待付定金")
    return sale_id, link_on(clerk)


def sign(clerk: Person, sale_id: str) -> None:
    clerk.clicks("登记合同")
    clerk.fills("合同编号", NUMBER)
    clerk.fills("合同金额", "12800")
    clerk.clicks("预览各阶段")
    clerk.sees("合同预览", "¥3,840.00", "¥5,120.00", "¥2,560.00", "¥1,280.00")
    clerk.shows_photos("sienna", "teal")
    clerk.clicks("确认已签订")
    clerk.sees("合同已签", NUMBER, "¥12,800.00", "¥500.00")


def finish(clerk: Person, sale_id: str, stage: int, colour: str) -> None:
    """The clerk reports work with photos."""
    clerk.opens(f"/console/staged-sales/{sale_id}/")
    row = f"#stage-{stage}"
    clerk.clicks("登记完工", within=row)
    clerk.shows_photos(colour, within=row)
    clerk.clicks("登记", within=row)
    clerk.sees(f"第{stage}期完工", "已登记")


def book(buyer: Person, page: str) -> str:
    """The buyer chooses the second time that is offered; the day that it is on."""
    buyer.opens(page)
    buyer.sees("选时间", "木门安装", "什么时候上门方便")
    buyer.seen.page.locator("button.window").nth(5).click()
    buyer.seen.settle()
    buyer.clicks("预约这个时间")
    buyer.sees("已预约", "李师傅", "到达码")
    return str(buyer.seen.page.inner_text(".when strong"))


def ask_for_fitting(clerk: Person, sale_id: str) -> str:
    """The clerk asks for the fitting before the goods have left; the visit."""
    clerk.opens(f"/console/staged-sales/{sale_id}/")
    clerk.clicks("新建上门")
    clerk.chooses("服务", "木门安装 · 货到后上门")
    clerk.fills("买家姓名", "钱小满")
    clerk.fills("买家手机号", "19900001111")
    for label, key in (("省份", "province"), ("城市", "city"), ("区县", "district")):
        clerk.fills(label, str(ADDRESS[key]))
    clerk.fills("地址", str(ADDRESS["address"]))
    clerk.fills("地图坐标", f"{HOME['latitude']}, {HOME['longitude']}")
    clerk.sees("新建上门", "货到后")
    clerk.clicks("提交上门单")
    clerk.sees("等货到", "木门安装", "货到后开放选择时间")
    return clerk.seen.page.url.rstrip("/").rpartition("/")[2]


def send_goods(clerk: Person, sale_id: str) -> str:
    """The clerk orders the door out of stock, to the buyer's home; the order."""
    clerk.opens(f"/console/staged-sales/{sale_id}/")
    clerk.clicks("从库存发货")
    form = "form[action$='/goods/']"
    clerk.fills("SKU 1", "DOOR", within=form)
    for label, key in (("省份", "province"), ("城市", "city"), ("区县", "district")):
        clerk.fills(label, str(ADDRESS[key]), within=form)
    clerk.fills("地址", str(ADDRESS["address"]), within=form)
    clerk.sees("发货单", "姓名和电话留空时发给买家")
    clerk.clicks("发出这些货品", within=form)
    clerk.sees("已安排发货", "已下单")
    order = clerk.seen.page.locator("main a[href^='/console/orders/']").first
    return str(order.get_attribute("href")).rstrip("/").rpartition("/")[2]


def link_of_visit(clerk: Person, visit_id: str) -> str:
    """The path of the buyer's page, which the clerk sends."""
    clerk.opens(f"/console/visits/{visit_id}/")
    clerk.sees("上门链接", "木门安装")
    return link_on(clerk)


def fit(fitter: Person, buyer: Person) -> None:
    """The fitter comes, works, shows photos; the buyer's code ends it."""
    fitter.opens("/console/my-day/")
    fitter.sees("今天没有", "下一次")
    fitter.seen.page.locator("a.button", has_text="下一次").click()
    fitter.seen.settle()
    fitter.sees("我的一天", "木门安装")
    fitter.seen.page.locator("ol.choices a").first.click()
    fitter.seen.settle()
    fitter.clicks("查看姓名地址")
    fitter.sees("查看地址", "测试路 1 号", "19900001111")
    fitter.clicks("我出发了")
    fitter.seen.page.wait_for_function("document.querySelector('[data-at]').value")
    fitter.sees("在路上", "定位签到")
    fitter.clicks("定位签到")
    fitter.clicks("开始施工")
    fitter.sees("施工中", "照片")
    fitter.shows_photos("olive", "navy")
    fitter.clicks("上传照片")
    fitter.fills("已用配件", "HINGE 3")
    fitter.clicks("登记完工")
    fitter.sees("已完工", "验收")
    buyer.seen.page.reload()
    buyer.seen.settle()
    buyer.sees("验收码", "已完工，请您验收", "把验收码告诉师傅")
    assert buyer.seen.page.locator(".photos img").count() == 2
    code = buyer.seen.page.inner_text(".code-big")
    fitter.fills("买家出示的验收码", code)
    fitter.clicks("确认验收")
    fitter.sees("已验收", "已验收")


def read_statements(people: People) -> None:
    """Dealer and provider read their own month, and nobody else's."""
    month = f"{datetime.now(UTC):%Y-%m}"
    for login, called, amount in (
        ("dealer", "沪东经销商", "¥11,520.00"),
        ("boss", "安居安装", "¥1,280.00"),
    ):
        reader = people.clerk(login, name=called)
        reader.opens("/console/statements/")
        reader.sees("对账单列表", month, amount)
        reader.seen.page.locator("a.month", has_text=month).first.click()
        reader.seen.settle()
        reader.sees("对账单", month, called, NUMBER, amount)


def test_a_door_from_its_deposit_to_who_gets_what(town: Town, people: People) -> None:
    clerk, buyer = people.clerk("clerk"), people.buyer()
    sale_id, page = reserve(clerk)
    buyer.opens(page)
    pay(town, buyer, "¥500.00", step="定金")
    buyer.sees("核销码", "到店时出示")
    clerk.seen.page.set_viewport_size(TABLET)
    take_code(clerk, code_on(buyer))
    sign(clerk, sale_id)

    buyer.opens(page)
    buyer.sees("首款待付", NUMBER, "¥3,840.00", "支付 ¥3,340.00")
    pay(town, buyer, "¥3,340.00", step="首款")
    finish(clerk, sale_id, 1, "maroon")
    buyer.opens(page)
    buyer.sees("验收首款", "首款")
    buyer.clicks("确认验收")
    finish(clerk, sale_id, 2, "purple")
    buyer.opens(page)
    pay(town, buyer, "¥5,120.00", step="发货款")
    buyer.sees("发货款已付", "¥5,120.00")

    visit_id = ask_for_fitting(clerk, sale_id)
    bring(town, send_goods(clerk, sale_id), "SIM-DOOR")
    book(buyer, link_of_visit(clerk, visit_id))
    fit(people.technician("fitter", at=HOME), buyer)
    buyer.seen.page.reload()
    buyer.seen.settle()
    buyer.sees("已验收", "已验收，感谢您的信任")
    tell_all()
    buyer.opens(page)
    pay(town, buyer, "¥2,560.00", step="安装款")
    pay(town, buyer, "¥1,280.00", step="尾款")
    buyer.sees("全部付清", "合计 ¥12,800.00")
    clerk.opens(f"/console/staged-sales/{sale_id}/")
    clerk.sees("已完成", "已完成", "¥12,800.00")

    close_this_month(town)
    read_statements(people)
