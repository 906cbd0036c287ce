"""A technician does not come: the buyer says so on the phone, and has a new time at once."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from santong.fieldservice import public as fieldservice
from santong.kernel import tenancy
from tests.journeys.test_a_wooden_door import ADDRESS
from tests.walks.people import People
from tests.walks.steps import BUYER, signed
from tests.walks.town import Town, let_jobs_run

CHINA = ZoneInfo("Asia/Shanghai")


def booked_yesterday(town: Town, document: str) -> tuple[int, str]:
    """A visit that was booked days ago for yesterday afternoon; the path of the buyer's page."""
    then = datetime.now(UTC) - timedelta(days=3)
    yesterday = datetime.now(CHINA).date() - timedelta(days=1)
    with tenancy.scope(merchant_id=town.merchant_id):
        visit = fieldservice.request_visit(
            merchant_id=town.merchant_id,
            document=document,
            service_type_code="measuring",
            contact=fieldservice.Contact(**BUYER),
            place=fieldservice.Place(**ADDRESS),  # type: ignore[arg-type]  # its fields
            key="measuring-1",
            now=then,
        )
        fieldservice.book(
            merchant_id=town.merchant_id,
            visit_id=visit.id,
            window_from=datetime.combine(yesterday, time(14), CHINA),
            now=then,
        )
    return visit.id, town.office.get(f"/visits/{visit.id}/link")["path"]


def test_a_technician_who_does_not_come_is_noticed_and_the_buyer_books_anew(
    town: Town, people: People
) -> None:
    sale_id, _ = signed(town, number="HT-2026-0003")
    visit_id, page = booked_yesterday(town, f"stagedsale:{sale_id}")
    let_jobs_run(town, "clocks.look_at_due")

    buyer = people.buyer()
    buyer.opens(page)
    buyer.sees("约好没来", "上门测量", "14:00 – 16:00", "没有人来")
    buyer.clicks("没有人来")
    let_jobs_run(town, "fieldservice.settle_absences", "clocks.look_at_due")
    buyer.opens(page)
    buyer.sees("爽约已登记", "请选择")
    buyer.seen.page.locator("button.window").first.click()
    buyer.seen.settle()
    buyer.sees("选好时间", "预约这个时间")
    buyer.clicks("预约这个时间")
    buyer.sees("已重新预约", "李师傅", "到达码")

    head = people.clerk("head", name="总部")
    head.opens(f"/console/visits/{visit_id}/")
    head.sees("看到爽约", "爽约", "师傅未到", "按时到达", "违约")
    head.opens("/console/promises/")
    head.chooses("分组方式", "服务商")
    head.clicks("查看")
    head.sees("时效达成", "安居安装", "上门到达")
